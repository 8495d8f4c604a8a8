/** What an `onenet-account` does. */
import type { NodeParts } from '../shared/node';
import { fixedSecret } from '../shared/secret';
import { openAccount, openLanes, type AccountConfig, type AccountNode } from './account';

export function setUp({ RED, node, life }: NodeParts<AccountNode>, config: AccountConfig): void {
  const apiKey = fixedSecret(RED, node, config, 'apiKey');
  const accessKey = fixedSecret(RED, node, config, 'accessKey');
  node.config = config;
  node.account = openAccount(RED, config, { apiKey, accessKey });
  node.secrets = () => [apiKey, accessKey];
  life.own(() => node.account.close());
  node.memory = openLanes(config);
  life.own(() => node.memory.lanes.close());
}
