/** Node `lenfocus-reply`: answers what a camera asked, by the question that the message still carries. */
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { ReplyConfig } from './reply-node';

const load = () => require('./reply-node') as typeof import('./reply-node');

export = (RED: Red): void => {
  registerNode<ReplyConfig>(RED, 'lenfocus-reply', (parts, config) => load().setUp(parts, config), {
    credentials: { securityCode: { type: 'password' } },
  });
};
