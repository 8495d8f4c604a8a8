/** Node `onenet-picture`. What it does is data: see `operation-node` and `lib/onenet`. */
import { addOutboxRoutes } from '../shared/delivery/routes';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { OperationConfig } from './operation-node';

const load = () => require('./operation-node') as typeof import('./operation-node');

export = (RED: Red): void => {
  registerNode<OperationConfig>(RED, 'onenet-picture', (parts, config) => load().setUp(parts, config));
  addOutboxRoutes(RED);
};
