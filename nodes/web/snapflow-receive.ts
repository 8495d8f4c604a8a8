/** Node `snapflow-receive`: pictures that cameras push, as messages. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { ReceiveConfig } from './receive-node';

const load = () => require('./receive-node') as typeof import('./receive-node');

export = (RED: Red): void => {
  registerNode<ReceiveConfig>(RED, 'snapflow-receive', (parts, config) => load().setUp(parts, config), {
    credentials: { username: { type: 'text' }, password: { type: 'password' }, token: { type: 'password' } },
  });
};
