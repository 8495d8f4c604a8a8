import type { Clock } from '../../clock';
import { closedError, type SnapflowError, type System } from '../../errors';
import { asSnapflowError } from '../after-failure';
import type { Entry } from './entry';
import { errnoOf } from './files';
import { BEAT_MS } from './ownership';
import type { Store, StoreEvents } from './store';

export interface KeeperEvents extends StoreEvents {
  /** Somebody else owns the store: nothing of it is ours to send any more. */
  taken(): void;
  /** Whether nothing waits. */
  isEmpty(): boolean;
  /** `problem`, `isOpen` or `unsettled` is different. */
  changed(): void;
}

interface Ended {
  entry: Entry;
  reason: SnapflowError | undefined;
}

/** Holds on to a store: opens it, and again when it was away, gives signs of life, and ends what it could not end. */
export class StoreKeeper<Meta> {
  readonly #store: Store<Meta>;
  readonly #events: KeeperEvents;
  readonly #clock: Clock;
  readonly #system: System;
  readonly #unsettled = new Map<number, Ended>();
  #isOpen = false;
  #problem: SnapflowError | undefined;
  #tending: Promise<void> | undefined;
  #timer: unknown;
  #stopped = false;

  constructor(store: Store<Meta>, events: KeeperEvents, clock: Clock, system: System) {
    this.#store = store;
    this.#events = events;
    this.#clock = clock;
    this.#system = system;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What is wrong with the store. */
  get problem(): SnapflowError | undefined {
    return this.#problem;
  }

  /** Pictures that have ended and are still in the store. */
  get unsettled(): number {
    return this.#unsettled.size;
  }

  /**
   * Resolves when the store is open.
   * @throws SnapflowError when it is not; it is tried again every two seconds until `stop`
   */
  async open(): Promise<void> {
    if (!this.#stopped && !this.#isOpen) await (this.#tending ?? this.#tend());
    if (this.#stopped) throw closedError(this.#system);
    if (!this.#isOpen) throw this.#problem ?? closedError(this.#system);
  }

  /** Removes a picture, or makes it a dead letter. What the disk does not let happen now is done later. */
  async end(entry: Entry, reason?: SnapflowError): Promise<void> {
    try {
      await this.#store.settle(entry, reason);
    } catch (error) {
      this.#unsettled.set(entry.id, { entry, reason });
      this.#problem = asSnapflowError(error, this.#system);
      this.#events.changed();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#clock.clearTimeout(this.#timer);
    if (this.#isOpen) await this.#settleLeft().catch(() => undefined);
    this.#isOpen = false;
    await this.#store.close();
    await this.#tending;
  }

  #tend(): Promise<void> {
    this.#clock.clearTimeout(this.#timer);
    this.#tending = this.#look().finally(() => {
      this.#tending = undefined;
      if (this.#stopped) return;
      this.#timer = this.#clock.setTimeout(() => void this.#tend(), BEAT_MS);
      this.#events.changed();
    });
    return this.#tending;
  }

  async #look(): Promise<void> {
    try {
      if (this.#isOpen) {
        await this.#store.tend();
        await this.#settleLeft();
      } else {
        await this.#store.open(this.#events);
        this.#isOpen = true;
      }
      this.#problem = undefined;
    } catch (thrown) {
      const error = asSnapflowError(thrown, this.#system);
      this.#problem = error;
      if (error.code === 'BAD_INPUT' && this.#isOpen) {
        this.#isOpen = false;
        this.#unsettled.clear();
        this.#events.taken();
      }
      // A folder that vanished with pictures in it is waited for; one that vanished empty is made again.
      if (errnoOf(error.cause) === 'ENOENT' && this.#events.isEmpty()) this.#isOpen = false;
    }
  }

  async #settleLeft(): Promise<void> {
    for (const [id, { entry, reason }] of this.#unsettled) {
      await this.#store.settle(entry, reason);
      this.#unsettled.delete(id);
    }
  }
}
