import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isSnapflowError } from '../../../lib/errors';
import { readMultipart, type MultipartOptions } from '../../../lib/http/multipart';
import { fuzzRuns, fuzzSeed } from '../../support/fuzz';

const check = <T>(property: fc.IAsyncProperty<T>): Promise<void> =>
  fc.assert(property, { seed: fuzzSeed, numRuns: fuzzRuns(150) });

async function* chunked(body: Buffer, sizes: number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const next = at + sizes[turn % sizes.length]!;
    await Promise.resolve();
    yield body.subarray(at, next);
    at = next;
  }
}

async function read(body: AsyncIterable<Buffer>, options: MultipartOptions) {
  const parts: string[] = [];
  try {
    for await (const part of readMultipart(body, options)) parts.push(part.body.toString('latin1'));
    return { parts, error: undefined };
  } catch (error) {
    return { parts, error };
  }
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 2, 4095, 4096, 9000)), {
  minLength: 1,
  maxLength: 8,
});
const boundary = fc
  .string({
    unit: fc.constantFrom(..."abAB09'()+_,-./:=? "),
    minLength: 1,
    maxLength: 70,
  })
  .filter((text) => text.trim() === text && !text.startsWith('--'));
const binary = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array).toString('latin1'));

/** Content made of random bytes and of everything that a delimiter is made of. */
const contentNear = (mark: string, eol: string) =>
  fc
    .array(
      fc.oneof(
        binary,
        fc.constantFrom(eol, '\r', '\n', '\r\n', '--', '-', ' ', mark, `--${mark}`, `${eol}--${mark}`),
        fc.constantFrom(
          `${eol}--`,
          `${eol}--${mark}X${eol}`,
          `${eol}--${mark.slice(0, -1)}`,
          `\xff\xd8\xff\xe0`,
        ),
        fc.constant('\xff\xd9'.repeat(3000)),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join(''));

/** What a reader by the letter would find: the test's own idea of a delimiter line, by regular expression. */
function holdsDelimiter(content: string, mark: string, eol: string): boolean {
  const escaped = mark.replace(/[^A-Za-z0-9]/g, '\\$&');
  return new RegExp(`${eol}--${escaped}(--)?[ \\t]*(\\r?\\n|\\r?$)`).test(eol + content + eol);
}

const message = fc
  .record({ mark: boundary, eol: fc.constantFrom('\r\n', '\n') })
  .chain(({ mark, eol }) =>
    fc.record({
      mark: fc.constant(mark),
      eol: fc.constant(eol),
      declared: fc.boolean(),
      preamble: fc.constantFrom('', eol, `text${eol}`, `- -${eol}${eol}`),
      epilogue: fc.constantFrom('', eol, `${eol}--${mark}${eol}${eol}not a part`),
      padding: fc.constantFrom('', ' ', '\t  '),
      contents: fc.array(
        fc.record({
          body: contentNear(mark, eol),
          headers: fc.constantFrom('', `Content-Type: image/jpeg${eol}`, `A: b${eol} c${eol}D:${eol}`),
          length: fc.constantFrom('right', '', '1000000000', '-1', 'x'),
        }),
        { maxLength: 6 },
      ),
    }),
  )
  .filter(({ mark, eol, contents }) =>
    contents.every(({ body, length }) => length === 'right' || !holdsDelimiter(body, mark, eol)),
  )
  .map(({ mark, eol, declared, preamble, epilogue, padding, contents }) => {
    const parts = contents.map(({ body, headers, length }) => {
      const told = length === 'right' ? String(body.length) : length;
      const line = told === '' ? '' : `Content-Length: ${told}${eol}`;
      return `--${mark}${padding}${eol}${headers}${line}${eol}${body}${eol}`;
    });
    // Without any part, the first line is the last delimiter, from which no boundary can be derived.
    const contentType =
      declared || contents.length === 0 ? `multipart/mixed; boundary="${mark}"` : 'multipart/mixed';
    return {
      contentType,
      whole: latin1(`${preamble}${parts.join('')}--${mark}--${epilogue}`),
      bodies: contents.map(({ body }) => body),
      // Only a length shows that these are content; cut before it is reached, they are delimiters.
      ambiguous: contents.some(({ body }) => holdsDelimiter(body, mark, eol) || body.includes(`--${mark}--`)),
    };
  });

describe('multipart: fuzz (HW-2)', () => {
  it('gives back the very parts that were put in, whatever they hold and however they are cut up', async () => {
    await check(
      fc.asyncProperty(message, sizes, async ({ contentType, whole, bodies }, chunkSizes) => {
        const { parts, error } = await read(chunked(whole, chunkSizes), { contentType });
        assert.equal(error, undefined);
        assert.deepEqual(parts, bodies);
      }),
    );
  });

  it('gives of a body that is cut off only parts that were put in, in order, and an error', async () => {
    const clear = message.filter(({ ambiguous }) => !ambiguous);
    await check(
      fc.asyncProperty(clear, sizes, fc.nat(), async ({ contentType, whole, bodies }, chunkSizes, nat) => {
        const cut = whole.subarray(0, nat % whole.length);
        const { parts, error } = await read(chunked(cut, chunkSizes), { contentType });
        assert.deepEqual(parts, bodies.slice(0, parts.length));
        assert.ok(error === undefined ? parts.length === bodies.length : isSnapflowError(error));
      }),
    );
  });

  it('ends with parts or a SnapflowError for whatever bytes come', async () => {
    const garbage = fc.record({
      body: contentNear('frame', '\r\n'),
      contentType: fc.oneof(
        fc.constantFrom(undefined, 'multipart/mixed; boundary=frame', 'multipart/form-data'),
        fc.string(),
      ),
      limits: fc.record({
        maxParts: fc.integer({ min: 0, max: 3 }),
        maxHeaderBytes: fc.integer({ min: 0, max: 40 }),
        maxBodyBytes: fc.integer({ min: 0, max: 40 }),
      }),
    });
    await check(
      fc.asyncProperty(garbage, sizes, async ({ body, contentType, limits }, chunkSizes) => {
        for (const options of [{ contentType }, { contentType, ...limits }]) {
          const whole = latin1(`--frame\r\n${body}`);
          const { parts, error } = await read(chunked(whole, chunkSizes), options);
          assert.ok(error === undefined || isSnapflowError(error), String(error));
          assert.ok(parts.join('').length <= whole.length);
        }
      }),
    );
  });
});
