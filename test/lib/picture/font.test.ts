import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canDraw, glyph, GLYPH_HEIGHT, GLYPH_WIDTH } from '../../../lib/picture/font';

describe('the font', () => {
  it('has letters of their own for all that a stamp usually holds, within 5 × 7 dots', () => {
    const letters = [...' 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:-./#_,;+=*%&()[]<>!?@\'"°'];
    const drawn = new Set(letters.map((letter) => JSON.stringify(glyph(letter))));
    assert.equal(drawn.size, letters.length);
    for (const letter of letters) {
      assert.ok(canDraw(letter), letter);
      for (const [x, y] of glyph(letter)) assert.ok(x < GLYPH_WIDTH && y < GLYPH_HEIGHT, letter);
    }
  });

  it('writes small letters as capitals and drops accents', () => {
    assert.deepEqual(glyph('a'), glyph('A'));
    assert.deepEqual(glyph('ü'), glyph('U'));
  });

  it('says what it cannot draw, and draws a box for it', () => {
    for (const letter of '门字😀') assert.equal(canDraw(letter), false, letter);
    assert.deepEqual(glyph('门'), glyph('口'));
  });
});
