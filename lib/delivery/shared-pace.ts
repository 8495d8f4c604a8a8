/**
 * The pace of devices to which several queues send: when each got something last. The platform counts what reaches a
 * device, whichever queue it came from.
 */
import { systemClock, type Clock } from '../clock';

export class SharedPace {
  readonly #paceMs: number;
  readonly #clock: Clock;
  /** Moments of the monotonic clock, nearly in order. */
  readonly #starts = new Map<string, number>();

  /** @param paceMs milliseconds between two starts for one device */
  constructor(paceMs: number, clock: Clock = systemClock) {
    this.#paceMs = paceMs;
    this.#clock = clock;
  }

  /** Devices that are remembered: those whose pace has not passed. */
  get size(): number {
    return this.#starts.size;
  }

  /** No start for a device before this moment of the monotonic clock. */
  notBefore(device: string): number {
    return (this.#starts.get(device) ?? -Infinity) + this.#paceMs;
  }

  /** What was started last counts from so many milliseconds later on. */
  delay(device: string, ms: number): void {
    const at = this.#starts.get(device);
    if (at !== undefined && ms > 0) this.#starts.set(device, at + ms);
  }

  /** Something is being sent to a device now. */
  started(device: string): void {
    const now = this.#clock.monotonic();
    for (const [other, at] of this.#starts) {
      if (at + this.#paceMs > now) break;
      this.#starts.delete(other);
    }
    if (this.#paceMs <= 0) return;
    this.#starts.delete(device);
    this.#starts.set(device, now);
  }
}
