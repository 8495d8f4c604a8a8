/**
 * Width and height of a JPEG, from its frame header (ITU-T T.81 §B.2.2).
 *
 * Our own because `image-size` looks for the next marker byte by byte when a segment's length is wrong: 0.17 ms per
 * kilobyte, so that one broken picture of 32 MiB would hold up everything else for seconds.
 */
import { isFrame, visitSegments } from './jpeg-segments';

export function jpegSize(bytes: Buffer): { width: number; height: number } {
  const size = { width: 0, height: 0 };
  visitSegments(bytes, (marker, _at, start) => {
    if (!isFrame(marker)) return false;
    // Behind the length: precision (1 byte), height, width.
    if (start + 5 <= bytes.length) {
      size.height = bytes.readUInt16BE(start + 1);
      size.width = bytes.readUInt16BE(start + 3);
    }
    return true;
  });
  return size;
}
