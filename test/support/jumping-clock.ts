import type { Clock } from '../../lib/clock';

/** Time that stands still until something waits: then it jumps to the end of the wait. */
export class JumpingClock implements Clock {
  /** The waits there were, in milliseconds. */
  readonly waits: number[] = [];
  constructor(public time = Date.parse('2026-01-02T03:04:05Z')) {}

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  setTimeout(action: () => void, ms: number): unknown {
    return setImmediate(() => {
      this.waits.push(ms);
      this.time += ms;
      action();
    });
  }

  clearTimeout(timer: unknown): void {
    clearImmediate(timer as NodeJS.Immediate);
  }
}
