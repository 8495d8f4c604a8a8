/** What the buttons of the `huawei-snapshot` dialog do, with the values on screen. */
import { text } from '../../lib/texts/mark';
import { SnapflowError } from '../../lib/errors';
import type { SnapshotRequest } from '../../lib/huawei';
import type { Asker } from '../shared/admin';
import type { Draft } from '../shared/draft';
import { pictureView } from '../shared/picture-view';
import type { Red } from '../shared/red';
import { draftText, type TypedProperty } from '../shared/typed-value';
import { withDraftCamera, type CameraConfig } from './camera';

/** Names of the fields, for errors. */
export const UUID = text('The UUID of the camera');
export const CHANNEL = text('The channel');

export interface ChannelsDraft {
  camera: Draft<CameraConfig>;
}

export interface SnapshotDraft extends ChannelsDraft {
  /** Id of the snapshot node: its environment counts. */
  node: string;
  uuid: TypedProperty;
  channel: TypedProperty;
}

export function findChannels(RED: Red, { camera }: ChannelsDraft, { signal }: Asker): Promise<object> {
  return withDraftCamera(RED, camera, signal, async (open) => ({
    channels: await open.channels({ signal }),
  }));
}

export async function takePicture(RED: Red, draft: SnapshotDraft, { signal }: Asker): Promise<object> {
  const scope = { RED, node: RED.nodes.getNode(draft.node) ?? undefined };
  const request = snapshotRequest(
    await draftText(scope, draft.uuid, UUID),
    await draftText(scope, draft.channel, CHANNEL),
  );
  const pictures = await withDraftCamera(RED, draft.camera, signal, (open) =>
    open.snapshot(request, { signal }),
  );
  return { pictures: pictures.map(pictureView) };
}

/**
 * The request for a channel as text: a camera numbers its channels, but lists the number as text.
 * @throws SnapflowError `BAD_INPUT` when it is no whole number
 */
export function snapshotRequest(uuid: string, channel: string): SnapshotRequest {
  if (channel === '') return { uuid };
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
  return { uuid, channelId: Number(channel) };
}
