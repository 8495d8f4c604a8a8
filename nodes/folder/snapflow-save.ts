/** Node `snapflow-save`: a picture in, a file in a folder. */
import { addOutboxRoutes } from '../shared/delivery/routes';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { SaveConfig } from './save-node';

const load = () => require('./save-node') as typeof import('./save-node');

export = (RED: Red): void => {
  registerNode<SaveConfig>(RED, 'snapflow-save', (parts, config) => load().setUp(parts, config));
  addOutboxRoutes(RED);
};
