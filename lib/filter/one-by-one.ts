/** Works on one thing of each key after the other, in the order they came. */
import { closedError, SnapflowError } from '../errors';

export class OneByOne {
  readonly #last = new Map<string, Promise<unknown>>();
  #waiting = 0;
  #closed = false;

  /** @param limit things that wait or are worked on, of all keys */
  constructor(private readonly limit: number) {}

  /** @throws SnapflowError `QUEUE_FULL`; `CLOSED` for what waits when all is closed */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.limit) {
      throw new SnapflowError(
        'QUEUE_FULL',
        'Pictures arrive faster than they can be looked at: {{count}} wait already.',
        { values: { count: this.#waiting } },
      );
    }
    this.#waiting += 1;
    const before = this.#last.get(key);
    const turn = (async () => {
      await before?.catch(() => undefined);
      if (this.#closed) throw closedError('snapflow');
      return work();
    })();
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }

  close(): void {
    this.#closed = true;
  }
}
