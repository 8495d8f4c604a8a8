/** What can be done with the body of a report, from everything to nothing. Each gives the number of pictures. */

const QUOTE = 0x22;
const COMMA = 0x2c;
const LONG = 512;
const SLICE = 65_536;

/** As anybody would: text, objects, pictures. */
export function parseEverything(chunks: Buffer[]): number {
  const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: Record<string, string> };
  return Object.values(data)
    .map((uri) => Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64'))
    .filter((jpeg) => jpeg[0] === 0xff).length;
}

/** The floor: the body in one piece, not looked at. */
export function concatOnly(chunks: Buffer[]): number {
  return Buffer.concat(chunks).length > 0 ? 3 : 0;
}

/** The least that gives the pictures: long strings are found by their quotes and decoded in slices, no check, no fields. */
export function byteScan(chunks: Buffer[]): number {
  const body = Buffer.concat(chunks);
  let pictures = 0;
  for (let open = body.indexOf(QUOTE); open !== -1;) {
    const close = body.indexOf(QUOTE, open + 1);
    if (close === -1) break;
    if (close - open > LONG && decoded(body, open + 1, close)[0] === 0xff) pictures++;
    open = body.indexOf(QUOTE, close + 1);
  }
  return pictures;
}

function decoded(body: Buffer, start: number, end: number): Buffer {
  const from = body.indexOf(COMMA, start) + 1;
  const target = Buffer.allocUnsafe(((end - from) * 3) >> 2);
  let written = 0;
  for (let at = from; at < end; at += SLICE) {
    written += target.write(body.toString('latin1', at, Math.min(at + SLICE, end)), written, 'base64');
  }
  return target.subarray(0, written);
}
