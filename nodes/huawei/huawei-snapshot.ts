/** Node `huawei-snapshot`: a message in, the camera's pictures out. */
import { adminAction } from '../shared/admin';
import { registerNode } from '../shared/node';
import type { Red } from '../shared/red';
import type { ChannelsDraft, SnapshotDraft } from './snapshot-dialog';
import type { SnapshotConfig } from './snapshot-node';

const load = () => require('./snapshot-node') as typeof import('./snapshot-node');
const dialog = () => require('./snapshot-dialog') as typeof import('./snapshot-dialog');

export = (RED: Red): void => {
  registerNode<SnapshotConfig>(RED, 'huawei-snapshot', (parts, config) => load().setUp(parts, config));
  adminAction<ChannelsDraft>(RED, '/snapflow/huawei/channels', (draft, asker) =>
    dialog().findChannels(RED, draft, asker),
  );
  adminAction<SnapshotDraft>(RED, '/snapflow/huawei/snapshot', (draft, asker) =>
    dialog().takePicture(RED, draft, asker),
  );
};
