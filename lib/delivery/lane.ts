import type { SnapflowError } from '../errors';
import type { Ticket } from './ticket';

/** The queue of one device. All moments are of the monotonic clock. */
export class Lane<T extends Ticket = Ticket> {
  readonly #tickets: T[] = [];
  #bytes = 0;
  /** The first ticket is being sent, or its end is being written down. */
  sending = false;
  /** In the dispatcher's list of lanes that may start. */
  ready = false;
  /** No start before this moment: pace, pause or what the platform told. */
  notBefore = -Infinity;
  /** How long that is by the pace alone. */
  pacedUntil = -Infinity;
  /** It waits longer by our own choice: nobody told it to. */
  pauses = false;
  /** The earliest wake-up that is due for it. */
  wakeAt = Infinity;
  /** Consecutive failures of class `retry`. */
  failures = 0;
  /** The last failure since something was delivered. */
  trouble: SnapflowError | undefined;
  /** Why it is stopped until `resume`, and since when (wall clock). */
  held: { error: SnapflowError; since: number } | undefined;

  constructor(readonly key: string) {}

  /** In the order in which they were accepted. */
  get tickets(): readonly T[] {
    return this.#tickets;
  }

  get first(): T | undefined {
    return this.#tickets[0];
  }

  /** Bytes of all its tickets. */
  get bytes(): number {
    return this.#bytes;
  }

  add(ticket: T): void {
    this.#tickets.push(ticket);
    this.#bytes += ticket.bytes;
  }

  /** Takes a ticket out; false when it is not there. */
  remove(ticket: T): boolean {
    const index = this.#tickets.indexOf(ticket);
    if (index === -1) return false;
    if (index === 0) this.#tickets.shift();
    else this.#tickets.splice(index, 1);
    this.#bytes -= ticket.bytes;
    return true;
  }

  /** Takes all tickets out but the one being sent. */
  takeWaiting(): T[] {
    const taken = this.#tickets.splice(this.sending ? 1 : 0);
    for (const { bytes } of taken) this.#bytes -= bytes;
    return taken;
  }

  /** Its first ticket is being sent. @param pacedUntil no other start before */
  begin(pacedUntil: number): void {
    this.sending = true;
    this.pacedUntil = pacedUntil;
    this.notBefore = pacedUntil;
    this.pauses = false;
  }

  /** What was begun counts from so much later on. */
  delayPace(ms: number): void {
    this.pacedUntil += ms;
    this.notBefore = Math.max(this.notBefore, this.pacedUntil);
  }

  /** Ends a hold or a pause of its own; the pace is kept all the same. False when there was neither. */
  resume(): boolean {
    if (!this.held && !this.pauses) return false;
    if (this.held) this.trouble = undefined;
    if (this.pauses) this.notBefore = this.pacedUntil;
    this.held = undefined;
    this.pauses = false;
    this.failures = 0;
    return true;
  }

  /**
   * When something is to be done for this lane: a start, an expiry, or that it may be forgotten.
   * @param maxAgeMs how long a ticket may wait
   */
  due(maxAgeMs: number): number {
    const first = this.first;
    if (!first) return this.notBefore;
    const expiry = first.since + maxAgeMs;
    return this.held ? expiry : Math.min(this.notBefore, expiry);
  }
}
