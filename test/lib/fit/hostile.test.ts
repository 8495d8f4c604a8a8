import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chance } from '../../../bench/support/pictures';
import { isSnapflowError } from '../../../lib/errors';
import { fit } from '../../../lib/fit';
import { bmp } from '../picture/bmp-writer';
import { photo } from './pictures';

const PER_FORMAT = 80;

/** A picture as a bad line, a full disk or an attacker leaves it. */
function damaged(picture: Buffer, next: () => number): Buffer {
  const number = () => next() * 65_536 + next() * 256 + next();
  const at = (length: number) => number() % Math.max(1, length);
  const copy = Buffer.from(picture);
  switch (next() % 5) {
    case 0:
      return copy.subarray(0, at(copy.length));
    case 1:
      for (let count = 1 + (next() % 20); count > 0; count--) copy[at(copy.length)] = next();
      return copy;
    case 2:
      // In the headers, where lengths, sizes and counts are.
      for (let count = 1 + (next() % 6); count > 0; count--) copy[at(Math.min(200, copy.length))] = next();
      return copy;
    case 3:
      copy.fill(next(), at(copy.length));
      return copy;
    default: {
      const from = at(copy.length);
      return Buffer.concat([
        copy.subarray(0, from),
        copy.subarray(at(copy.length), copy.length),
        copy.subarray(from),
      ]);
    }
  }
}

describe('hostile pictures', () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'bmp'] as const) {
    it(`by the dozen, made from a ${format}: each is fitted or refused, in bounded memory`, async () => {
      const source = await photo(120, 80);
      const whole =
        format === 'bmp'
          ? bmp({ bits: 24, width: 120, height: 80, pixels: await source.raw().toBuffer() })
          : await source[format]({}).toBuffer();
      const maxBytes = Math.max(600, Math.round(whole.length * 0.6));
      const next = chance(format.charCodeAt(0));
      const ends = { fitted: 0, refused: 0 };
      const before = process.memoryUsage().rss;
      for (let count = 0; count < PER_FORMAT; count++) {
        const picture = damaged(whole, next);
        try {
          const { data } = await fit(picture, { maxBytes, maxInputPixels: 4_000_000 });
          assert.ok(data.length <= maxBytes, `${data.length} bytes`);
          ends.fitted += 1;
        } catch (error) {
          assert.ok(isSnapflowError(error), String(error));
          assert.ok(['BAD_INPUT', 'UNSUPPORTED_FORMAT', 'TOO_LARGE'].includes(error.code), error.message);
          ends.refused += 1;
        }
      }
      assert.equal(ends.fitted + ends.refused, PER_FORMAT);
      assert.ok(ends.refused > 5, JSON.stringify(ends));
      const grown = (process.memoryUsage().rss - before) / 1e6;
      assert.ok(grown < 200, `${grown.toFixed(0)} MB`);
    });
  }

  it('are refused by what their headers claim, before anything is decoded', async () => {
    const png = await (await photo(16, 16)).png().toBuffer();
    png.writeUInt32BE(0xffffffff, 16);
    const gif = await (await photo(16, 16)).gif().toBuffer();
    gif.writeUInt32LE(0xffffffff, 6);
    const large = bmp({ bits: 24 });
    large.writeInt32LE(0x7fffffff, 18);
    for (const picture of [png, gif, large]) {
      await assert.rejects(fit(picture, { maxBytes: 10 }), { code: 'TOO_LARGE' });
    }
    const none = bmp({ bits: 24 });
    none.writeInt32LE(0, 18);
    await assert.rejects(fit(none, { maxBytes: 10 }), { code: 'BAD_INPUT' });
    await assert.rejects(fit(Buffer.alloc(0)), { code: 'BAD_INPUT' });
    await assert.rejects(fit(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), {
      code: 'UNSUPPORTED_FORMAT',
    });
  });
});
