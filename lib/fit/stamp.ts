/** Writes a line of text into a picture: white letters on a dark strip, in a font that needs no system. */
import { SnapflowError } from '../errors';
import { canDraw, glyph, GLYPH_HEIGHT, GLYPH_WIDTH } from '../picture/font';
import { overlaid } from './cover';
import type { Stamp } from './options';
import type { Raw } from '../picture/raw';

/** Letters: what is longer fits into no picture. */
const MAX_LETTERS = 200;
/** Dots between letters and around the line. */
const GAP = 1;
const MARGIN = 2;
const INK = 255;
/** Opacity of the strip, of 255. */
const STRIP = 150;

/** The letters of a text that the font does not have: a box is drawn for each. */
export function notDrawn(text: string): string {
  return [...new Set(text)].filter((letter) => !canDraw(letter)).join('');
}

export async function stampOnto(raw: Raw, stamp: Stamp, timeoutMs: number): Promise<Raw> {
  const letters = [...stamp.text.replace(/\s+/g, ' ').trim()].slice(0, MAX_LETTERS);
  if (letters.length === 0) return raw;
  const dotsWide = letters.length * (GLYPH_WIDTH + GAP) - GAP + 2 * MARGIN;
  const dotsHigh = GLYPH_HEIGHT + 2 * MARGIN;
  const wanted = Math.round((raw.height * (stamp.size ?? 3)) / 100 / GLYPH_HEIGHT);
  // As large as asked for, but never wider than the picture.
  const dot = Math.min(
    Math.max(1, wanted),
    Math.floor(raw.width / dotsWide),
    Math.floor(raw.height / dotsHigh),
  );
  if (dot < 1) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The stamp of {{letters}} letters does not fit into a picture of {{width}} × {{height}}: shorten it.',
      { values: { letters: letters.length, width: raw.width, height: raw.height } },
    );
  }
  const strip = drawn(letters, dotsWide, dotsHigh, dot);
  const corner = stamp.corner ?? 'bottom-left';
  const left = corner.endsWith('left') ? 0 : raw.width - strip.width;
  const top = corner.startsWith('top') ? 0 : raw.height - strip.height;
  const { data, ...size } = strip;
  return overlaid(raw, [{ input: data, raw: size, left, top }], timeoutMs);
}

/** The line as a small picture with transparency, `dot` pixels for a dot. */
function drawn(letters: string[], dotsWide: number, dotsHigh: number, dot: number): Raw {
  const [width, height] = [dotsWide * dot, dotsHigh * dot];
  const data = Buffer.alloc(width * height * 4);
  for (let at = 3; at < data.length; at += 4) data[at] = STRIP;
  letters.forEach((letter, index) => {
    for (const [x, y] of glyph(letter)) {
      const left = (MARGIN + index * (GLYPH_WIDTH + GAP) + x) * dot;
      const top = (MARGIN + y) * dot;
      for (let row = top; row < top + dot; row++) {
        const start = (row * width + left) * 4;
        data.fill(INK, start, start + dot * 4);
      }
    }
  });
  return { data, width, height, channels: 4 };
}
