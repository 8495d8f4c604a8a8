/** How many connections each address holds. */
export class AddressCount {
  private readonly counts = new Map<string, number>();
  private total = 0;

  constructor(
    private readonly max: number,
    private readonly maxPerAddress: number,
  ) {}

  hasRoom(address: string): boolean {
    return this.total < this.max && (this.counts.get(address) ?? 0) < this.maxPerAddress;
  }

  add(address: string): void {
    this.counts.set(address, (this.counts.get(address) ?? 0) + 1);
    this.total++;
  }

  remove(address: string): void {
    const count = this.counts.get(address) ?? 0;
    if (count === 0) return;
    this.total--;
    if (count === 1) this.counts.delete(address);
    else this.counts.set(address, count - 1);
  }
}
