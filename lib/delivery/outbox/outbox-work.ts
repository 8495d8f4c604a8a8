import { SnapflowError, type System } from '../../errors';
import { asSnapflowError } from '../after-failure';
import type { Attempt, Ending, Work } from '../work';
import type { FailureClass } from '../failure';
import { Sender } from '../sender';
import type { FailedEvent, OutboxCounters, OutboxOptions, Outgoing } from './options';
import type { Parcel } from './parcel';
import type { StoreKeeper } from './store-keeper';
import type { Waiting } from './waiting';

/** What an outbox does for its dispatcher: reads a picture when its turn comes, sends it, and writes its end down. */
export class OutboxWork<Meta, Result> implements Work<Waiting<Meta>, Result> {
  readonly #options: OutboxOptions<Meta, Result>;
  readonly #keeper: StoreKeeper<Meta>;
  readonly #counters: OutboxCounters;
  readonly #system: System;
  readonly #sender: Sender<Outgoing<Meta>, Result>;
  /** Failures that are about the store and not about the picture or its target. */
  readonly #ownFailures = new WeakMap<SnapflowError, FailureClass>();
  /** Ends when the last one that was too old is a dead letter. */
  #expiring: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    options: OutboxOptions<Meta, Result>,
    keeper: StoreKeeper<Meta>,
    counters: OutboxCounters,
    readonly changed: () => void,
  ) {
    this.#options = options;
    this.#keeper = keeper;
    this.#counters = counters;
    this.#system = options.system ?? 'snapflow';
    this.#sender = new Sender(options, this.#system);
  }

  get canFix(): boolean {
    return this.#sender.canFix;
  }

  classify(error: SnapflowError): FailureClass {
    return this.#ownFailures.get(error) ?? this.#sender.classify(error);
  }

  async send(waiting: Waiting<Meta>, attempt: Attempt): Promise<Result> {
    const parcel = await this.#read(waiting);
    waiting.meta = parcel.meta;
    return await this.#sender.send(
      waiting,
      { ...parcel, entry: waiting.entry, again: waiting.again },
      attempt,
    );
  }

  async settled(waiting: Waiting<Meta>, ending: Ending<Result>): Promise<void> {
    const { entry, lost } = waiting;
    // Cut off by a close: it waits in the store for the next start.
    if (ending.kind === 'closed') return;
    if (lost) {
      this.#counters.dropped += 1;
      this.#tell(this.#options.onDropped, { kind: 'lost', entry });
      return;
    }
    if (ending.kind === 'delivered') {
      this.#counters.delivered += 1;
      await this.#keeper.end(entry);
      this.#tell(this.#options.onDelivered, { ...ending.delivered, entry, meta: waiting.meta as Meta });
      return;
    }
    if (ending.kind === 'done') {
      this.#counters.partlyDone += 1;
      await this.#keeper.end(entry);
      this.#failed('partly-done', waiting, ending.error);
      return;
    }
    if (ending.kind === 'refused') {
      await this.#giveUp(waiting, ending.error);
      return;
    }
    // One after the other: thousands may be too old at once after a long pause, and each is read for its message.
    // What a close leaves of them is too old at the next start as well.
    this.#expiring = this.#expiring.then(() =>
      this.#stopped ? undefined : this.#giveUp(waiting, ending.error),
    );
    await this.#expiring;
  }

  /** What is only too old is left to the next start. */
  stop(): void {
    this.#stopped = true;
  }

  async #giveUp(waiting: Waiting<Meta>, error: SnapflowError): Promise<void> {
    if (waiting.meta === undefined) {
      const parcel = await this.#read(waiting).catch(() => undefined);
      waiting.meta = parcel?.meta;
    }
    this.#counters.dead += 1;
    await this.#keeper.end(waiting.entry, error);
    this.#failed('dead', waiting, error);
  }

  #failed(kind: FailedEvent<Meta>['kind'], { entry, meta }: Waiting<Meta>, error: SnapflowError): void {
    this.#tell(this.#options.onFailed, { kind, entry, meta, error });
  }

  async #read(waiting: Waiting<Meta>): Promise<Parcel<Meta>> {
    let parcel: Parcel<Meta> | undefined;
    try {
      parcel = await this.#options.store.take(waiting.entry);
    } catch (thrown) {
      // It was no attempt to send, and says nothing about the picture.
      waiting.attempts -= 1;
      throw this.#own(asSnapflowError(thrown, this.#system), 'retry');
    }
    if (parcel) return parcel;
    waiting.lost = true;
    const error = new SnapflowError(
      'NOT_FOUND',
      'The file of this picture is gone from the outbox, or damaged.',
      {
        system: this.#system,
      },
    );
    throw this.#own(error, 'refuse');
  }

  #own(error: SnapflowError, failure: FailureClass): SnapflowError {
    this.#ownFailures.set(error, failure);
    return error;
  }

  /** Later, so that a listener that throws does not stop the lane. */
  #tell<Event>(listener: ((event: Event) => void) | undefined, event: Event): void {
    if (listener) queueMicrotask(() => listener(event));
  }
}
