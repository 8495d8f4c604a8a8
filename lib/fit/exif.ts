/** Reads and writes the few EXIF facts that a picture may keep (CIPA DC-008, TIFF 6.0 §2). */

export const ORIENTATION = 0x0112;
const EXIF_DIRECTORY = 0x8769;
const HEADER = Buffer.from('Exif\0\0', 'latin1');

/** Of the main directory: make, model, time, copyright. No name, no description, which people use for names. */
const SAFE_MAIN: ReadonlySet<number> = new Set([ORIENTATION, 0x010f, 0x0110, 0x0132, 0x8298]);
/** Of the EXIF directory: exposure, aperture, sensitivity, times with their zones and fractions, flash, focal length. */
const SAFE_EXIF: ReadonlySet<number> = new Set([
  0x829a, 0x829d, 0x8827, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9209, 0x920a, 0x9290, 0x9291, 0x9292,
]);

/** Bytes of a value by its type (TIFF 6.0 §2: BYTE, ASCII, SHORT, LONG, RATIONAL, …). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
/** Bytes of one value: what is longer is no time and no model. */
const MAX_VALUE = 256;

interface Entry {
  tag: number;
  type: number;
  count: number;
  value: Buffer;
}

export interface Exif {
  littleEndian: boolean;
  /** From 1, as stored, to 8. */
  orientation: number;
  main: Entry[];
  exif: Entry[];
}

/** The facts in the payload of a JPEG's APP1 segment; undefined when it is no EXIF or broken. */
export function readExif(segment: Buffer): Exif | undefined {
  if (!segment.subarray(0, HEADER.length).equals(HEADER)) return undefined;
  const tiff = segment.subarray(HEADER.length);
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return undefined;
  const reader = new Reader(tiff, order === 'II');
  const main = reader.directory(reader.long(4));
  const pointer = main.find(({ tag }) => tag === EXIF_DIRECTORY);
  const exif = pointer ? reader.directory(reader.number(pointer)) : [];
  const orientation = main.find(({ tag }) => tag === ORIENTATION);
  const turn = orientation ? reader.number(orientation) : 1;
  return {
    littleEndian: order === 'II',
    orientation: turn >= 1 && turn <= 8 ? turn : 1,
    main: main.filter(({ tag }) => SAFE_MAIN.has(tag)),
    exif: exif.filter(({ tag }) => SAFE_EXIF.has(tag)),
  };
}

class Reader {
  constructor(
    readonly tiff: Buffer,
    readonly littleEndian: boolean,
  ) {}

  short(at: number): number {
    if (at + 2 > this.tiff.length) return 0;
    return this.littleEndian ? this.tiff.readUInt16LE(at) : this.tiff.readUInt16BE(at);
  }

  long(at: number): number {
    if (at + 4 > this.tiff.length) return 0;
    return this.littleEndian ? this.tiff.readUInt32LE(at) : this.tiff.readUInt32BE(at);
  }

  /** A short or long as a number. */
  number({ type, value }: Entry): number {
    const inner = new Reader(value, this.littleEndian);
    return type === 3 ? inner.short(0) : inner.long(0);
  }

  /** The entries whose values lie within the data; there is no loop, because directories are not followed on. */
  directory(at: number): Entry[] {
    const entries: Entry[] = [];
    const count = this.short(at);
    for (let index = 0, start = at + 2; index < count; index++, start += 12) {
      if (start + 12 > this.tiff.length) break;
      const type = this.short(start + 2);
      const valueCount = this.long(start + 4);
      const length = (TYPE_BYTES[type] ?? 0) * valueCount;
      const offset = length <= 4 ? start + 8 : this.long(start + 8);
      if (length === 0 || length > MAX_VALUE || offset + length > this.tiff.length) continue;
      entries.push({
        tag: this.short(start),
        type,
        count: valueCount,
        value: this.tiff.subarray(offset, offset + length),
      });
    }
    return entries;
  }
}

/**
 * The payload of an APP1 segment with these facts and another orientation; undefined when there is nothing to tell.
 * @param safe with the facts, else the orientation alone
 */
export function writeExif(exif: Exif | undefined, orientation: number, safe: boolean): Buffer | undefined {
  const facts = safe ? exif : undefined;
  const littleEndian = exif?.littleEndian ?? true;
  const main = (facts?.main ?? []).filter(({ tag }) => tag !== ORIENTATION);
  const inner = facts?.exif ?? [];
  if (orientation !== 1) main.push(short(ORIENTATION, orientation, littleEndian));
  if (main.length + inner.length === 0) return undefined;
  const pointer: Entry = { tag: EXIF_DIRECTORY, type: 4, count: 1, value: Buffer.alloc(4) };
  if (inner.length > 0) main.push(pointer);
  const mainAt = 8;
  const innerAt = mainAt + directorySize(main);
  writeLong(pointer.value, 0, innerAt, littleEndian);
  const tiff = Buffer.alloc(innerAt + (inner.length > 0 ? directorySize(inner) : 0));
  tiff.write(littleEndian ? 'II' : 'MM', 'latin1');
  writeShort(tiff, 2, 42, littleEndian);
  writeLong(tiff, 4, mainAt, littleEndian);
  writeDirectory(tiff, mainAt, main, littleEndian);
  if (inner.length > 0) writeDirectory(tiff, innerAt, inner, littleEndian);
  return Buffer.concat([HEADER, tiff]);
}

/** A count, entries of 12 bytes, the offset of the next directory (none), then the values that did not fit in. */
function directorySize(entries: Entry[]): number {
  const values = entries.reduce((sum, { value }) => sum + (value.length > 4 ? even(value.length) : 0), 0);
  return 2 + entries.length * 12 + 4 + values;
}

function writeDirectory(tiff: Buffer, at: number, entries: Entry[], littleEndian: boolean): void {
  entries.sort((one, other) => one.tag - other.tag);
  writeShort(tiff, at, entries.length, littleEndian);
  let start = at + 2;
  let valuesAt = start + entries.length * 12 + 4;
  for (const { tag, type, count, value } of entries) {
    writeShort(tiff, start, tag, littleEndian);
    writeShort(tiff, start + 2, type, littleEndian);
    writeLong(tiff, start + 4, count, littleEndian);
    if (value.length <= 4) {
      value.copy(tiff, start + 8);
    } else {
      writeLong(tiff, start + 8, valuesAt, littleEndian);
      value.copy(tiff, valuesAt);
      valuesAt += even(value.length);
    }
    start += 12;
  }
}

function short(tag: number, number: number, littleEndian: boolean): Entry {
  const value = Buffer.alloc(2);
  writeShort(value, 0, number, littleEndian);
  return { tag, type: 3, count: 1, value };
}

const even = (length: number) => length + (length % 2);

function writeShort(to: Buffer, at: number, number: number, littleEndian: boolean): void {
  if (littleEndian) to.writeUInt16LE(number, at);
  else to.writeUInt16BE(number, at);
}

function writeLong(to: Buffer, at: number, number: number, littleEndian: boolean): void {
  if (littleEndian) to.writeUInt32LE(number, at);
  else to.writeUInt32BE(number, at);
}
