/**
 * Made-up input: the same in every run. FUZZ_SEED=… tries another; FUZZ_SHARE=0.2 only a part, where another run
 * tries it all.
 */
export const fuzzSeed = Number(process.env['FUZZ_SEED'] ?? 1);

/** How often a property is tried. */
export function fuzzRuns(count: number): number {
  return Math.ceil(count * Number(process.env['FUZZ_SHARE'] ?? 1));
}
