/** Config node `onenet-account`: an account of OneNET video, shared by the nodes that refer to it. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import { fixedSecret } from '../shared/secret';
import { openAccount, openLanes, type AccountConfig, type AccountNode } from './account';
import { addDialogActions } from './dialog-actions';

export = (RED: Red): void => {
  registerNode<AccountConfig, AccountNode>(
    RED,
    'onenet-account',
    ({ node, life }, config) => {
      node.config = config;
      node.account = openAccount(RED, config, {
        apiKey: fixedSecret(RED, node, config, 'apiKey'),
        accessKey: fixedSecret(RED, node, config, 'accessKey'),
      });
      life.own(() => node.account.close());
      Object.assign(node, openLanes(node.account, config));
      life.own(() => node.lanes.close());
    },
    { credentials: { apiKey: { type: 'password' }, accessKey: { type: 'password' } } },
  );

  addDialogActions(RED);
};
