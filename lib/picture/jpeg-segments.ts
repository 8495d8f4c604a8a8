/** The segments of a JPEG's headers (ITU-T T.81 §B.1.1): what size, end, quality and EXIF data are read from. */

export const START_OF_SCAN = 0xda;

/**
 * Called for each segment with its marker's second byte and where it lies: `at` is its first byte (0xff), `start` and
 * `end` bound what follows the length. `end` may lie behind the last byte of a picture that was cut off.
 * @returns true to stop here
 */
export type SegmentVisitor = (marker: number, at: number, start: number, end: number) => boolean | void;

/**
 * Visits the segments up to the first scan, that one included. A visitor and no list, because a broken picture of
 * 32 MiB can hold millions of them.
 * @returns the offset of the segment where it stopped, or of the first bytes that are none
 */
export function visitSegments(bytes: Buffer, visit: SegmentVisitor): number {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    // Any marker may have fill bytes before it (§B.1.1.2).
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (!hasLength(marker)) return at;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (visit(marker, at, at + 4, end) === true || marker === START_OF_SCAN) return at;
    at = end;
  }
  return at;
}

/** Not so: markers below SOF0, restart markers, start and end of the image (table B.1). */
function hasLength(marker: number): boolean {
  return marker >= 0xc0 && (marker < 0xd0 || marker > 0xd9);
}

/** SOF0 to SOF15 without the three codes among them that mean something else (§B.1.1.3, table B.1). */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
