/** Whether a picture shows anything, judged by its look. */
import type { Look } from './look';

export type Flaw = 'black' | 'washed-out' | 'covered' | 'blurred' | 'truncated';

/** Brightness, of 255, that hardly any point of a black picture has. A lit window at night is above it. */
const BLACK = 30;
/** Brightness that hardly any point of a washed out picture falls below. */
const WHITE = 205;
/** Share of the points that may be outside: hot pixels, a logo, the clock. */
const OUTSIDE = 0.01;
/** Change over some points, of 255, that noise does not make in a look. */
const STRUCTURE = 6;
/** Share of the points that have structure around them in a picture that is not covered. */
const LEAST_STRUCTURE = 0.03;
/** See `edges`. */
const LEAST_SHARPNESS = 0.055;
/** Points over which a change is structure. */
const REACH = 4;
/** Points on each side below which a look is too small to tell a blurred one. */
const LEAST_SIDE = 64;

/** What is wrong with a picture; undefined when it is usable. */
export function flawOf(look: Look): Flaw | undefined {
  const light = brightnessOf(look);
  const [dark, bright] = bounds(light);
  if (bright < BLACK) return 'black';
  if (dark > WHITE) return 'washed-out';
  const { structure, sharpness } = edges(light, look.width, look.height);
  if (structure < LEAST_STRUCTURE) return 'covered';
  if (Math.min(look.width, look.height) >= LEAST_SIDE && sharpness < LEAST_SHARPNESS) return 'blurred';
  return undefined;
}

export function brightnessOf({ pixels }: Look): Uint8Array {
  const light = new Uint8Array(pixels.length / 3);
  for (let index = 0, at = 0; index < light.length; index++, at += 3) {
    // ITU-R BT.601 in parts of 256.
    light[index] = (77 * pixels[at]! + 150 * pixels[at + 1]! + 29 * pixels[at + 2]!) >> 8;
  }
  return light;
}

/** The brightness that all but a few points reach, and that hardly any exceed. */
function bounds(light: Uint8Array): [number, number] {
  const counts = new Uint32Array(256);
  for (const value of light) counts[value]! += 1;
  const few = light.length * OUTSIDE;
  let [dark, bright] = [0, 255];
  for (let below = counts[0]!; below <= few && dark < 255;) below += counts[++dark]!;
  for (let above = counts[255]!; above <= few && bright > 0;) above += counts[--bright]!;
  return [dark, bright];
}

/**
 * How much of the picture has structure, and how fine it is: what a blur of 3 × 3 points takes away, in parts of the
 * change over four points. A sharp picture has 0.11 and more; one blurred by 1 % of its width 0.07, by 1.5 % 0.05.
 */
function edges(light: Uint8Array, width: number, height: number): { structure: number; sharpness: number } {
  let structured = 0;
  let fine = 0;
  let coarse = 0;
  for (let y = 1; y + REACH < height; y++) {
    for (let at = y * width + 1, end = (y + 1) * width - REACH; at < end; at++) {
      const value = light[at]!;
      const change = Math.abs(light[at + REACH]! - value) + Math.abs(light[at + REACH * width]! - value);
      if (change >= STRUCTURE) structured += 1;
      coarse += change;
      fine += Math.abs(value - meanAround(light, at, width));
    }
  }
  const points = Math.max(1, (width - 1 - REACH) * (height - 1 - REACH));
  return { structure: structured / points, sharpness: fine / Math.max(1, coarse) };
}

function meanAround(light: Uint8Array, at: number, width: number): number {
  const [above, below] = [at - width, at + width];
  const row = (middle: number) => light[middle - 1]! + light[middle]! + light[middle + 1]!;
  return (row(above) + row(at) + row(below)) / 9;
}
