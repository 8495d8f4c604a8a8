import type { Files } from './files';

/** Flushes a folder once for all who ask while a flush is running: the cost of many at once is that of two. */
export class FolderFlush {
  readonly #files: Files;
  readonly #folder: string;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Resolves when all that was done in the folder before this call is on the disk. */
  flush(): Promise<void> {
    if (!this.#running) return this.#start();
    // The running one may have begun before the caller's change: only the next is sure to hold it.
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<void> {
    this.#next = undefined;
    const running = this.#files.flushFolder(this.#folder).finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
