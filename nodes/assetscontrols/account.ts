/** From the fields of an `assetscontrols-account` config node to an account: deployed, or as it stands in a dialog. */
import { Account, DEFAULT_BASE_URL } from '../../lib/assetscontrols';
import { resolveDraft, type Draft } from '../shared/draft';
import { proxyFor } from '../shared/proxy';
import type { NodeConfig, Red, RedNode } from '../shared/red';
import { tlsConfigSettings } from '../shared/tls';

export interface AccountConfig extends NodeConfig {
  /** Empty: the document's. */
  address?: string;
  /** By `user` and password (default), or by a `token` that is there already. */
  login?: 'user' | 'token';
  /** `FLanguage`. */
  language?: string;
  /** Hours ahead of UTC. */
  timeDifference?: string | number;
  /** Id of a tls-config node. */
  tls?: string;
  /** Id of an `http proxy` node. */
  proxy?: string;
  /** Seconds for a whole call. */
  timeout?: string | number;
}

/** An `assetscontrols-account` config node as the nodes that refer to it see it. */
export interface AccountNode extends RedNode {
  config?: AccountConfig;
  account: Account;
}

/** The credentials that an account uses; others that it may have stay unused. */
export function secretsOf({ login }: AccountConfig): readonly string[] {
  return login === 'token' ? ['token'] : ['username', 'password'];
}

/** @throws SnapflowError `BAD_INPUT` for a setting that cannot be used */
export function openAccount(RED: Red, config: AccountConfig, secrets: Record<string, string>): Account {
  const baseUrl = addressOf(config);
  return new Account({
    baseUrl,
    ...secrets,
    ...(config.language && { language: config.language }),
    timeDifferenceSeconds: Math.round(Number(config.timeDifference ?? 8) * 3600),
    timeoutMs: Number(config.timeout ?? 30) * 1000,
    tls: tlsConfigSettings(RED, config.tls),
    // An address that is none is refused by the account, in words about the address.
    proxy: URL.canParse(baseUrl) ? proxyFor(RED, config.proxy, baseUrl) : undefined,
  });
}

/** Works with the account of a dialog and closes it afterwards. */
export async function withDraftAccount<T>(
  RED: Red,
  draft: Draft<AccountConfig>,
  signal: AbortSignal,
  work: (account: Account) => Promise<T>,
): Promise<T> {
  const { config, secrets } = resolveDraft(RED, draft, secretsOf(draft.config), addressOf);
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

/** As the account reads it: without a scheme, https is meant. */
function addressOf({ address = '' }: AccountConfig): string {
  const given = address.trim() || DEFAULT_BASE_URL;
  return /^[a-z]+:\/\//i.test(given) ? given : `https://${given}`;
}
