import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeBmp } from '../../../lib/picture/bmp';
import { bmp } from './bmp-writer';

describe('a BMP', () => {
  for (const bits of [8, 24, 32] as const) {
    for (const topDown of [false, true]) {
      it(`of ${bits} bits is read ${topDown ? 'from the top' : 'from the bottom'}`, async () => {
        const { data, width, height, channels } = await decodeBmp(bmp({ bits, topDown }));
        assert.deepEqual([width, height, channels], [5, 4, 3]);
        const rows = Array.from({ length: 4 }, (_row, y) => [...data.subarray(y * 15, y * 15 + 3)]);
        assert.deepEqual(rows, [
          [255, 0, 0],
          [0, 0, 255],
          [255, 0, 0],
          [0, 0, 255],
        ]);
      });
    }
  }

  it('is refused when it is of another kind, impossible or cut off', async () => {
    const change = (at: number, value: number) => {
      const file = bmp({ bits: 24 });
      file.writeInt32LE(value, at);
      return file;
    };
    await assert.rejects(decodeBmp(change(30, 1)), { code: 'UNSUPPORTED_FORMAT' });
    await assert.rejects(decodeBmp(change(28, 4)), { code: 'UNSUPPORTED_FORMAT' });
    for (const file of [
      change(18, -5),
      change(22, 0),
      change(18, 1_000_000),
      change(10, 0x7fffffff),
      bmp({ bits: 24 }).subarray(0, -1),
      Buffer.from('BM'),
    ]) {
      await assert.rejects(decodeBmp(file), { code: 'BAD_INPUT' });
    }
  });

  it('of several million pixels lets others have their turn', async () => {
    const file = bmp({ bits: 24, width: 2000, height: 1500, pixels: Buffer.alloc(9_000_000) });
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 0);
    await decodeBmp(file);
    clearInterval(ticking);
    assert.ok(turns > 3, `${turns} turns`);
  });
});
