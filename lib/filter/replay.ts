/** What a threshold would have done with the last pictures. */
import type { Decision } from './decision';
import { difference } from './difference';
import type { Grid } from './grid';

/** A picture that was decided on. */
export interface Recorded {
  device: string;
  decision: Decision;
  /** None when no rule looked at it. */
  grid?: Grid;
}

export interface Replayed {
  pass: boolean;
  /** To the last one that would have passed. */
  distance?: number;
}

/**
 * @param records in the order they came
 * @param weights of `weightsOf`
 * @returns for each record; one that was held back for another reason, or passes for another one, still is
 */
export function replay(records: readonly Recorded[], threshold: number, weights: Float32Array): Replayed[] {
  const last = new Map<string, Grid>();
  return records.map(({ device, decision, grid }) => {
    if (grid === undefined) return { pass: decision.pass };
    const before = last.get(device);
    const distance = before && difference(before, grid, weights);
    const isOpen = decision.reason === 'unchanged' || decision.reason === 'changed';
    const pass = isOpen && distance !== undefined ? distance >= threshold : decision.pass || isOpen;
    if (pass) last.set(device, grid);
    return { pass, ...(distance !== undefined && { distance }) };
  });
}
