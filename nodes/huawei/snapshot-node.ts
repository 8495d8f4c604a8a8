/** What a `huawei-snapshot` does. */
import type { WhenBusy } from '../../lib/concurrency/single-flight';
import { onInput } from '../shared/input';
import { configNode, type NodeParts } from '../shared/node';
import type { NodeConfig } from '../shared/red';
import { pictureTaker } from '../shared/snapshot';
import { requiredText, typedProperty, typedText } from '../shared/typed-value';
import type { CameraNode } from './camera';
import { CHANNEL, snapshotRequest, UUID } from './snapshot-dialog';

export interface SnapshotConfig extends NodeConfig {
  camera?: string;
  uuid?: string;
  channel?: string;
  whenBusy?: WhenBusy;
}

export function setUp(parts: NodeParts, config: SnapshotConfig): void {
  const { camera } = configNode<CameraNode>(parts.RED, config.camera);
  const take = pictureTaker(parts, {
    system: 'huawei',
    whenBusy: config.whenBusy,
    words: { taking: 'status.taking', taken: 'status.taken' },
  });

  onInput(parts, async (msg, send) => {
    const uuid = await requiredText(parts, typedProperty(config, 'uuid'), msg, UUID);
    const channel = await typedText(parts, typedProperty(config, 'channel'), msg, CHANNEL);
    const request = snapshotRequest(uuid, channel);
    await take(msg, send, JSON.stringify(request), (signal) => camera.snapshot(request, { signal }));
  });
}
