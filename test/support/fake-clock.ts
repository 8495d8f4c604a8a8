import type { Clock } from '../../lib/clock';

interface Timer {
  at: number;
  action: () => void;
}

/** A clock that stands until a test moves it. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>();
  #elapsed = 0;
  #wall: number;

  constructor(start = Date.UTC(2026, 10, 22, 3)) {
    this.#wall = start;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  setTimeout(action: () => void, ms: number): unknown {
    const timer = { at: this.#elapsed + ms, action };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Sets the wall clock as a person or NTP would. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** Lets time pass: every timer fires at its moment, and what follows from it happens before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    for (;;) {
      await turn();
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#timers.delete(next);
      this.#moveTo(next.at);
      next.action();
    }
    this.#moveTo(end);
    await turn();
  }

  #moveTo(moment: number): void {
    this.#wall += moment - this.#elapsed;
    this.#elapsed = moment;
  }
}

/** Resolves when all promises that can go on have gone on. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Lets promises go on until something is so. */
export async function until(so: () => boolean): Promise<void> {
  for (let turns = 0; !so(); turns += 1) {
    if (turns === 1_000) throw new Error('It never came.');
    await turn();
  }
}
