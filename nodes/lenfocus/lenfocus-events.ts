/** Node `lenfocus-events`: what cameras report and what becomes of them, as messages. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { EventsConfig } from './events-node';

const load = () => require('./events-node') as typeof import('./events-node');

export = (RED: Red): void => {
  registerNode<EventsConfig>(RED, 'lenfocus-events', (parts, config) => load().setUp(parts, config));
};
