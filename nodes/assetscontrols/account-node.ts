/** What an `assetscontrols-account` does, and the buttons of the dialogs. */
import { listAssets, testAccount } from '../../lib/assetscontrols';
import type { Asker } from '../shared/admin';
import type { Draft } from '../shared/draft';
import type { NodeParts } from '../shared/node';
import type { Red } from '../shared/red';
import { fixedSecret } from '../shared/secret';
import { openAccount, secretsOf, withDraftAccount, type AccountConfig, type AccountNode } from './account';

export function setUp({ RED, node, life }: NodeParts<AccountNode>, config: AccountConfig): void {
  node.config = config;
  const secrets = secretsOf(config).map((name) => [name, fixedSecret(RED, node, config, name)]);
  node.account = openAccount(RED, config, Object.fromEntries(secrets) as Record<string, string>);
  life.own(() => node.account.close());
}

export function test(RED: Red, draft: Draft<AccountConfig>, { signal }: Asker): Promise<object> {
  return withDraftAccount(RED, draft, signal, (account) => testAccount(account, { signal }));
}

export function findAssets(RED: Red, draft: Draft<AccountConfig>, { signal }: Asker): Promise<object> {
  return withDraftAccount(RED, draft, signal, async (account) => ({
    assets: await listAssets(account, { signal }),
  }));
}
