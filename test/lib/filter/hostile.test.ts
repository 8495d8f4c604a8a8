import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { isSnapflowError } from '../../../lib/errors';
import { randomOf } from '../../support/scenes/random';
import { judge } from './judging';
import { picture } from './pictures';

describe('hostile pictures', () => {
  it('of 30,000 × 30,000 points are refused by their header, before anything is decoded', async () => {
    const { decide } = judge({ changed: {} });
    await assert.rejects(decide(pngOf(30_000, 30_000)), { code: 'TOO_LARGE', message: /30000 × 30000/ });
    const small = judge({ usable: true, maxPixels: 320 * 180 - 1 });
    await assert.rejects(small.decide(await picture()), { code: 'TOO_LARGE' });
  });

  it('that are no pictures are told from broken ones', async () => {
    const { decide } = judge({ changed: {} });
    await assert.rejects(decide(Buffer.from('<html>not here</html>')), { code: 'UNSUPPORTED_FORMAT' });
    await assert.rejects(decide(Buffer.alloc(0)), { code: 'BAD_INPUT' });
    await assert.rejects(decide(pngOf(20, 20)), { code: 'BAD_INPUT', message: /cannot be decoded/ });
  });

  it('by the hundred give a verdict or an error each, and the next good one passes', async () => {
    const whole = await picture();
    const random = randomOf(5);
    const { decide, says } = judge({ changed: {}, usable: true });
    for (let round = 0; round < 150; round++) {
      const data = Buffer.from(whole.subarray(0, random.whole(1, whole.length)));
      for (let times = random.whole(0, 20); times > 0; times--)
        data[random.whole(0, data.length - 1)] = random.whole(0, 255);
      try {
        await decide(data, { device: `device ${round}` });
      } catch (error) {
        assert.ok(isSnapflowError(error), String(error));
      }
    }
    assert.equal(await says(whole), '+first');
  });

  it('that come faster than they are looked at fail, beyond a number', async () => {
    const { decide } = judge({ changed: {}, maxWaiting: 3 });
    const data = await picture();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => decide(data)));
    assert.deepEqual(
      outcomes.map((one) =>
        one.status === 'fulfilled' ? one.value.reason : (one.reason as { code: string }).code,
      ),
      ['first', 'unchanged', 'unchanged', 'QUEUE_FULL', 'QUEUE_FULL'],
    );
  });
});

/** Header of a PNG, with nothing behind it. */
function pngOf(width: number, height: number): Buffer {
  const chunk = Buffer.alloc(25);
  chunk.writeUInt32BE(13, 0);
  chunk.write('IHDR', 4, 'latin1');
  chunk.writeUInt32BE(width, 8);
  chunk.writeUInt32BE(height, 12);
  chunk.set([8, 2, 0, 0, 0], 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 21)), 21);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk]);
}
