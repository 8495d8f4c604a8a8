/**
 * Perceptual hash of the whole picture (dHash): whether each of 8 × 8 parts is lighter than its right neighbour.
 * Where both are nearly the same the answer is chance, so a bit also knows whether it is sure.
 */
import { SIDE, STEPS, type Grid } from './grid';

const COLUMNS = 9;
const ROWS = 8;
export const BITS = (COLUMNS - 1) * ROWS;
/** Difference of brightness (logarithmic) from which a bit is sure. */
const SURE = 0.12;

/** Bits of which both pictures are sure, and which differ. */
export function differingBits(before: Grid, after: Grid, weights: Float32Array): number {
  const [one, other] = [slopes(before, weights), slopes(after, weights)];
  let differing = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const [a, b] = [one[bit]!, other[bit]!];
    if (Math.abs(a) > SURE && Math.abs(b) > SURE && a > 0 !== b > 0) differing += 1;
  }
  return differing;
}

/** How much lighter each part is than its right neighbour; 0 where one of them is masked. */
function slopes(grid: Grid, weights: Float32Array): Float32Array {
  const found = new Float32Array(BITS);
  for (let row = 0, bit = 0; row < ROWS; row++) {
    let left = brightness(grid, weights, 0, row);
    for (let column = 1; column < COLUMNS; column++, bit++) {
      const right = brightness(grid, weights, column, row);
      // A part without cells is NaN, and so is what it is compared with.
      found[bit] = left - right || 0;
      left = right;
    }
  }
  return found;
}

function brightness(grid: Grid, weights: Float32Array, column: number, row: number): number {
  let [sum, count] = [0, 0];
  const [from, to] = [Math.floor((column * SIDE) / COLUMNS), Math.floor(((column + 1) * SIDE) / COLUMNS)];
  for (let y = (row * SIDE) / ROWS; y < ((row + 1) * SIDE) / ROWS; y++) {
    for (let cell = y * SIDE + from; cell < y * SIDE + to; cell++) {
      sum += weights[cell]! * grid[cell]!;
      count += weights[cell]!;
    }
  }
  return sum / count / STEPS;
}
