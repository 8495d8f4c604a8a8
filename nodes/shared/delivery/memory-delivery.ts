/** Pictures that wait in memory: each message leaves, or fails, when its picture's delivery has ended. */
import type { DeliveryState } from '../../../lib/delivery';
import { laneKey } from '../../../lib/delivery/lane-key';
import { SnapflowError } from '../../../lib/errors';
import type { NodeParts } from '../node';
import type { Message, Send } from '../red';
import { setAnswer } from './answer';
import type { Errand } from './memory-lanes';
import type { Order } from './orders';
import { UPLOADING, type Outgoing, type Shipment, type StatusWords, type Target } from './target';
import { ToldOnce } from './told-once';
import { outboxKey } from './words';

export class MemoryDelivery<Job, Result> {
  readonly #parts: NodeParts;
  readonly #target: Target<Job, Result>;
  readonly #told: ToldOnce;
  readonly #words: StatusWords;
  /** The lane of each picture of this node; the lanes may be those of other nodes as well. */
  readonly #mine: string[] = [];

  constructor(parts: NodeParts, target: Target<Job, Result>) {
    this.#parts = parts;
    this.#target = target;
    this.#told = new ToldOnce(parts);
    this.#words = target.status ?? UPLOADING;
    parts.life.own(target.memory.watch((state) => this.#show(state)));
  }

  obey({ action }: Order): Promise<void> {
    if (action === 'resume') {
      this.#target.memory.lanes.resume();
      return Promise.resolve();
    }
    throw new SnapflowError(
      'BAD_INPUT',
      'The pictures of this node wait in memory: choose “on disk” in its dialog to list, resend or drop them.',
      { system: this.#target.system },
    );
  }

  async take(msg: Message, send: Send, { lane, body, job, secret }: Shipment<Job>): Promise<void> {
    const key = laneKey(lane);
    const errand = this.#errand({ body, job, secret, again: false });
    this.#mine.push(key);
    if (this.#mine.length === 1) this.#parts.status.word('busy', outboxKey(this.#words.busy));
    try {
      const delivered = await this.#target.memory.lanes.add(key, errand, body.length);
      setAnswer(msg, this.#target, { ...delivered, result: delivered.result as Result });
    } finally {
      this.#mine.splice(this.#mine.indexOf(key), 1);
    }
    send(msg);
    if (this.#mine.length === 0) this.#parts.status.word('ok', outboxKey(this.#words.done));
  }

  #errand(outgoing: Outgoing<Job>): Errand {
    const { send, fix } = this.#target;
    return {
      send: (attempt) => send(outgoing, attempt),
      fix:
        fix &&
        (async (error, signal) =>
          this.#errand({ ...outgoing, body: await fix(outgoing.body, error, signal) })),
    };
  }

  /** Shows what became of the lanes. Nothing waiting: the last outcome stays. */
  #show({ held, retrying }: DeliveryState): void {
    const { status } = this.#parts;
    const count = this.#mine.length;
    const stopped = held.filter(({ lane }) => this.#mine.includes(lane)).map(({ error }) => error);
    // A held lane keeps its messages, so no Catch node hears of it.
    this.#told.tell(stopped);
    if (count === 0) return;
    if (stopped.length > 0) status.text('waiting', outboxKey('status.held'), { count });
    else if (retrying > 0) status.text('waiting', outboxKey('status.retrying'), { count });
    else if (count > 1) status.text('busy', outboxKey('status.waiting'), { count });
    else status.word('busy', outboxKey(this.#words.busy));
  }
}
