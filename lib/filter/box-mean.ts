/** Means over squares of cells, all at once. */
import { SIDE } from './grid';

/** Of a table of sums of everything above and left of a cell: one more than the grid. */
const WIDTH = SIDE + 1;

/**
 * @param weights 0 for cells that do not count
 * @param radius cells on each side of the middle one
 * @param floor least weight by which a sum is divided: where less counts, the mean is closer to 0
 */
export function boxMean(
  values: Float32Array,
  weights: Float32Array,
  radius: number,
  floor = 1e-6,
): Float32Array {
  const sums = summed(values, weights);
  const counts = summed(weights, weights);
  const means = new Float32Array(values.length);
  for (let y = 0; y < SIDE; y++) {
    const top = Math.max(0, y - radius) * WIDTH;
    const bottom = Math.min(SIDE, y + radius + 1) * WIDTH;
    for (let x = 0; x < SIDE; x++) {
      const left = Math.max(0, x - radius);
      const right = Math.min(SIDE, x + radius + 1);
      const sum = sums[bottom + right]! - sums[top + right]! - sums[bottom + left]! + sums[top + left]!;
      const count =
        counts[bottom + right]! - counts[top + right]! - counts[bottom + left]! + counts[top + left]!;
      means[y * SIDE + x] = sum / Math.max(floor, count);
    }
  }
  return means;
}

/** Weights are 0 or 1, so that they are their own squares. */
function summed(values: Float32Array, weights: Float32Array): Float64Array {
  const table = new Float64Array(WIDTH * WIDTH);
  for (let y = 0; y < SIDE; y++) {
    let row = 0;
    for (let x = 0; x < SIDE; x++) {
      row += values[y * SIDE + x]! * weights[y * SIDE + x]!;
      table[(y + 1) * WIDTH + x + 1] = table[y * WIDTH + x + 1]! + row;
    }
  }
  return table;
}
