/** One request per key in so many milliseconds, counted from the last one that was taken. */
export class Pace {
  private readonly last = new Map<string, number>();

  /** @param intervalMs 0: no limit */
  constructor(
    private readonly intervalMs: number,
    private readonly now: () => number,
  ) {}

  isFree(key: string): boolean {
    for (const [one, at] of this.last) {
      // Kept in the order of time: behind the first young one there are only younger ones.
      if (this.now() - at < this.intervalMs) break;
      this.last.delete(one);
    }
    return !this.last.has(key);
  }

  take(key: string): void {
    if (this.intervalMs > 0) this.last.set(key, this.now());
  }
}
