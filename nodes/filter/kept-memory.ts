/**
 * Keeps what a filter remembers: over a redeploy in this process (Node-RED itself forgets the context of a node that
 * is deployed anew, unless its storage is configured), over a restart in the context of the node where its storage is
 * on disk. It holds grids of 32 × 32 cells and times, never pictures.
 */
import type { PictureFilter } from '../../lib/filter';
import type { NodeParts } from '../shared/node';

const KEY = 'snapflow-filter';
/** Milliseconds after a picture has passed; more that pass meanwhile are saved with it. */
const SAVE_AFTER_MS = 1_000;

const byNode = new Map<string, unknown>();

export class KeptMemory {
  readonly #parts: NodeParts;
  readonly #filter: PictureFilter;
  #timer: NodeJS.Timeout | undefined;
  #told = false;

  constructor(parts: NodeParts, filter: PictureFilter) {
    this.#parts = parts;
    this.#filter = filter;
  }

  load(): Promise<void> {
    const { node } = this.#parts;
    if (byNode.has(node.id)) {
      this.#filter.restore(byNode.get(node.id));
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      node.context().get(KEY, (error, saved) => {
        if (error) this.#failed(error);
        else this.#filter.restore(saved);
        resolve();
      });
    });
  }

  /** A picture has passed: saves soon. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { node } = this.#parts;
    const saved = this.#filter.save();
    byNode.set(node.id, saved);
    return new Promise((resolve) => {
      node.context().set(KEY, saved, (error) => {
        if (error) this.#failed(error);
        resolve();
      });
    });
  }

  /** The node is gone for good. */
  forget(): void {
    byNode.delete(this.#parts.node.id);
  }

  /** Told once: the filter works as well without. */
  #failed(error: Error): void {
    if (!this.#told) this.#parts.node.warn(String(error));
    this.#told = true;
  }
}
