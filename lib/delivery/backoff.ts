/** Growing pauses between attempts. */

export interface BackoffOptions {
  /** Milliseconds after the first failure; doubled after each further one. Default 1 000. */
  firstMs?: number;
  /** Longest pause in milliseconds. Default 60 000. */
  maxMs?: number;
  /** Share of the pause that is left to chance, 0 to 1, so that many lanes do not return as one. Default 0.5. */
  jitter?: number;
}

export type Backoff = Required<BackoffOptions>;

export const DEFAULT_BACKOFF: Backoff = { firstMs: 1_000, maxMs: 60_000, jitter: 0.5 };

/**
 * @param failures consecutive failures so far, from 1
 * @param random from 0 to 1
 */
export function backoffMs(backoff: Backoff, failures: number, random: () => number): number {
  const whole = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (failures - 1));
  return whole * (1 - backoff.jitter * random());
}
