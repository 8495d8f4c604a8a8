/** Parts of a picture that do not count, such as the clock that the camera writes into it. */
import { SnapflowError } from '../errors';
import { CELLS, SIDE } from './grid';

/** Percent of the width and height of the picture. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * 1 for each cell that counts, 0 for those that a region touches.
 * @throws SnapflowError `BAD_INPUT` when a region is no part of the picture, or nothing is left
 */
export function weightsOf(regions: readonly Region[]): Float32Array {
  const weights = new Float32Array(CELLS).fill(1);
  for (const region of regions) mask(weights, region);
  if (weights.includes(1)) return weights;
  throw new SnapflowError(
    'BAD_INPUT',
    'The masked regions cover the whole picture: leave something to compare.',
  );
}

function mask(weights: Float32Array, region: Region): void {
  const { left, top, width, height } = region;
  const within = [left, top, width, height].every((percent) => percent >= 0 && percent <= 100);
  if (!within || left + width > 100 || top + height > 100) {
    throw new SnapflowError(
      'BAD_INPUT',
      'A masked region must lie within the picture: left, top, width and height in percent, from 0 to 100.',
    );
  }
  const [fromX, toX] = touched(left, width);
  const [fromY, toY] = touched(top, height);
  for (let y = fromY; y < toY; y++) weights.fill(0, y * SIDE + fromX, y * SIDE + toX);
}

function touched(start: number, length: number): [number, number] {
  if (length === 0) return [0, 0];
  return [Math.floor((start / 100) * SIDE), Math.min(SIDE, Math.ceil(((start + length) / 100) * SIDE))];
}
