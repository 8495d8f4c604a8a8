/** What stands in the headers of a JPEG beside the picture: read, kept in parts, taken out without loss. */
import { START_OF_SCAN, visitSegments } from '../picture/jpeg-segments';
import { ORIENTATION, readExif, writeExif, type Exif } from './exif';
import type { MetadataChoice } from './options';

const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP13 = 0xed;
const APP14 = 0xee;
const APP15 = 0xef;
const COMMENT = 0xfe;
const END_OF_IMAGE = 0xd9;
const END_MARKER = Buffer.from([0xff, END_OF_IMAGE]);

/** Cut off inside its headers, a picture has none that could be read. */
export function exifOf(jpeg: Buffer): Exif | undefined {
  let exif: Exif | undefined;
  visitSegments(jpeg, (marker, _at, start, end) => {
    if (marker === APP1 && end <= jpeg.length) exif = readExif(jpeg.subarray(start, end));
    return exif !== undefined;
  });
  return exif;
}

/** Bytes of the picture's scans, without its headers and what stands behind its end. */
export function imageBytes(jpeg: Buffer): number {
  const scan = visitSegments(jpeg, (marker) => marker === START_OF_SCAN);
  const end = jpeg.lastIndexOf(END_MARKER);
  return (end > scan ? end : jpeg.length) - scan;
}

/**
 * The same picture without what its metadata choice does not keep, and without what stands behind its end. No pixel is
 * touched: the orientation stays, and so does a colour profile. Undefined when the picture is cut off.
 */
export function cleanJpeg(jpeg: Buffer, choice: Exclude<MetadataChoice, 'keep'>): Buffer | undefined {
  const exif = exifOf(jpeg);
  const kept: Buffer[] = [jpeg.subarray(0, 2)];
  const scan = visitSegments(jpeg, (marker, at, start, end) => {
    if (marker === START_OF_SCAN || end > jpeg.length) return true;
    if (!isDroppable(marker, jpeg.toString('latin1', start, start + 4))) kept.push(jpeg.subarray(at, end));
    return false;
  });
  const end = endOfImage(jpeg, scan);
  if (end === undefined) return undefined;
  const facts = writeExif(exif, exif?.orientation ?? 1, choice === 'safe');
  return withSegments(
    Buffer.concat([...kept, jpeg.subarray(scan, end)]),
    facts ? [segment(APP1, facts)] : [],
  );
}

/** Of the application's segments the decoder needs JFIF, a colour profile and Adobe's colour mark. */
function isDroppable(marker: number, start: string): boolean {
  if (marker === COMMENT) return true;
  if (marker < APP0 || marker > APP15 || marker === APP14) return false;
  return !(marker === APP0 && start === 'JFIF') && !(marker === APP2 && start === 'ICC_');
}

/** The offset behind the end marker, or undefined. Between scans stand tables, which may hold its two bytes. */
function endOfImage(jpeg: Buffer, scan: number): number | undefined {
  for (let at = scan; at !== -1 && at + 2 <= jpeg.length; at = jpeg.indexOf(0xff, at)) {
    const marker = jpeg[at + 1]!;
    if (marker === END_OF_IMAGE) return at + 2;
    if (marker === 0xff) at += 1;
    // Inside the data of a scan: a stuffed zero or a restart marker.
    else if (marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else if (at + 4 > jpeg.length) return undefined;
    else at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return undefined;
}

/**
 * The segments that a JPEG encoded anew takes over from its source. Its pixels stand upright and are sRGB, so that
 * neither the orientation nor a colour profile may come along.
 */
export function keptSegments(source: Buffer, choice: MetadataChoice): Buffer[] {
  if (choice === 'drop') return [];
  if (choice === 'safe') {
    const facts = writeExif(exifOf(source), 1, true);
    return facts ? [segment(APP1, facts)] : [];
  }
  const kept: Buffer[] = [];
  visitSegments(source, (marker, at, _start, end) => {
    if (end > source.length) return true;
    if (marker === APP1 || marker === APP13 || marker === COMMENT) {
      kept.push(marker === APP1 ? upright(source.subarray(at, end)) : source.subarray(at, end));
    }
    return false;
  });
  return kept;
}

/** Puts segments into a JPEG, behind its JFIF header. */
export function withSegments(jpeg: Buffer, segments: readonly Buffer[]): Buffer {
  if (segments.length === 0) return jpeg;
  let behind = 2;
  visitSegments(jpeg, (marker, _at, _start, end) => {
    if (marker === APP0) behind = end;
    return true;
  });
  return Buffer.concat([jpeg.subarray(0, behind), ...segments, jpeg.subarray(behind)]);
}

function segment(marker: number, payload: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

/** A copy of an APP1 segment whose orientation says: as it stands. */
function upright(app1: Buffer): Buffer {
  const copy = Buffer.from(app1);
  const orientation = readExif(copy.subarray(4))?.main.find(({ tag }) => tag === ORIENTATION);
  if (orientation) {
    // The value lies in the copy itself.
    const littleEndian = copy.toString('latin1', 10, 12) === 'II';
    orientation.value.fill(0);
    orientation.value[littleEndian ? 0 : orientation.value.length - 1] = 1;
  }
  return copy;
}
