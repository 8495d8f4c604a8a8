/** Node `lenfocus-command`: a message in, the camera's answer out. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { CommandConfig } from './command-node';

const load = () => require('./command-node') as typeof import('./command-node');

export = (RED: Red): void => {
  registerNode<CommandConfig>(RED, 'lenfocus-command', (parts, config) => load().setUp(parts, config));
};
