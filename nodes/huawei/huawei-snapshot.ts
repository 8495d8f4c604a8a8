/** Node `huawei-snapshot`: a message in, the camera's pictures out. */
import { SingleFlight, type WhenBusy } from '../../lib/concurrency/single-flight';
import { SnapflowError } from '../../lib/errors';
import type { Picture } from '../../lib/picture';
import { text } from '../../lib/texts/mark';
import { adminAction } from '../shared/admin';
import type { Draft } from '../shared/draft';
import { onInput } from '../shared/input';
import { configNode, registerNode } from '../shared/node';
import { pictureMessages } from '../shared/picture-message';
import { pictureView } from '../shared/picture-view';
import type { NodeConfig, Red } from '../shared/red';
import { draftText, requiredText, typedText, type TypedProperty } from '../shared/typed-value';
import { withDraftCamera, type CameraConfig, type CameraNode } from './camera';

interface SnapshotConfig extends NodeConfig {
  camera?: string;
  uuid?: string;
  uuidType?: string;
  channel?: string;
  channelType?: string;
  whenBusy?: WhenBusy;
}

const UUID = text('The UUID of the camera');
const CHANNEL = text('The channel');

export = (RED: Red): void => {
  registerNode<SnapshotConfig>(RED, 'huawei-snapshot', (parts, config) => {
    const { camera } = configNode<CameraNode>(RED, config.camera);
    const flight = new SingleFlight<Picture[]>({ whenBusy: config.whenBusy, system: 'huawei' });
    const own = copiesOfSeen();
    parts.life.own(() => flight.close());

    onInput(parts, async (msg, send) => {
      const uuid = await requiredText(parts, { value: config.uuid, type: config.uuidType }, msg, UUID);
      const channel = await typedText(
        parts,
        { value: config.channel, type: config.channelType },
        msg,
        CHANNEL,
      );
      parts.status.word('busy', 'status.taking');
      const target = { uuid, ...channelOf(channel) };
      const pictures = await flight.run((signal) => camera.snapshot(target, { signal }), {
        key: JSON.stringify(target),
        signal: parts.life.signal,
      });
      send([pictureMessages(RED, pictures.map(own), msg)]);
      parts.status.word('ok', 'status.taken');
    });
  });

  adminAction<{ camera: Draft<CameraConfig> }>(RED, '/snapflow/huawei/channels', ({ camera }, signal) =>
    withDraftCamera(RED, camera, signal, async (open) => ({ channels: await open.channels() })),
  );

  interface SnapshotDraft {
    /** Id of the snapshot node: where its environment is looked up. */
    node: string;
    camera: Draft<CameraConfig>;
    uuid: TypedProperty;
    channel: TypedProperty;
  }

  adminAction<SnapshotDraft>(
    RED,
    '/snapflow/huawei/snapshot',
    async ({ node, camera, uuid, channel }, signal) => {
      const scope = { RED, node: RED.nodes.getNode(node) ?? undefined };
      const target = {
        uuid: await draftText(scope, uuid, UUID),
        ...channelOf(await draftText(scope, channel, CHANNEL)),
      };
      const pictures = await withDraftCamera(RED, camera, signal, (open) =>
        open.snapshot(target, { signal }),
      );
      return { pictures: pictures.map(pictureView) };
    },
  );
};

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

/** A camera numbers its channels; the list of channels gives the number as text. */
function channelOf(channel: string): { channelId?: number } {
  if (channel === '') return {};
  if (!/^\d{1,9}$/.test(channel)) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The channel must be a whole number such as 101, not “{{channel}}”.',
      {
        system: 'huawei',
        values: { channel },
      },
    );
  }
  return { channelId: Number(channel) };
}
