/**
 * Lanes in memory: things are sent in order and paced per device, devices side by side; after a failure each is
 * sent again, waits, stands or is given up as its class says. Whatever is added ends in its promise.
 */
import { systemClock, type Clock } from '../clock';
import { closedError, type System } from '../errors';
import { Announcer } from './announcer';
import { Bounds, type BoundsOptions } from './bounds';
import type { DispatchOptions } from './dispatch-options';
import { Dispatcher } from './dispatcher';
import { Sender, type SendOptions } from './sender';
import type { DeliveryState } from './state';
import type { Delivered, Ticket } from './ticket';

export interface LanesOptions<Item, Result>
  extends DispatchOptions, BoundsOptions, SendOptions<Item, Result> {
  /** Called after changes, at most once per turn of the event loop. */
  onState?: (state: DeliveryState) => void;
}

interface Held<Item, Result> extends Ticket {
  item: Item;
  resolve(delivered: Delivered<Result>): void;
  reject(error: Error): void;
}

export class Lanes<Item, Result> {
  readonly #system: System;
  readonly #clock: Clock;
  readonly #bounds: Bounds;
  readonly #dispatcher: Dispatcher<Held<Item, Result>, Result>;
  readonly #announcer: Announcer<DeliveryState>;

  /** @throws SnapflowError `BAD_INPUT` for an option out of range */
  constructor(options: LanesOptions<Item, Result>) {
    this.#system = options.system ?? 'snapflow';
    this.#clock = options.clock ?? systemClock;
    this.#bounds = new Bounds(options, this.#system);
    this.#announcer = new Announcer(() => this.state(), options.onState);
    const sender = new Sender(options, this.#system);
    this.#dispatcher = new Dispatcher<Held<Item, Result>, Result>(
      {
        canFix: sender.canFix,
        send: (ticket, attempt) => sender.send(ticket, ticket.item, attempt),
        classify: (error) => sender.classify(error),
        settled: (ticket, ending) => {
          if (ending.kind === 'delivered') ticket.resolve(ending.delivered);
          else ticket.reject(ending.error);
        },
        changed: () => this.#announcer.changed(),
      },
      options,
    );
  }

  /**
   * Takes one thing. An idle lane sends it at once.
   * @param lane the device; never a secret (see `laneKey`), since states show it
   * @param bytes its size, for the bounds
   * @returns when it is delivered. Rejects with `QUEUE_FULL` or `TOO_LARGE` (not taken), with the final failure of
   *   its send, with `TIMEOUT` (older than `maxAgeMs`) or with `CLOSED`
   */
  add(lane: string, item: Item, bytes: number): Promise<Delivered<Result>> {
    const { count, bytes: waitingBytes, stopped } = this.#dispatcher;
    if (stopped) return Promise.reject(closedError(this.#system));
    if (!this.#bounds.hasRoom(count + 1, waitingBytes + bytes)) {
      return Promise.reject(this.#bounds.refusal(count, waitingBytes, bytes));
    }
    return new Promise((resolve, reject) => {
      this.#dispatcher.push({
        lane,
        bytes,
        addedAt: this.#clock.now(),
        since: this.#clock.monotonic(),
        attempts: 0,
        item,
        resolve,
        reject,
      });
    });
  }

  /** Lets a held lane, or all of them, try again, and ends pauses after failures. */
  resume(lane?: string): void {
    this.#dispatcher.resume(lane);
  }

  state(): DeliveryState {
    return this.#dispatcher.state();
  }

  /** Lanes that are remembered: with something waiting, or whose pace has not passed yet. */
  get laneCount(): number {
    return this.#dispatcher.laneCount;
  }

  /** Rejects what waits with `CLOSED`, one each, and aborts what is being sent; resolves when all have ended. */
  async close(): Promise<void> {
    for (const ticket of this.#dispatcher.stop()) ticket.reject(closedError(this.#system));
    await this.#dispatcher.finish();
  }
}
