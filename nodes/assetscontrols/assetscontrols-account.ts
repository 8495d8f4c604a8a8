/** Config node `assetscontrols-account`: an account of AssetsControls, shared by the nodes that refer to it. */
import { adminAction } from '../shared/admin';
import type { Draft } from '../shared/draft';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import { fixedSecret } from '../shared/secret';
import {
  library,
  openAccount,
  secretsOf,
  withDraftAccount,
  type AccountConfig,
  type AccountNode,
} from './account';

export = (RED: Red): void => {
  registerNode<AccountConfig, AccountNode>(
    RED,
    'assetscontrols-account',
    ({ node, life }, config) => {
      node.config = config;
      const secrets = secretsOf(config).map((name) => [name, fixedSecret(RED, node, config, name)]);
      node.account = openAccount(RED, config, Object.fromEntries(secrets) as Record<string, string>);
      life.own(() => node.account.close());
    },
    {
      credentials: {
        username: { type: 'text' },
        password: { type: 'password' },
        token: { type: 'password' },
      },
    },
  );

  adminAction<Draft<AccountConfig>>(RED, '/snapflow/assetscontrols/test', (draft, { signal }) =>
    withDraftAccount(RED, draft, signal, (account) => library().testAccount(account, { signal })),
  );

  adminAction<{ account: Draft<AccountConfig> }>(
    RED,
    '/snapflow/assetscontrols/assets',
    ({ account }, { signal }) =>
      withDraftAccount(RED, account, signal, async (open) => ({
        assets: await library().listAssets(open, { signal }),
      })),
  );
};
