/** Node `snapflow-fetch`: a message in, the picture at an address out. */
import { adminAction } from '../shared/admin';
import type { Draft } from '../shared/draft';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { FetchConfig, FetchNode } from './web-camera';

const load = () => require('./fetch-node') as typeof import('./fetch-node');
const dialog = () => require('./fetch-dialog') as typeof import('./fetch-dialog');

export = (RED: Red): void => {
  registerNode<FetchConfig, FetchNode>(
    RED,
    'snapflow-fetch',
    (parts, config) => load().setUp(parts, config),
    { credentials: { username: { type: 'text' }, password: { type: 'password' } } },
  );
  adminAction(RED, '/snapflow/web/presets', () => dialog().presets());
  adminAction<Draft<FetchConfig>>(RED, '/snapflow/web/test', (draft, asker) =>
    dialog().test(RED, draft, asker),
  );
  adminAction<Draft<FetchConfig>>(RED, '/snapflow/web/snapshot', (draft, asker) =>
    dialog().takePicture(RED, draft, asker),
  );
};
