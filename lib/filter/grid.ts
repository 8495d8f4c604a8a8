/**
 * What a picture shows, in 32 × 32 cells: brightness on a logarithmic scale and two colours, each relative to the
 * brightness. A light that is twice as strong moves the first by a constant and leaves the others as they are.
 *
 * A cell is a thousandth of the picture: the mean over its many pixels has hardly any noise, the changing digits of a
 * clock vanish in it, and an object of 2 % covers twenty of them.
 */
import type { Look } from './look';

export const SIDE = 32;
export const CELLS = SIDE * SIDE;
export const CHANNELS = 3;

/** `CHANNELS` planes of `CELLS`, row by row: what is kept of a picture. */
export type Grid = Int8Array;

/** Steps in a unit of the scale: brightness from black to white takes 2.8 units. */
export const STEPS = 80;

/** Added to a brightness of 0 to 255, so that the noise of dark pictures is not blown up. */
const DARK = 16;
/** The same for the colours, which have more noise. */
const DARK_COLOUR = 30;

export function gridOf({ width, height, pixels }: Look): Grid {
  const grid = new Int8Array(CHANNELS * CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const [left, right] = span(cell % SIDE, width);
    const [top, bottom] = span(Math.floor(cell / SIDE), height);
    let [red, green, blue] = [0, 0, 0];
    for (let y = top; y < bottom; y++) {
      for (let at = (y * width + left) * 3, end = (y * width + right) * 3; at < end; at += 3) {
        red += pixels[at]!;
        green += pixels[at + 1]!;
        blue += pixels[at + 2]!;
      }
    }
    const count = (right - left) * (bottom - top);
    // ITU-R BT.601, the brightness of JPEG.
    const brightness = (0.299 * red + 0.587 * green + 0.114 * blue) / count;
    const relative = (sum: number) => (sum / count - brightness) / (brightness + DARK_COLOUR);
    grid[cell] = quantised(Math.log((brightness + DARK) / (90 + DARK)));
    grid[CELLS + cell] = quantised(relative(red));
    grid[2 * CELLS + cell] = quantised(relative(blue));
  }
  return grid;
}

/** The pixels of one of 32 parts of a line, at least one. */
function span(part: number, length: number): [number, number] {
  const from = Math.floor((part * length) / SIDE);
  return [Math.min(from, length - 1), Math.max(from + 1, Math.floor(((part + 1) * length) / SIDE))];
}

function quantised(value: number): number {
  return Math.max(-127, Math.min(127, Math.round(value * STEPS)));
}
