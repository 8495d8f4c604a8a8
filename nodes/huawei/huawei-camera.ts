/** Config node `huawei-camera`: one camera, shared by the nodes that refer to it. */
import { adminAction } from '../shared/admin';
import type { Draft } from '../shared/draft';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { CameraConfig, CameraNode } from './camera';

const load = () => require('./camera-node') as typeof import('./camera-node');

export = (RED: Red): void => {
  registerNode<CameraConfig, CameraNode>(
    RED,
    'huawei-camera',
    (parts, config) => load().setUp(parts, config),
    {
      credentials: { username: { type: 'text' }, password: { type: 'password' } },
    },
  );
  adminAction<Draft<CameraConfig>>(RED, '/snapflow/huawei/test', (draft, asker) =>
    load().test(RED, draft, asker),
  );
};
