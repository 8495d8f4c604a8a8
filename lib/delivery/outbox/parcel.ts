/**
 * The file of one picture: the picture itself first, so that any viewer opens it, then what belongs to it as JSON,
 * and 16 bytes at the end by which a torn or foreign file is recognised.
 *
 *     picture | JSON (UTF-8) | length of the JSON, u32 LE | CRC-32 of all before the length, u32 LE | "SNAPBOX1"
 */
import { crc32 } from 'node:zlib';

/** A picture and the message that belongs to it. */
export interface Parcel<Meta> {
  /** Survives a restart: plain JSON without secrets. */
  meta: Meta;
  body: Buffer;
}

const MAGIC = Buffer.from('SNAPBOX1');
const TRAILER_BYTES = 16;

export function encodeParcel(parcel: Parcel<unknown>): Buffer[] {
  const json = Buffer.from(JSON.stringify(parcel.meta ?? null));
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32LE(json.length, 0);
  trailer.writeUInt32LE(crc32(json, crc32(parcel.body)), 4);
  MAGIC.copy(trailer, 8);
  return [parcel.body, Buffer.concat([json, trailer])];
}

/**
 * @param bytes expected size of the picture
 * @returns undefined when the file is torn, changed or none of ours
 */
export function decodeParcel<Meta>(file: Buffer, bytes: number): Parcel<Meta> | undefined {
  const end = file.length - TRAILER_BYTES;
  if (end < bytes || !file.subarray(end + 8).equals(MAGIC)) return undefined;
  if (bytes + file.readUInt32LE(end) !== end) return undefined;
  if (crc32(file.subarray(0, end)) !== file.readUInt32LE(end + 4)) return undefined;
  return { body: file.subarray(0, bytes), meta: JSON.parse(file.toString('utf8', bytes, end)) as Meta };
}
