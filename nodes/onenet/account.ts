/** From the fields of an `onenet-account` config node to an account: deployed, or as it stands in a dialog. */
import { Account, DEFAULT_BASE_URL, type Dialect } from '../../lib/onenet';
import { openMemoryLanes, type MemoryLanes } from '../shared/delivery/memory-lanes';
import { resolveDraft, type Draft } from '../shared/draft';
import { proxyFor } from '../shared/proxy';
import type { NodeConfig, Red, RedNode } from '../shared/red';
import { tlsConfigSettings } from '../shared/tls';

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
  /** Pictures and files that may wait in memory for their upload, of all devices. */
  maxWaiting?: string | number;
  /** Megabytes of those. */
  maxWaitingMB?: string | number;
}

/** An `onenet-account` config node as the nodes that refer to it see it. */
export interface AccountNode extends RedNode {
  config?: AccountConfig;
  account: Account;
  /** One lane per channel or product, for all nodes together. */
  memory: MemoryLanes;
  /** What must not be written. */
  secrets: () => string[];
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

/** @throws SnapflowError `BAD_INPUT` for a limit that is none */
export function openLanes({ maxWaiting, maxWaitingMB }: AccountConfig): MemoryLanes {
  return openMemoryLanes({
    system: 'onenet',
    maxItems: Number(maxWaiting ?? 1000),
    maxBytes: Number(maxWaitingMB ?? 256) * 1_000_000,
  });
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
