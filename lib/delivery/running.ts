import type { Clock } from '../clock';

interface Run {
  controller: AbortController;
  ended: Promise<void>;
}

/** What is being sent now, each with the means to abort it. */
export class Running<T> {
  readonly #runs = new Map<T, Run>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#runs.size;
  }

  has(thing: T): boolean {
    return this.#runs.has(thing);
  }

  things(): Iterable<T> {
    return this.#runs.keys();
  }

  start(thing: T, action: (signal: AbortSignal) => Promise<void>): void {
    const run: Run = { controller: new AbortController(), ended: Promise.resolve() };
    this.#runs.set(thing, run);
    run.ended = action(run.controller.signal);
  }

  /** @returns false when it was not there any more */
  end(thing: T): boolean {
    return this.#runs.delete(thing);
  }

  /** Takes everything out, whether it has ended or not. */
  takeAll(): T[] {
    const all = [...this.#runs.keys()];
    this.#runs.clear();
    return all;
  }

  abort(): void {
    for (const { controller } of this.#runs.values()) controller.abort();
  }

  /** Resolves when all that runs now has ended, or after so many milliseconds. */
  async ended(limitMs: number): Promise<void> {
    if (this.#runs.size === 0) return;
    let timer: unknown;
    const limit = new Promise<void>((resolve) => (timer = this.#clock.setTimeout(resolve, limitMs)));
    await Promise.race([Promise.all([...this.#runs.values()].map(({ ended }) => ended)), limit]);
    this.#clock.clearTimeout(timer);
  }
}
