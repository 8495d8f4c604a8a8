/**
 * The commands that devices know (chapter 3.2), in the dialects that devices read.
 *
 * The document puts the channel into `cmd` and calls the movement `cmdV`. The official device SDKs demand
 * `type: "video"`, the channel in `cmd` and the movement as `cmd.cmd` (one of them crashes without it); the later
 * edition has the channel beside `cmd` too. `both` writes all of it: no reader minds a key it does not know.
 */
import type { Dialect } from './account';
import type { JsonObject } from './json';

export const CommandId = { level: 6, ptz: 7, localVideos: 10, snapshot: 32 } as const;

function frame(dialect: Dialect, cmdId: number, channelId: number, cmd: JsonObject): Buffer {
  const content = { channel_id: channelId, ...cmd };
  const outer = dialect === 'both' ? { channel_id: channelId } : {};
  return Buffer.from(JSON.stringify({ type: 'video', cmdId, ...outer, cmd: content }));
}

/** @param level 1 smooth, 2 standard, 3 high, 4 ultra high */
export function levelFrame(dialect: Dialect, channelId: number, level: number): Buffer {
  return frame(dialect, CommandId.level, channelId, { level });
}

export interface Movement {
  /** Number of the movement, such as 11 for up. */
  movement: number;
  /** 0 start, 1 stop, 2 one step. */
  stop: number;
  /** 1 to 7. */
  speed: number;
}

export function ptzFrame(dialect: Dialect, channelId: number, { movement, stop, speed }: Movement): Buffer {
  const inDocument = dialect !== 'sdk' && { cmdV: movement };
  const inSdk = dialect !== 'document' && { cmd: movement };
  return frame(dialect, CommandId.ptz, channelId, { stop, ...inSdk, ...inDocument, speed });
}

export interface LocalVideoPage {
  page: number;
  pageSize: number;
  /** `yyyy-MM-dd HH:mm:ss` */
  startTime?: string | undefined;
  endTime?: string | undefined;
}

export function localVideosFrame(dialect: Dialect, channelId: number, wanted: LocalVideoPage): Buffer {
  const { page, pageSize, startTime, endTime } = wanted;
  const times = { start_time: startTime, end_time: endTime };
  return frame(dialect, CommandId.localVideos, channelId, { page, per_page: pageSize, ...times });
}

export interface SnapshotSize {
  width?: number | undefined;
  height?: number | undefined;
  /** 1 to 100. */
  quality?: number | undefined;
}

/** Only the later edition has it, with the channel beside `cmd`: so in every dialect. */
export function snapshotFrame(dialect: Dialect, channelId: number, size: SnapshotSize): Buffer {
  const cmd = dialect === 'document' ? size : { channel_id: channelId, ...size };
  const type = dialect === 'document' ? {} : { type: 'video' };
  return Buffer.from(JSON.stringify({ ...type, cmdId: CommandId.snapshot, channel_id: channelId, cmd }));
}
