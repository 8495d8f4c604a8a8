/** What is due when: a binary heap, so that one timer serves any number of lanes. */

interface Wake<Value> {
  at: number;
  value: Value;
}

export class WakeList<Value> {
  readonly #heap: Array<Wake<Value>> = [];

  /** The earliest moment, or undefined when nothing is due. */
  get next(): number | undefined {
    return this.#heap[0]?.at;
  }

  add(at: number, value: Value): void {
    const heap = this.#heap;
    heap.push({ at, value });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (this.#at(parent) <= this.#at(child)) break;
      this.#swap(parent, child);
      child = parent;
    }
  }

  /** Takes what is due at `now`, earliest first. */
  *due(now: number): Generator<Value> {
    while (this.#at(0) <= now) yield this.#takeFirst();
  }

  clear(): void {
    this.#heap.length = 0;
  }

  #takeFirst(): Value {
    const heap = this.#heap;
    const first = heap[0] as Wake<Value>;
    const last = heap.pop() as Wake<Value>;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first.value;
  }

  #sink(): void {
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(parent) <= this.#at(child)) return;
      this.#swap(parent, child);
      parent = child;
    }
  }

  #at(index: number): number {
    return this.#heap[index]?.at ?? Infinity;
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b] as Wake<Value>, heap[a] as Wake<Value>];
  }
}
