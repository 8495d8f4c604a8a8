/** Things that arrive, taken one after the other; waiting has a limit so that a test fails with a reason. */
const LIMIT_MS = 10_000;

export class Inbox<T> {
  readonly all: T[] = [];
  #taken = 0;
  #wake: (() => void) | undefined;

  put(thing: T): void {
    this.all.push(thing);
    this.#wake?.();
  }

  /** The next thing not taken yet. */
  async next(what = 'message'): Promise<T> {
    while (this.#taken >= this.all.length) await this.#arrival(what);
    return this.all[this.#taken++] as T;
  }

  /** Takes things until one fits. */
  async until(fits: (thing: T) => boolean, what = 'fitting message'): Promise<T> {
    for (;;) {
      const thing = await this.next(what);
      if (fits(thing)) return thing;
    }
  }

  #arrival(what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`No ${what} within ${LIMIT_MS} ms.`)), LIMIT_MS);
      this.#wake = () => {
        clearTimeout(limit);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
