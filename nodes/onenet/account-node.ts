/** What an `onenet-account` does. */
import type { NodeParts } from '../shared/node';
import { fixedSecret } from '../shared/secret';
import { openAccount, openLanes, type AccountConfig, type AccountNode } from './account';

export function setUp({ RED, node, life }: NodeParts<AccountNode>, config: AccountConfig): void {
  node.config = config;
  node.account = openAccount(RED, config, {
    apiKey: fixedSecret(RED, node, config, 'apiKey'),
    accessKey: fixedSecret(RED, node, config, 'accessKey'),
  });
  life.own(() => node.account.close());
  Object.assign(node, openLanes(node.account, config));
  life.own(() => node.lanes.close());
}
