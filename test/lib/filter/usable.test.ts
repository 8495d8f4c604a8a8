import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadSharp } from '../../../lib/picture/sharp';
import { judge } from './judging';
import { blurred, picture, plain } from './pictures';

const verdict = (data: Buffer) => judge({ usable: true }).says(data);

describe('the rule “usable”', () => {
  it('lets real pictures pass, by day, in the dusk and with noise', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      assert.equal(await verdict(await picture({ seed })), '+first', `place ${seed}`);
      assert.equal(
        await verdict(await picture({ seed, gain: 0.35, noise: 10 })),
        '+first',
        `place ${seed} in the dusk`,
      );
      assert.equal(
        await verdict(await picture({ seed, gain: 1.35, offset: 15 })),
        '+first',
        `place ${seed} in the sun`,
      );
    }
  });

  it('holds back black, white and covered ones', async () => {
    assert.equal(await verdict(await plain(4, { noise: 6 })), '-black');
    assert.equal(await verdict(await picture({ gain: 0.05, noise: 2 })), '-black');
    assert.equal(await verdict(await plain(250)), '-washed-out');
    assert.equal(await verdict(await picture({ gain: 2, offset: 190 })), '-washed-out');
    assert.equal(await verdict(await plain(90, { noise: 8 })), '-covered');
    const hand = await blurred(await picture({ gain: 0.4 }), 60);
    assert.equal(await verdict(hand), '-covered');
  });

  it('holds back blurred ones', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      assert.equal(await verdict(await blurred(await picture({ seed }), 7)), '-blurred', `place ${seed}`);
    }
  });

  it('holds back what was cut off or is broken behind a good header', async () => {
    const sharp = loadSharp();
    const jpeg = await picture();
    const png = await sharp(jpeg).png().toBuffer();
    for (const [name, whole] of Object.entries({ jpeg, png, webp: await sharp(jpeg).webp().toBuffer() })) {
      assert.equal(await verdict(whole), '+first', name);
      assert.equal(await verdict(whole.subarray(0, Math.round(whole.length * 0.6))), '-truncated', name);
    }
    const progressive = await sharp(jpeg).jpeg({ progressive: true }).toBuffer();
    assert.equal(await verdict(progressive.subarray(0, progressive.length - 400)), '-truncated');
  });
});
