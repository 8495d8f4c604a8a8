/** Fills a JPEG up to a wanted size with comment segments (ITU-T T.81 §B.2.4.5), which every reader skips. */

const SEGMENT_MAX = 65_535 + 2;
const SEGMENT_MIN = 4;

/**
 * @param bytes wanted size; a picture that is as large already comes back as it is
 * @returns exactly `bytes` long, or up to 3 bytes longer where no comment is so short
 */
export function padJpeg(jpeg: Buffer, bytes: number): Buffer {
  const segments: Buffer[] = [];
  for (let missing = bytes - jpeg.length; missing > 0;) {
    // Never leaves a rest that is too short for a segment of its own.
    const rest = missing - SEGMENT_MAX;
    const length =
      rest > 0 && rest < SEGMENT_MIN ? SEGMENT_MAX - SEGMENT_MIN : Math.min(missing, SEGMENT_MAX);
    const segment = comment(Math.max(length, SEGMENT_MIN));
    segments.push(segment);
    missing -= segment.length;
  }
  if (segments.length === 0) return jpeg;
  const startOfImage = 2;
  return Buffer.concat([jpeg.subarray(0, startOfImage), ...segments, jpeg.subarray(startOfImage)]);
}

function comment(length: number): Buffer {
  const segment = Buffer.alloc(length, 0x20);
  segment.writeUInt16BE(0xfffe, 0);
  segment.writeUInt16BE(length - 2, 2);
  return segment;
}
