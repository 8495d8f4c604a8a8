/** Node `snapflow-view`: shows the last picture on itself. */
import { registerNode } from '../shared/node';
import type { NodeConfig, Red } from '../shared/red';

const load = () => require('./view-node') as typeof import('./view-node');

export = (RED: Red): void => {
  registerNode<NodeConfig>(RED, 'snapflow-view', (parts) => load().setUp(parts));
};
