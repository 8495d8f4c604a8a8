/**
 * Lets as many calls run as there are connections; the rest waits in order. The pool would queue them too, but a
 * call must be signed when it is sent and not before: a login may ask for another nonce each time.
 */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Runs a call as soon as it is its turn, at once if possible. Whoever has run must `release`. */
  enter(run: () => void): void {
    if (this.#free > 0) {
      this.#free -= 1;
      run();
    } else {
      this.#waiting.add(run);
    }
  }

  /** Takes back a call; false when it has run already. */
  leave(run: () => void): boolean {
    return this.#waiting.delete(run);
  }

  release(): void {
    const [next] = this.#waiting;
    if (next) {
      this.#waiting.delete(next);
      next();
    } else {
      this.#free += 1;
    }
  }
}
