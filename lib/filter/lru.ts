/** A map that forgets what has not been used for longest. */
export class Lru<V> {
  readonly #entries = new Map<string, V>();

  /** @param limit entries kept */
  constructor(private readonly limit: number) {}

  get(key: string): V | undefined {
    const found = this.#entries.get(key);
    if (found !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, found);
    }
    return found;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.limit) return;
    const [oldest = ''] = this.#entries.keys();
    this.#entries.delete(oldest);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** The longest unused first. */
  entries(): Array<[string, V]> {
    return [...this.#entries];
  }
}
