/** Config node `lenfocus-server`: the server that cameras dial in to. */
import type { DeviceRecord } from '../../lib/lenfocus';
import { adminAction } from '../shared/admin';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { ServerConfig, ServerNode } from './server';
import type { ServerAsked } from './server-dialog';

const load = () => require('./server-node') as typeof import('./server-node');
const dialog = () => require('./server-dialog') as typeof import('./server-dialog');

export = (RED: Red): void => {
  registerNode<ServerConfig, ServerNode>(
    RED,
    'lenfocus-server',
    (parts, config) => load().setUp(parts, config),
    { credentials: { securityCode: { type: 'password' }, deviceSecrets: { type: 'text' } } },
  );
  adminAction(RED, '/snapflow/lenfocus/facts', () => dialog().facts());
  adminAction<ServerAsked>(RED, '/snapflow/lenfocus/devices', (asked) => dialog().knownDevices(RED, asked));
  adminAction<ServerAsked>(RED, '/snapflow/lenfocus/joins', (asked) => dialog().joinRequests(RED, asked));
  adminAction<ServerAsked & DeviceRecord>(RED, '/snapflow/lenfocus/admit', (asked) =>
    dialog().admit(RED, asked),
  );
};
