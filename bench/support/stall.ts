/** How long the event loop stands still while pictures are worked on. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Measures } from './bench';

/** Milliseconds between two looks at the clock of the loop; what is longer is a stall. */
const RESOLUTION_MS = 1;

/**
 * Does the pieces one after the other.
 * @returns `ms` of a piece, and `stall`: the longest stand-still of each piece, of these the 99th percentile, in ms
 */
export async function timedWithStalls(
  units: number,
  piece: (index: number) => Promise<unknown>,
): Promise<Measures> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const longest: number[] = [];
  let ms = 0;
  delay.enable();
  for (let index = 0; index < units; index++) {
    delay.reset();
    const start = performance.now();
    await piece(index);
    ms += performance.now() - start;
    // What came due while the loop stood is counted in its next turns.
    await new Promise((resolve) => setTimeout(resolve, 3 * RESOLUTION_MS));
    longest.push(Math.max(0, delay.max / 1e6 - RESOLUTION_MS));
  }
  delay.disable();
  longest.sort((one, other) => one - other);
  return { ms: ms / units, stall: longest[Math.floor(longest.length * 0.99)] ?? 0 };
}
