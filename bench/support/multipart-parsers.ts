/** The ways to take a multipart reply apart that the bench compares. */
import { built } from './built';

export interface Parsed {
  /** Bodies of the parts, in order. */
  parts: Buffer[];
  /** What the reader said when it did not come to the end. */
  failure?: unknown;
}

export type Parser = (chunks: Buffer[], contentType: string) => Promise<Parsed>;

/** The least work there is: everything in one Buffer, cut at the boundary, headers skipped. */
export const indexOfSplit: Parser = (chunks, contentType) => {
  const body = Buffer.concat(chunks);
  const [, boundary = ''] = /boundary=(\S+)/.exec(contentType) ?? [];
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: Buffer[] = [];
  let start = body.indexOf(delimiter.subarray(2)) + delimiter.length - 2;
  for (;;) {
    const end = body.indexOf(delimiter, start);
    if (end === -1) break;
    parts.push(body.subarray(body.indexOf('\r\n\r\n', start) + 4, end));
    start = end + delimiter.length;
  }
  return Promise.resolve({ parts });
};

export const snapflow: Parser = async (chunks, contentType) => {
  const { readMultipart } = built<typeof import('../../lib/http/multipart')>('http/multipart');
  const parts: Buffer[] = [];
  try {
    for await (const part of readMultipart(oneByOne(chunks), { contentType })) parts.push(part.body);
    return { parts };
  } catch (failure) {
    return { parts, failure };
  }
};

/** As a connection gives them. */
async function* oneByOne(chunks: Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Promise.resolve(chunk);
}

export const busboy: Parser = (chunks, contentType) => {
  const create = require('busboy') as typeof import('busboy');
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    try {
      const reader = create({ headers: { 'content-type': contentType } });
      reader.on('file', (_name, file) => {
        const pieces: Buffer[] = [];
        file.on('data', (piece: Buffer) => pieces.push(piece));
        file.on('end', () => parts.push(Buffer.concat(pieces)));
        file.on('error', (failure) => resolve({ parts, failure }));
      });
      reader.on('field', (_name, value) => parts.push(Buffer.from(value)));
      reader.on('error', (failure) => resolve({ parts, failure }));
      reader.on('close', () => resolve({ parts }));
      for (const chunk of chunks) reader.write(chunk);
      reader.end();
    } catch (failure) {
      resolve({ parts, failure });
    }
  });
};
