/** What a `huawei-snapshot` does. */
import { SingleFlight, type WhenBusy } from '../../lib/concurrency/single-flight';
import { wholePicturesOf } from '../../lib/huawei/partial-snapshot';
import type { Picture } from '../../lib/picture';
import { onInput } from '../shared/input';
import { configNode, type NodeParts } from '../shared/node';
import { pictureMessages } from '../shared/picture-message';
import type { NodeConfig } from '../shared/red';
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
  const { RED, life, status, view } = parts;
  const { camera } = configNode<CameraNode>(RED, config.camera);
  const flight = new SingleFlight<Picture[]>({ whenBusy: config.whenBusy, system: 'huawei' });
  const own = copiesOfSeen();
  life.own(() => flight.close());

  onInput(parts, async (msg, send) => {
    const uuid = await requiredText(parts, typedProperty(config, 'uuid'), msg, UUID);
    const channel = await typedText(parts, typedProperty(config, 'channel'), msg, CHANNEL);
    const request = snapshotRequest(uuid, channel);
    status.word('busy', 'status.taking');
    try {
      const pictures = await flight.run((signal) => camera.snapshot(request, { signal }), {
        key: JSON.stringify(request),
        signal: life.signal,
      });
      send([view.of(pictureMessages(RED, pictures.map(own), msg))]);
      status.word('ok', 'status.taken');
    } catch (error) {
      // Of several pictures some may have come whole: they go on, and the error still tells of the others.
      const whole = wholePicturesOf(error).map(own);
      if (whole.length > 0) send([view.of(pictureMessages(RED, whole, RED.util.cloneMessage(msg)))]);
      throw error;
    }
  });
}

/** A shared snapshot goes into several messages: all but the first get copies, so that none changes another's. */
function copiesOfSeen(): (picture: Picture) => Picture {
  const seen = new WeakSet<Picture>();
  return (picture) => {
    const { data, info } = picture;
    if (seen.has(picture)) return { data: Buffer.from(data), info: structuredClone(info) };
    seen.add(picture);
    return picture;
  };
}
