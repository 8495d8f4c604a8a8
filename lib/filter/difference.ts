/** How much two pictures of a place differ, as one number that a slider can be set to. */
import type { Grid } from './grid';
import { BITS, differingBits } from './hash';
import { localChange } from './local-change';

/** Makes a local change of 15 %, which the default threshold lets pass, the 0.38 of the slider. */
const SCALE = 1.25;

/**
 * @param weights of `weightsOf`
 * @returns 0 (the same) up to below 1; by the root, so that the small differences, which matter, have room on a slider
 */
export function difference(before: Grid, after: Grid, weights: Float32Array): number {
  const whole = differingBits(before, after, weights) / BITS;
  return 1 - Math.exp(-SCALE * Math.sqrt(Math.max(whole, localChange(before, after, weights))));
}
