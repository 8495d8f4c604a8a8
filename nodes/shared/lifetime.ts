/** Who opens a socket, timer or listener for a node owns it here; it ends when the node is closed. */
import type { RedNode } from './red';

/** Milliseconds after which a node counts as closed even if something it owns does not end. Default 1000. */
const CLOSE_LIMIT_MS = 1000;

/** @param removed whether the node is gone for good; otherwise it is deployed anew, or Node-RED ends */
type Dispose = (removed: boolean) => unknown;

export class Lifetime {
  readonly #controller = new AbortController();
  readonly #owned: Dispose[] = [];

  constructor(node: RedNode, closeLimitMs = CLOSE_LIMIT_MS) {
    // Two declared parameters: only then does Node-RED wait for `done`.
    node.on('close', (removed, done) => {
      void this.#end(node, removed, closeLimitMs).then(done);
    });
  }

  /** Aborted when the node is closed, before anything owned is ended. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends with the node, the last owned first. May return a promise; may throw: that is logged. */
  own(dispose: Dispose): void {
    this.#owned.push(dispose);
  }

  async #end(node: RedNode, removed: boolean, limitMs: number): Promise<void> {
    this.#controller.abort();
    const ends = this.#owned
      .splice(0)
      .reverse()
      .map(async (dispose) => {
        try {
          await dispose(removed);
        } catch (error) {
          node.warn(String(error));
        }
      });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.all(ends), limit]);
    clearTimeout(timer);
  }
}
