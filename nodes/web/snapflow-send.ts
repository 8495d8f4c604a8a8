/** Node `snapflow-send`: a picture in, the answer of the server that took it out. */
import { addOutboxRoutes } from '../shared/delivery/routes';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { SendConfig } from './send-node';

const load = () => require('./send-node') as typeof import('./send-node');

export = (RED: Red): void => {
  registerNode<SendConfig>(RED, 'snapflow-send', (parts, config) => load().setUp(parts, config), {
    credentials: { username: { type: 'text' }, password: { type: 'password' }, token: { type: 'password' } },
  });
  addOutboxRoutes(RED);
};
