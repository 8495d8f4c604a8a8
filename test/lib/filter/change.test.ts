import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadSharp } from '../../../lib/picture/sharp';
import { bmp } from '../picture/bmp-writer';
import { judge } from './judging';
import { picture, plain } from './pictures';

describe('the rule “changed”', () => {
  it('lets the first picture of each device pass, then those that differ from the last one that passed', async () => {
    const { says, decide } = judge({ changed: {} });
    assert.equal(await says(await picture()), '+first');
    assert.equal(await says(await picture({ noise: 8 })), '-unchanged');
    assert.equal(await says(await picture({ noise: 8 }), { device: 'other' }), '+first');
    assert.equal(await says(await picture({ intruder: true })), '+changed');
    assert.equal(await says(await picture({ intruder: true, noise: 8 })), '-unchanged');
    const { pass, distance = 0, threshold } = await decide(await picture());
    assert.deepEqual([pass, threshold], [true, 0.38]);
    assert.ok(distance > 0.38 && distance <= 1, `${distance}`);
  });

  it('does not get used to a change that it held back: it compares with what passed, not with what came', async () => {
    const { decide, says } = judge({ changed: { threshold: 0.97 } });
    await decide(await picture());
    const { distance: first } = await decide(await picture({ intruder: true }));
    assert.equal(await says(await picture({ intruder: true })), '-unchanged');
    assert.equal((await decide(await picture({ intruder: true }))).distance, first);
  });

  it('is moved by the threshold', async () => {
    const changed = await picture({ intruder: true });
    const { decide } = judge({ changed: {} });
    await decide(await picture());
    const { distance = 0 } = await decide(changed);
    for (const [threshold, verdict] of [
      [distance - 0.02, '+changed'],
      [distance + 0.02, '-unchanged'],
    ] as const) {
      const { says } = judge({ changed: { threshold } });
      await says(await picture());
      assert.equal(await says(changed), verdict);
    }
  });

  it('sees nothing of what is masked, and all beside it', async () => {
    const place = await picture();
    const clock = await stamp(place, 0, 0);
    const thing = await stamp(place, 200, 100);
    const open = judge({ changed: {} });
    await open.decide(place);
    assert.equal(await open.says(clock), '+changed');
    const masked = judge({ changed: { masks: [{ left: 0, top: 0, width: 22, height: 26 }] } });
    await masked.decide(place);
    assert.equal(await masked.says(clock), '-unchanged');
    assert.equal(await masked.says(thing), '+changed');
  });

  it('takes every format that has no pixels to hide', async () => {
    const sharp = loadSharp();
    const place = sharp(await picture());
    const { data: pixels, info } = await place.clone().raw().toBuffer({ resolveWithObject: true });
    for (const data of [
      await place.clone().png().toBuffer(),
      await place.clone().webp().toBuffer(),
      await place.clone().gif().toBuffer(),
      await place.clone().jpeg({ progressive: true }).toBuffer(),
      await place.clone().toColourspace('b-w').jpeg().toBuffer(),
      await place.clone().toColourspace('cmyk').jpeg().toBuffer(),
      await place.clone().toColourspace('rgb16').png().toBuffer(),
      await place.clone().ensureAlpha(0.5).png().toBuffer(),
      bmp({ bits: 24, width: info.width, height: info.height, pixels }),
    ]) {
      const { says } = judge({ changed: {}, usable: true });
      assert.equal(await says(data), '+first');
      assert.equal(await says(data), '-unchanged');
    }
  });

  it('sees a picture of one point, and one that is all black turn white', async () => {
    const { says } = judge({ changed: {} });
    assert.equal(await says(await plain(0, { width: 1, height: 1 })), '+first');
    assert.equal(await says(await plain(0, { width: 1, height: 1 })), '-unchanged');
    assert.equal(await says(await picture()), '+changed');
  });
});

/** A red square of 64 × 40 points. */
async function stamp(jpeg: Buffer, left: number, top: number): Promise<Buffer> {
  const square = { create: { width: 64, height: 40, channels: 3, background: '#d02020' } } as const;
  return loadSharp()(jpeg)
    .composite([{ input: square, left, top }])
    .jpeg()
    .toBuffer();
}
