/** How long the event loop stands still while pictures are worked on. */
import type { Measures } from './bench';

/** Milliseconds between two looks at the clock; what is longer is a stall. */
const TICK_MS = 1;

/**
 * Does the pieces one after the other.
 * @returns `ms` of a piece, and `stall`: the longest stand-still of each piece, of these the 99th percentile, in ms
 */
export async function timedWithStalls(
  units: number,
  piece: (index: number) => Promise<unknown>,
): Promise<Measures> {
  let last = performance.now();
  let longest = 0;
  const ticks = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - TICK_MS);
    last = now;
  }, TICK_MS);
  const stalls: number[] = [];
  let ms = 0;
  for (let index = 0; index < units; index++) {
    const start = (last = performance.now());
    longest = 0;
    await piece(index);
    ms += performance.now() - start;
    // What came due while the loop stood is counted in its next turns.
    await new Promise((resolve) => setTimeout(resolve, 3 * TICK_MS));
    stalls.push(longest);
  }
  clearInterval(ticks);
  stalls.sort((one, other) => one - other);
  return { ms: ms / units, stall: stalls[Math.floor(stalls.length * 0.99)] ?? 0 };
}
