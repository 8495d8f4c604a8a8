/** Node `onenet-device`. What it does is data: see `operation-node` and `lib/onenet`. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { OperationConfig } from './operation-node';

const load = () => require('./operation-node') as typeof import('./operation-node');

export = (RED: Red): void => {
  registerNode<OperationConfig>(RED, 'onenet-device', (parts, config) => load().setUp(parts, config));
};
