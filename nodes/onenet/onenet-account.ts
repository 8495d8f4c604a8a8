/** Config node `onenet-account`: an account of OneNET video, shared by the nodes that refer to it. */
import { adminAction } from '../shared/admin';
import type { Draft } from '../shared/draft';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { AccountConfig, AccountNode } from './account';
import type { AccountDraft, OperationDraft } from './dialog-actions';

const load = () => require('./account-node') as typeof import('./account-node');
const dialog = () => require('./dialog-actions') as typeof import('./dialog-actions');

export = (RED: Red): void => {
  registerNode<AccountConfig, AccountNode>(
    RED,
    'onenet-account',
    (parts, config) => load().setUp(parts, config),
    { credentials: { apiKey: { type: 'password' }, accessKey: { type: 'password' } } },
  );
  adminAction(RED, '/snapflow/onenet/operations', (_body, asker) => dialog().offeredOperations(asker));
  adminAction<Draft<AccountConfig>>(RED, '/snapflow/onenet/test', (draft, asker) =>
    dialog().test(RED, draft, asker),
  );
  adminAction<AccountDraft>(RED, '/snapflow/onenet/devices', (draft, asker) =>
    dialog().findDevices(RED, draft, asker),
  );
  adminAction<OperationDraft>(RED, '/snapflow/onenet/channels', (draft, asker) =>
    dialog().findChannels(RED, draft, asker),
  );
  adminAction<OperationDraft>(RED, '/snapflow/onenet/try', (draft, asker) =>
    dialog().tryOperation(RED, draft, asker),
  );
};
