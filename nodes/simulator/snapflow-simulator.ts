/** Node `snapflow-simulator`: plays a camera or a cloud on this machine. */
import { adminAction } from '../shared/admin';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { SimulatorConfig } from './simulator-options';

const load = () => require('./simulator-node') as typeof import('./simulator-node');

export = (RED: Red): void => {
  registerNode<SimulatorConfig>(RED, 'snapflow-simulator', (parts, config) => load().setUp(parts, config));
  adminAction(RED, '/snapflow/simulator/faults', (_body, asker) => load().faults(asker));
};
