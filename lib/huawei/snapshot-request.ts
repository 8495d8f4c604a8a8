/** What a snapshot is asked for with (HW-1, X-HW-a). */
import { SnapflowError } from '../errors';

export interface SnapshotRequest {
  /** Of the channel; passed on as it is. */
  uuid: string;
  /** Number of the channel, such as 101; few cameras need it. */
  channelId?: number;
}

/**
 * The body of SnapAction: `{"UUID": …, "channelID": …}`.
 * @throws SnapflowError `BAD_INPUT`
 */
export function snapshotBody({ uuid, channelId }: SnapshotRequest): string {
  if (typeof uuid !== 'string' || uuid.trim() === '') {
    throw new SnapflowError('BAD_INPUT', 'The UUID of the channel is missing. "Find channels" lists them.', {
      system: 'huawei',
    });
  }
  if (channelId !== undefined && !(Number.isSafeInteger(channelId) && channelId >= 0)) {
    throw new SnapflowError('BAD_INPUT', 'The channel must be a whole number such as 101, not {{channel}}.', {
      system: 'huawei',
      values: { channel: String(channelId) },
    });
  }
  return JSON.stringify({ UUID: uuid, channelID: channelId });
}
