/** Whether a JPEG has come to its end. */
import { START_OF_SCAN, visitSegments } from './jpeg-segments';

const END_OF_IMAGE = Buffer.from('ffd9', 'hex');

/**
 * Whether the end marker (EOI, ITU-T T.81 §B.1.1.3) stands behind the picture's first scan. It need not be the last
 * bytes: cameras fill their blocks up with zeros or add data of their own. It must not be the one of a thumbnail in
 * the headers, which a picture that was cut off has as well. Inside a scan its two bytes cannot occur (§B.1.1.5).
 */
export function hasJpegEnd(bytes: Buffer): boolean {
  return bytes.lastIndexOf(END_OF_IMAGE) >= visitSegments(bytes, (marker) => marker === START_OF_SCAN);
}
