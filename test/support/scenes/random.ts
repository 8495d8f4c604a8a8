/** Random numbers that are the same in every run. */

export interface Random {
  /** From 0 up to 1. */
  next(): number;
  between(low: number, high: number): number;
  /** Whole, from low to high. */
  whole(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
}

/** @param seed any number; neighbours give unlike sequences */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  const next = () => {
    // xorshift with a multiplication behind it: plenty for pictures.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (Math.imul(state, 0x2545f491) >>> 0) / 2 ** 32;
  };
  for (let skipped = 0; skipped < 4; skipped++) next();
  const between = (low: number, high: number) => low + next() * (high - low);
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1));
  return { next, between, whole, pick: (items) => items[whole(0, items.length - 1)]! };
}

/** Numbers around 0 with a standard deviation of 1, made once: drawing each anew would take most of the time. */
const BELL = Float32Array.from({ length: 65_536 }, bell(randomOf(20_260)));

function bell(random: Random): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Adds noise of a standard deviation to each number. */
export function addNoise(values: Float32Array, deviation: number, random: Random): void {
  // Pieces of a length that fits no row, each from another place of the table: no pattern comes back.
  for (let from = 0; from < values.length; from += 1021) {
    const start = random.whole(0, BELL.length - 1022);
    const end = Math.min(values.length, from + 1021);
    for (let at = from; at < end; at++) values[at]! += deviation * BELL[start + at - from]!;
  }
}

/** A smooth field of hills and valleys from 0 to 1, as clouds and ground have. Coordinates in hills. */
export function hillsOf(random: Random): (x: number, y: number) => number {
  const table = Float32Array.from({ length: 4096 }, () => random.next());
  const height = (x: number, y: number) => table[(x * 127 + y * 311) & 4095]!;
  const ease = (t: number) => t * t * (3 - 2 * t);
  return (x, y) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [across, down] = [ease(x - left), ease(y - top)];
    const upper = height(left, top) * (1 - across) + height(left + 1, top) * across;
    const lower = height(left, top + 1) * (1 - across) + height(left + 1, top + 1) * across;
    return upper * (1 - down) + lower * down;
  };
}
