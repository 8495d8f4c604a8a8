/**
 * What is known of a picture in the outbox without opening its file: all of it is in the file's name, so that
 * tens of thousands are listed at a start by reading one folder.
 */
import { EXTENSION, sniffFormat } from '../../picture';

export interface Entry {
  /** Position in the order of acceptance; unique in its store. */
  readonly id: number;
  /** Hash of the lane that was given: a lane may be a secret. */
  readonly lane: string;
  /** Stable id of the picture, by which duplicates are counted. */
  readonly pictureId: string;
  /** Size of the picture in bytes. */
  readonly bytes: number;
  /** Wall clock when it was accepted, milliseconds since 1970. */
  readonly addedAt: number;
  /** Alarms are the last to go when there is no room. */
  readonly alarm: boolean;
  /** How much it differs from the one before it, 0 to 1, as the caller judged. */
  readonly difference: number;
  /** Of its file, by its bytes: a person can open it. */
  readonly extension: string;
}

const NAME =
  /^(\d{12,15})-([0-9a-f]{20})-([\w]{1,64})-t([0-9a-z]{1,11})-b([0-9a-z]{1,8})-([an])(\d{4})\.(jpg|png|gif|webp|bmp|bin)$/;

const DIFFERENCE_STEPS = 1_000;

/** File name of an entry. It sorts by `id`. */
export function nameOf(entry: Entry): string {
  const { id, lane, pictureId, addedAt, bytes, alarm, difference, extension } = entry;
  const order = String(id).padStart(12, '0');
  const time = `t${addedAt.toString(36)}`;
  const size = `b${bytes.toString(36)}`;
  const score = (alarm ? 'a' : 'n') + String(Math.round(difference * DIFFERENCE_STEPS)).padStart(4, '0');
  return `${[order, lane, pictureId, time, size, score].join('-')}.${extension}`;
}

/** The entry of a file name, or undefined for a file that is none of ours. */
export function entryOf(name: string): Entry | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const [, id, lane, pictureId, addedAt, bytes, kind, score, extension] = match as unknown as string[];
  return {
    id: Number(id),
    lane: lane as string,
    pictureId: pictureId as string,
    addedAt: parseInt(addedAt as string, 36),
    bytes: parseInt(bytes as string, 36),
    alarm: kind === 'a',
    difference: Number(score) / DIFFERENCE_STEPS,
    extension: extension as string,
  };
}

export function extensionOf(body: Buffer): string {
  const format = sniffFormat(body);
  return format ? EXTENSION[format] : 'bin';
}
