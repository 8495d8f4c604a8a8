/**
 * Decides what is sent when: lanes side by side, order and pace inside each, and after a failure what its class
 * asks for. It moves tickets only; where the things themselves are kept is the business of its owner.
 */
import { closedError } from '../errors';
import { afterClose, afterFailure, asSnapflowError, expiredError } from './after-failure';
import { dispatchSettings, type DispatchOptions, type DispatchSettings } from './dispatch-options';
import { Lane } from './lane';
import { Running } from './running';
import { stateOfLanes, type DeliveryState } from './state';
import type { Ticket } from './ticket';
import { WakeList } from './wake-list';
import type { Ending, Work } from './work';

/** Longest delay that a timer of Node can take. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** What a name, a new connection and its TLS may take before anything reaches the platform. */
const LATEST_MS = 1_000;

export class Dispatcher<T extends Ticket, Result> {
  readonly #work: Work<T, Result>;
  readonly #settings: DispatchSettings;
  readonly #lanes = new Map<string, Lane<T>>();
  readonly #ready: Array<Lane<T>> = [];
  readonly #wakes = new WakeList<Lane<T>>();
  readonly #running: Running<T>;
  readonly #settling = new Set<Promise<void>>();
  #sending = 0;
  #count = 0;
  #bytes = 0;
  #timer: { handle: unknown; at: number } | undefined;
  /** The shortest time that something took to be sent; 0 when nothing was. */
  #fastestMs = 0;
  #stopped = false;

  constructor(work: Work<T, Result>, options: DispatchOptions) {
    this.#work = work;
    this.#settings = dispatchSettings(options);
    this.#running = new Running(this.#settings.clock);
  }

  /** Tickets that are in no way ended. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of those. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Lanes that are remembered: with tickets, or whose pace has not passed. */
  get laneCount(): number {
    return this.#lanes.size;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  lanes(): Iterable<Lane<T>> {
    return this.#lanes.values();
  }

