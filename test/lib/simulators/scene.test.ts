import assert from 'node:assert/strict';
import { decode } from 'jpeg-js';
import { describe, it } from 'node:test';
import { readPictureHeader } from '../../../lib/picture';
import { Scene } from '../../../lib/simulators/scene';

const NOON = new Date(2026, 0, 2, 12, 0, 0);
const later = (ms: number) => new Date(NOON.getTime() + ms);

/** Mean difference of two pictures' pixels within a rectangle given in parts of the whole, 0 to 255. */
function difference(
  one: Buffer,
  other: Buffer,
  [left, top, right, bottom]: [number, number, number, number],
) {
  const [a, b] = [decode(one), decode(other)];
  let sum = 0;
  let count = 0;
  for (let y = Math.floor(top * a.height); y < bottom * a.height; y++) {
    for (let x = Math.floor(left * a.width); x < right * a.width; x++, count++) {
      const at = (y * a.width + x) * 4;
      for (const channel of [at, at + 1, at + 2]) {
        sum += Math.abs((a.data[channel] ?? 0) - (b.data[channel] ?? 0)) / 3;
      }
    }
  }
  return sum / count;
}

describe('Scene', () => {
  it('is a JPEG of the size asked for; better quality is larger', () => {
    const header = readPictureHeader(new Scene({ name: 'A' }).picture({ at: NOON }));
    assert.deepEqual(
      { format: header.format, width: header.width, height: header.height },
      { format: 'jpeg', width: 640, height: 360 },
    );
    const small = new Scene({ name: 'A', width: 100, height: 75, quality: 30 }).picture({ at: NOON });
    const fine = new Scene({ name: 'A', width: 100, height: 75, quality: 95 }).picture({ at: NOON });
    assert.equal(readPictureHeader(small).width, 100);
    assert.equal(readPictureHeader(small).height, 75);
    assert.ok(fine.length > small.length);
  });

  it('shows the clock in the middle and the ball below moving, and leaves the rest in place', () => {
    const scene = new Scene({ name: 'A' });
    const [one, two] = [scene.picture({ at: NOON }), scene.picture({ at: later(1_000) })];
    assert.ok(difference(one, two, [0.6, 0.3, 0.8, 0.46]) > 2, 'seconds');
    assert.ok(difference(one, two, [0, 0.7, 1, 1]) > 1, 'ball');
    assert.ok(difference(one, two, [0, 0, 0.3, 0.12]) < 0.5, 'name');
    assert.ok(difference(one, two, [0.1, 0.15, 0.9, 0.25]) < 0.5, 'sky');
  });

  it('gives each camera its own colour and writes its name and the caption', () => {
    const [a, b] = [new Scene({ name: 'A' }), new Scene({ name: 'B' })];
    assert.ok(difference(a.picture({ at: NOON }), b.picture({ at: NOON }), [0.1, 0.15, 0.9, 0.25]) > 10);
    const named = new Scene({ name: 'Tür 门' });
    const box: [number, number, number, number] = [0, 0.9, 0.3, 1];
    assert.ok(difference(named.picture({ at: NOON }), named.picture({ at: NOON, caption: '2/3' }), box) > 5);
  });

  it('gives the same bytes for the same moment and other bytes for another', () => {
    const scene = new Scene({ name: 'A' });
    const first = scene.picture({ at: NOON });
    assert.equal(scene.picture({ at: later(50) }), first, 'within a tenth of a second');
    const next = scene.picture({ at: later(100) });
    assert.ok(!next.equals(first));
    assert.ok(
      new Scene({ name: 'A' }).picture({ at: NOON }).equals(first),
      'nothing is left of the one before',
    );
    assert.ok(scene.picture({ at: NOON }).equals(first), 'nor in the same scene');
  });

  it('fills a picture up to a wanted size, still a picture', () => {
    const scene = new Scene({ name: 'A' });
    const plain = scene.picture({ at: NOON });
    const segment = 65_537;
    const sizes = [plain.length + 4, plain.length + segment, 500_000, 500_001];
    // Where a rest of 1, 2 or 3 bytes would be left for the last segment.
    for (const rest of [1, 2, 3]) sizes.push(plain.length + segment + rest);
    for (const bytes of sizes) {
      const picture = scene.picture({ at: NOON, bytes });
      assert.equal(picture.length, bytes);
      assert.ok(Buffer.from(decode(picture).data).equals(Buffer.from(decode(plain).data)), `${bytes}`);
    }
    assert.equal(scene.picture({ at: NOON, bytes: plain.length + 1 }).length, plain.length + 4);
    assert.equal(scene.picture({ at: NOON, bytes: 10 }).length, plain.length);
  });
});
