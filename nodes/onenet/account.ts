/** From the fields of an `onenet-account` config node to an account: deployed, or as it stands in a dialog. */
import { Lanes, type DeliveryState } from '../../lib/delivery';
import { Account, DEFAULT_BASE_URL, type Dialect } from '../../lib/onenet';
import { resolveDraft, type Draft } from '../shared/draft';
import { proxyFor } from '../shared/proxy';
import type { NodeConfig, Red, RedNode } from '../shared/red';
import { tlsConfigSettings } from '../shared/tls';
import { deliverPicture, type PictureInput, type PictureLanes } from './delivery';

export interface AccountConfig extends NodeConfig {
  address?: string;
  timeZone?: string;
  dialect?: Dialect;
  /** Id of a tls-config node. */
  tls?: string;
  /** Id of an `http proxy` node. */
  proxy?: string;
  /** Seconds for a whole call. */
  timeout?: string | number;
  /** Pictures that may wait for their upload, of all devices. */
  maxWaiting?: string | number;
  /** Megabytes of those. */
  maxWaitingMB?: string | number;
}

type Watcher = (state: DeliveryState) => void;

/** An `onenet-account` config node as the nodes that refer to it see it. */
export interface AccountNode extends RedNode {
  config?: AccountConfig;
  account: Account;
  /** One lane per channel, for all nodes together. */
  lanes: PictureLanes;
  /** Calls back after each change of the lanes; returns how to stop that. */
  watch: (watcher: Watcher) => () => void;
}

/** The credentials of an `onenet-account`. */
export const ACCOUNT_SECRETS = ['apiKey', 'accessKey'] as const;

/** @throws SnapflowError `BAD_INPUT` for a setting that cannot be used */
export function openAccount(
  RED: Red,
  config: AccountConfig,
  { apiKey = '', accessKey = '' }: Record<string, string>,
): Account {
  const baseUrl = addressOf(config);
  return new Account({
    baseUrl,
    ...(apiKey !== '' && { apiKey }),
    ...(accessKey !== '' && { accessKey }),
    ...(config.timeZone && { timeZone: config.timeZone }),
    ...(config.dialect && { dialect: config.dialect }),
    timeoutMs: Number(config.timeout ?? 30) * 1000,
    tls: tlsConfigSettings(RED, config.tls),
    // An address that is none is refused by the account, in words about the address.
    proxy: URL.canParse(baseUrl) ? proxyFor(RED, config.proxy, baseUrl) : undefined,
  });
}

/** The lanes of an account, with whom they tell of their changes. */
export function openLanes(
  account: Account,
  { maxWaiting, maxWaitingMB }: AccountConfig,
): Pick<AccountNode, 'lanes' | 'watch'> {
  const watchers = new Set<Watcher>();
  const lanes: PictureLanes = new Lanes({
    system: 'onenet',
    send: (input: PictureInput, attempt) => deliverPicture(account, input, attempt),
    maxItems: Number(maxWaiting ?? 1000),
    maxBytes: Number(maxWaitingMB ?? 256) * 1_000_000,
    onState: (state) => {
      for (const watcher of watchers) watcher(state);
    },
  });
  return {
    lanes,
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

/** Works with the account of a dialog and closes it afterwards. */
export async function withDraftAccount<T>(
  RED: Red,
  draft: Draft<AccountConfig>,
  signal: AbortSignal,
  work: (account: Account) => Promise<T>,
): Promise<T> {
  const { config, secrets } = resolveDraft(RED, draft, ACCOUNT_SECRETS, addressOf);
  const account = openAccount(RED, config, secrets);
  const close = () => void account.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await work(account);
  } finally {
    signal.removeEventListener('abort', close);
    await account.close();
  }
}

/** As the account reads it: without a scheme, http is meant. */
function addressOf({ address }: AccountConfig): string {
  const given = address?.trim() ?? '';
  if (given === '') return DEFAULT_BASE_URL;
  return /^[a-z]+:\/\//i.test(given) ? given : `http://${given}`;
}