  /** Lane by lane, each in order. */
  *tickets(): Generator<T> {
    for (const lane of this.#lanes.values()) yield* lane.tickets;
  }

  /** The tickets that are being sent. */
  sending(): Iterable<T> {
    return this.#running.things();
  }

  /** Whether a ticket is being sent, so that it can neither be dropped nor thinned out. */
  isSending(ticket: T): boolean {
    return this.#running.has(ticket);
  }

  state(): DeliveryState {
    return stateOfLanes(this.#lanes.values(), this.#settings.clock);
  }

  /**
   * Puts a ticket at the end of its lane.
   * @param notBefore no start in its lane before this moment of the monotonic clock
   */
  push(ticket: T, notBefore = -Infinity): void {
    let lane = this.#lanes.get(ticket.lane);
    if (!lane) this.#lanes.set(ticket.lane, (lane = new Lane(ticket.lane)));
    lane.add(ticket);
    lane.notBefore = Math.max(lane.notBefore, notBefore);
    this.#count += 1;
    this.#bytes += ticket.bytes;
    this.#attend(lane);
    this.#proceed();
  }

  /** Takes a ticket out of its lane; false when it is not there or being sent. */
  remove(ticket: T): boolean {
    const lane = this.#lanes.get(ticket.lane);
    if (!lane || this.#running.has(ticket) || !this.#take(lane, ticket)) return false;
    this.#attend(lane);
    this.#proceed();
    return true;
  }

  /** Lets a held lane, or all of them, try again; ends the pause after a failure. The pace is kept all the same. */
  resume(key?: string): void {
    const lanes = key === undefined ? [...this.#lanes.values()] : [this.#lanes.get(key)];
    for (const lane of lanes) {
      if (lane?.resume()) this.#attend(lane);
    }
    this.#proceed();
  }

  /** Takes out all tickets that are not being sent, in order. */
  clear(): T[] {
    this.#ready.length = 0;
    const taken = [...this.#lanes.values()].flatMap((lane) => {
      lane.ready = false;
      return lane.takeWaiting();
    });
    for (const ticket of taken) this.#forget(ticket);
    for (const lane of [...this.#lanes.values()]) this.#attend(lane);
    this.#proceed();
    return taken;
  }

  /** Starts nothing any more. @returns the tickets that were not being sent, in order */
  stop(): T[] {
    this.#stopped = true;
    this.#wakes.clear();
    return this.clear();
  }

  /** After `stop`: gives running sends their time, aborts them, and resolves when every end is written down. */
  async finish(): Promise<void> {
    const { drainMs, abortGraceMs, system } = this.#settings;
    if (drainMs > 0) await this.#running.ended(drainMs);
    this.#running.abort();
    await this.#running.ended(abortGraceMs);
    for (const ticket of this.#running.takeAll()) {
      this.#settle(ticket, { kind: 'closed', error: closedError(system) });
    }
    await Promise.all(this.#settling);
    this.#lanes.clear();
  }

  /** Finds out what a lane needs next: a start, a wake-up later, or nothing ever again. */
  #attend(lane: Lane<T>): void {
    if (this.#stopped || lane.sending || lane.ready) return;
    const now = this.#settings.clock.monotonic();
    this.#expire(lane, now);
    const due = lane.due(this.#settings.maxAgeMs);
    if (due > now) {
      if (due >= lane.wakeAt || due === Infinity) return;
      lane.wakeAt = due;
      this.#wakes.add(due, lane);
    } else if (lane.first) {
      lane.ready = true;
      this.#ready.push(lane);
    } else if (this.#lanes.get(lane.key) === lane) {
      this.#lanes.delete(lane.key);
    }
  }

  /** Gives up what has waited too long; the oldest of a lane is its first. */
  #expire(lane: Lane<T>, now: number): void {
    const { maxAgeMs, system } = this.#settings;
    for (let first = lane.first; first && first.since + maxAgeMs <= now; first = lane.first) {
      const cause = lane.held?.error ?? lane.trouble;
      this.#take(lane, first);
      this.#settle(first, { kind: 'expired', error: expiredError(now - first.since, system, cause) });
    }
  }

  /** Starts what may start, and sets the one timer for what is due next. */
  #proceed(): void {
    while (this.#sending < this.#settings.maxConcurrentLanes) {
      const lane = this.#ready.shift();
      if (!lane) break;
      lane.ready = false;
      this.#expire(lane, this.#settings.clock.monotonic());
      if (lane.first && this.#mayStart(lane)) this.#start(lane, lane.first);
      else this.#attend(lane);
    }
    this.#arm();
    this.#work.changed();
  }

  #arm(): void {
    const { clock } = this.#settings;
    const at = this.#wakes.next;
    if (at === this.#timer?.at) return;
    if (this.#timer) clock.clearTimeout(this.#timer.handle);
    this.#timer = undefined;
    if (at === undefined) return;
    const delay = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(at - clock.monotonic())));
    this.#timer = { handle: clock.setTimeout(() => this.#wake(), delay), at };
  }

  #wake(): void {
    this.#timer = undefined;
    for (const lane of this.#wakes.due(this.#settings.clock.monotonic())) {
      lane.wakeAt = Infinity;
      this.#attend(lane);
    }
    this.#proceed();
  }

  /** Whether nobody else has sent to the lane's device too lately. */
  #mayStart(lane: Lane<T>): boolean {
    const { sharedPace, deviceOf, clock } = this.#settings;
    if (!sharedPace) return true;
    lane.notBefore = Math.max(lane.notBefore, sharedPace.notBefore(deviceOf(lane.key)));
    return lane.notBefore <= clock.monotonic();
  }

  #start(lane: Lane<T>, ticket: T): void {
    const { sharedPace, deviceOf } = this.#settings;
    sharedPace?.started(deviceOf(lane.key));
    lane.begin(this.#settings.clock.monotonic() + this.#settings.paceMs);
    this.#sending += 1;
    ticket.attempts += 1;
    this.#running.start(ticket, (signal) => this.#deliver(lane, ticket, signal));
  }

  async #deliver(lane: Lane<T>, ticket: T, signal: AbortSignal): Promise<void> {
    const ending = await this.#attempt(lane, ticket, signal);
    // Not there any more: the grace of a close is over, and its end is told already.
    if (!this.#running.has(ticket)) return;
    if (ending) await this.#work.settled(ticket, ending);
    this.#running.end(ticket);
    if (ending) this.#take(lane, ticket);
    lane.sending = false;
    this.#sending -= 1;
    this.#attend(lane);
    this.#proceed();
  }

  /** @returns the end, or undefined when the ticket stays */
  async #attempt(lane: Lane<T>, ticket: T, signal: AbortSignal): Promise<Ending<Result> | undefined> {
    const { clock, system } = this.#settings;
    const attempt = ticket.attempts;
    const startedAt = clock.monotonic();
    try {
      const result = await this.#work.send(ticket, { signal, attempt });
      const tookMs = clock.monotonic() - startedAt;
      lane.failures = 0;
      lane.trouble = undefined;
      this.#keepPace(lane, tookMs);
      const waitedMs = startedAt - ticket.since;
      return { kind: 'delivered', delivered: { result, attempts: attempt, waitedMs, tookMs } };
    } catch (thrown) {
      const error = asSnapflowError(thrown, system);
      const failure = this.#work.classify(error);
      if (this.#stopped) return afterClose(failure, error, system);
      return afterFailure(lane, ticket, failure, error, this.#settings, this.#work.canFix);
    }
  }

  /**
   * The platform counts what reaches it, not what we start: one that took longer than the fastest may have reached it
   * later, above all the first over a new connection.
   */
  #keepPace(lane: Lane<T>, tookMs: number): void {
    const { paceMs, sharedPace, deviceOf } = this.#settings;
    const lateMs = paceMs > 0 ? Math.min(LATEST_MS, Math.max(0, tookMs - this.#fastestMs)) : 0;
    this.#fastestMs = Math.min(this.#fastestMs || tookMs, tookMs);
    lane.delayPace(lateMs);
    sharedPace?.delay(deviceOf(lane.key), lateMs);
  }

  #take(lane: Lane<T>, ticket: T): boolean {
    const taken = lane.remove(ticket);
    if (taken) this.#forget(ticket);
    return taken;
  }

  #forget(ticket: T): void {
    this.#count -= 1;
    this.#bytes -= ticket.bytes;
  }

  #settle(ticket: T, ending: Ending<Result>): void {
    const settling = Promise.resolve(this.#work.settled(ticket, ending)).finally(() =>
      this.#settling.delete(settling),
    );
    this.#settling.add(settling);
  }
}
