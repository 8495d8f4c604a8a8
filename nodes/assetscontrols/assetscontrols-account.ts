/** Config node `assetscontrols-account`: an account of AssetsControls, shared by the nodes that refer to it. */
import { adminAction } from '../shared/admin';
import type { Draft } from '../shared/draft';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { AccountConfig, AccountNode } from './account';

const load = () => require('./account-node') as typeof import('./account-node');

export = (RED: Red): void => {
  registerNode<AccountConfig, AccountNode>(
    RED,
    'assetscontrols-account',
    (parts, config) => load().setUp(parts, config),
    {
      credentials: {
        username: { type: 'text' },
        password: { type: 'password' },
        token: { type: 'password' },
      },
    },
  );
  adminAction<Draft<AccountConfig>>(RED, '/snapflow/assetscontrols/test', (draft, asker) =>
    load().test(RED, draft, asker),
  );
  adminAction<{ account: Draft<AccountConfig> }>(
    RED,
    '/snapflow/assetscontrols/assets',
    ({ account }, asker) => load().findAssets(RED, account, asker),
  );
};
