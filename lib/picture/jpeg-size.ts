/**
 * Width and height of a JPEG, from its frame header (ITU-T T.81 §B.2.2).
 *
 * Our own because `image-size` looks for the next marker byte by byte when a segment's length is wrong: 0.17 ms per
 * kilobyte, so that one broken picture of 32 MiB would hold up everything else for seconds.
 */
export function jpegSize(bytes: Buffer): { width: number; height: number } {
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (isFrame(marker)) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    // Any marker may have fill bytes before it (§B.1.1.2).
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return { width: 0, height: 0 };
}

/** SOF0 to SOF15 without the three codes among them that mean something else (§B.1.1.3, table B.1). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
