/** What one upload node has in the lanes of its project, as a status. */
import type { DeliveryState } from '../../lib/delivery';
import type { SnapflowError } from '../../lib/errors';
import { describeError } from '../../lib/texts';
import type { NodeParts } from '../shared/node';
import { runtimeLanguage } from '../shared/words';

export class Waiting {
  readonly #parts: NodeParts;
  /** Pictures of this node by lane. */
  readonly #counts = new Map<string, number>();
  /** The failures for which lanes of this node stand, each told once. */
  #told = new Set<SnapflowError>();

  constructor(parts: NodeParts) {
    this.#parts = parts;
  }

  /** Counts a picture in until its delivery has ended in one way or another. */
  async during<T>(lane: string, delivery: Promise<T>): Promise<T> {
    this.#count(lane, 1);
    if (this.#total === 1) this.#parts.status.word('busy', 'status.uploading');
    try {
      return await delivery;
    } finally {
      this.#count(lane, -1);
    }
  }

  get isOver(): boolean {
    return this.#counts.size === 0;
  }

  get #total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Shows what became of the lanes. Nothing waiting: the last outcome stays. */
  show({ held, retrying }: DeliveryState): void {
    const { status } = this.#parts;
    const count = this.#total;
    const stopped = held.filter(({ lane }) => this.#counts.has(lane));
    this.#tell(stopped.map(({ error }) => error));
    if (count === 0) return;
    if (stopped.length > 0) status.text('waiting', 'status.held', { count });
    else if (retrying > 0) status.text('waiting', 'status.retrying', { count });
    else if (count > 1) status.text('busy', 'status.waiting', { count });
    else status.word('busy', 'status.uploading');
  }

  /** A held lane keeps its messages, so no Catch node hears of it: the log and the debug sidebar do. */
  #tell(errors: SnapflowError[]): void {
    const { RED, node } = this.#parts;
    for (const error of errors) {
      if (!this.#told.has(error)) node.warn(describeError(error, runtimeLanguage(RED)));
    }
    this.#told = new Set(errors);
  }

  #count(lane: string, change: number): void {
    const count = (this.#counts.get(lane) ?? 0) + change;
    if (count > 0) this.#counts.set(lane, count);
    else this.#counts.delete(lane);
  }
}
