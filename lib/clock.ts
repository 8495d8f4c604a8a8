/** Time as the parts that pace, retry or expire see it, so that a test can let two hours pass at once. */

export interface Clock {
  /** Wall clock, milliseconds since 1970. It jumps when somebody sets it: for stamps, never for distances. */
  now(): number;
  /** Milliseconds that never go back and never jump: for distances within this process. */
  monotonic(): number;
  setTimeout(action: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (action, ms) => setTimeout(action, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
