/**
 * Remembers accepted `/connect`s for as long as the clock window would let them pass again, so that a recorded
 * one is good for nothing. Kept by SN and timestamp, which the signature covers: the same signature can be
 * written in several ways. Only accepted ones are kept, so a flood of forged ones costs no memory.
 */
export class ReplayGuard {
  /** SN and timestamp → when it may be forgotten, in the order they came. */
  private readonly seen = new Map<string, number>();

  /** @param keepMs twice the clock window: a device's clock may be that far ahead */
  constructor(private readonly keepMs: number) {}

  /** True when this device was accepted with this timestamp before. */
  has(sn: string, ts: string): boolean {
    return this.seen.has(`${sn} ${ts}`);
  }

  add(sn: string, ts: string, now: number): void {
    this.seen.set(`${sn} ${ts}`, now + this.keepMs);
  }

  sweep(now: number): void {
    for (const [connect, until] of this.seen) {
      if (until > now) return;
      this.seen.delete(connect);
    }
  }
}
