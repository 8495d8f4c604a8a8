/**
 * The strongest local change between two grids.
 *
 * The difference of two pictures of the same place is: what the light did (smooth over the picture, also a cloud's
 * shadow), what the exposure did to the contrast (the same factor everywhere), noise, and what came or went. The
 * first two are estimated and taken away, noise is averaged, the rest is the change.
 */
import { boxMean } from './box-mean';
import { CELLS, CHANNELS, STEPS, type Grid } from './grid';

/** Cells to each side over which light is taken to be even: a square of a fifth of the picture's sides. */
const LIGHT_RADIUS = 3;
/** A change is the mean over 3 × 3 cells, 0.9 % of the picture. */
const CHANGE_RADIUS = 1;
const CHANGE_CELLS = (2 * CHANGE_RADIUS + 1) ** 2;
/** What differs by more than this is no light, and does not count when light is estimated. */
const OUTLIER = 0.12;
const ROUNDS = 3;
/** Structure that stands for an unchanged contrast, so that a blank wall does not give a factor out of noise. */
const EVIDENCE = 0.5;
const LEAST_CONTRAST = 0.2;
const MOST_CONTRAST = 5;

/**
 * @param weights 1 for cells that count, 0 for masked ones
 * @returns 0 for nothing; 0.1 is a tenth darker, lighter or more colourful over about 1 % of the picture
 */
export function localChange(before: Grid, after: Grid, weights: Float32Array): number {
  const change = new Float32Array(CELLS);
  for (let channel = 0; channel < CHANNELS; channel++) {
    const plane = unexplained(planeOf(before, channel), planeOf(after, channel), weights);
    for (let cell = 0; cell < CELLS; cell++) change[cell]! += plane[cell]! ** 2;
  }
  for (let cell = 0; cell < CELLS; cell++) change[cell] = Math.sqrt(change[cell]!);
  // At the edge of the picture or of a mask the missing cells count as unchanged.
  return Math.max(...boxMean(change, weights, CHANGE_RADIUS, CHANGE_CELLS));
}

function planeOf(grid: Grid, channel: number): Float32Array {
  // Not by `Float32Array.from(…, map)`, which is twenty times slower.
  return new Float32Array(grid.subarray(channel * CELLS, (channel + 1) * CELLS)).map(
    (value) => value / STEPS,
  );
}

/** What light and contrast do not explain of the difference of two planes. */
function unexplained(before: Float32Array, after: Float32Array, weights: Float32Array): Float32Array {
  let trusted = weights;
  for (let round = 1; ; round++) {
    const [fine, wanted] = [withoutLight(before, trusted), withoutLight(after, trusted)];
    const contrast = contrastOf(fine, wanted, trusted);
    const rest = wanted.map((value, cell) => value - contrast * fine[cell]!);
    if (round === ROUNDS) return rest;
    trusted = weights.map((weight, cell) => (Math.abs(rest[cell]!) > OUTLIER ? 0 : weight));
  }
}

function withoutLight(plane: Float32Array, weights: Float32Array): Float32Array {
  const light = boxMean(plane, weights, LIGHT_RADIUS);
  return plane.map((value, cell) => value - light[cell]!);
}

/** The factor that brings one closest to the other (least squares); 1 where there is no structure to tell by. */
function contrastOf(fine: Float32Array, wanted: Float32Array, weights: Float32Array): number {
  let product = EVIDENCE;
  let square = EVIDENCE;
  for (let cell = 0; cell < CELLS; cell++) {
    product += weights[cell]! * fine[cell]! * wanted[cell]!;
    square += weights[cell]! * fine[cell]! ** 2;
  }
  return Math.max(LEAST_CONTRAST, Math.min(MOST_CONTRAST, product / square));
}
