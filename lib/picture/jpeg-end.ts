/** Whether a JPEG has come to its end. */

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = Buffer.from('ffd9', 'hex');

/**
 * Whether the end marker (EOI, ITU-T T.81 §B.1.1.3) stands behind the picture's first scan. It need not be the last
 * bytes: cameras fill their blocks up with zeros or add data of their own. It must not be the one of a thumbnail in
 * the headers, which a picture that was cut off has as well. Inside a scan its two bytes cannot occur (§B.1.1.5).
 */
export function hasJpegEnd(bytes: Buffer): boolean {
  return bytes.lastIndexOf(END_OF_IMAGE) >= endOfHeaders(bytes);
}

/** Offset of the first scan, or of the first bytes that are no segment with a length. */
function endOfHeaders(bytes: Buffer): number {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    // Any marker may have fill bytes before it.
    if (marker === 0xff) at += 1;
    else if (marker === START_OF_SCAN || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9)) return at;
    else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return at;
}
