/** Of the pictures that a device sends within a short time the best. Only the best so far is kept. */
import type { Clock } from '../clock';

interface Burst {
  timer: unknown;
  best: number;
  /** Tells the best one so far whether it stays the best. */
  settle: (isBest: boolean) => void;
}

export class Bursts {
  readonly #open = new Map<string, Burst>();
  #closed = false;

  /** @param lengthMs milliseconds from the first picture of a burst to its end */
  constructor(
    private readonly lengthMs: number,
    private readonly clock: Clock,
  ) {}

  /**
   * Enters a picture in the burst of its device; the first one begins it.
   * @returns true when it was the best, at the end; false as soon as a better one comes
   */
  enter(device: string, quality: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(true);
    const burst = this.#open.get(device);
    if (burst && quality <= burst.best) return Promise.resolve(false);
    burst?.settle(false);
    return new Promise((settle) => {
      const timer = burst?.timer ?? this.clock.setTimeout(() => this.#end(device), this.lengthMs);
      this.#open.set(device, { timer, best: quality, settle });
    });
  }

  /** Ends all bursts at once: the best so far are the best. What is entered later waits for no other. */
  close(): void {
    this.#closed = true;
    for (const device of [...this.#open.keys()]) this.#end(device);
  }

  #end(device: string): void {
    const burst = this.#open.get(device);
    if (!burst) return;
    this.#open.delete(device);
    this.clock.clearTimeout(burst.timer);
    burst.settle(true);
  }
}
