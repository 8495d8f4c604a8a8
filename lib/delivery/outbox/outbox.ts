/**
 * Lanes whose pictures survive a crash: a picture is accepted when it is safe in the store, and leaves it when it is
 * delivered, or as a dead letter with its reason. At least once: after a crash a picture may be sent again, under the
 * same `entry.pictureId`.
 */
import { createHash } from 'node:crypto';
import { systemClock, type Clock } from '../../clock';
import { closedError, type System } from '../../errors';
import { Announcer } from '../announcer';
import { Bounds } from '../bounds';
import { Dispatcher } from '../dispatcher';
import { laneKey } from '../lane-key';
import type { Entry } from './entry';
import { listWaiting } from './listing';
import type {
  DroppedEvent,
  ListedPicture,
  OutboxCounters,
  OutboxOptions,
  OutboxState,
  PictureFacts,
} from './options';
import { OutboxWork } from './outbox-work';
import { chooseVictim, inheritDifference, type OverflowPolicy, type Victim } from './overflow';
import type { Parcel } from './parcel';
import type { Store } from './store';
import { StoreKeeper, type KeeperEvents } from './store-keeper';
import { waitingOf, type Waiting } from './waiting';
import { withoutSecrets } from './without-secrets';

/** Pictures that go for one new one: more only wait when limits were lowered, and then go with the next ones. */
const MAX_GONE_AT_ONCE = 100;

export class Outbox<Meta, Result> {
  readonly #options: OutboxOptions<Meta, Result>;
  readonly #system: System;
  readonly #clock: Clock;
  readonly #overflow: OverflowPolicy;
  readonly #store: Store<Meta>;
  readonly #keeper: StoreKeeper<Meta>;
  readonly #bounds: Bounds;
  readonly #work: OutboxWork<Meta, Result>;
  readonly #dispatcher: Dispatcher<Waiting<Meta>, Result>;
  readonly #announcer: Announcer<OutboxState>;
  readonly #counters: OutboxCounters = {
    accepted: 0,
    delivered: 0,
    partlyDone: 0,
    dead: 0,
    dropped: 0,
    setAside: 0,
  };
  /** Pictures that are being written. */
  readonly #adding = { items: 0, bytes: 0 };
  /** Ends when all that was added up to now is in its lane, or failed. */
  #added: Promise<unknown> = Promise.resolve();

  /** @throws SnapflowError `BAD_INPUT` for an option out of range */
  constructor(options: OutboxOptions<Meta, Result>) {
    const { system = 'snapflow', clock = systemClock, store, overflow = 'refuse' } = options;
    const { maxItems = 20_000, maxBytes = 1_073_741_824, drainMs = 3_000 } = options;
    this.#options = options;
    this.#system = system;
    this.#clock = clock;
    this.#overflow = overflow;
    this.#store = store;
    this.#bounds = new Bounds({ maxItems, maxBytes }, system);
    this.#announcer = new Announcer(() => this.state(), options.onState);
    this.#keeper = new StoreKeeper(store, this.#keeperEvents(), clock, system);
    this.#work = new OutboxWork(options, this.#keeper, this.#counters, () => this.#announcer.changed());
    this.#dispatcher = new Dispatcher(this.#work, { ...options, drainMs });
  }

  /**
   * Opens the store and goes on with what waits there.
   * @throws SnapflowError when the store cannot be used now, `BAD_INPUT` when another owner has it. It is tried again
   *   by itself until `close`
   */
  open(): Promise<void> {
    return this.#keeper.open();
  }

  /**
   * Accepts a picture: resolves when it would survive a power cut.
   * @param lane the device. May be a secret: its hash alone is kept
   * @throws SnapflowError when it was not accepted: `QUEUE_FULL` or `TOO_LARGE` (no room, a full disk), `UNREACHABLE`
   *   (the folder), `BAD_INPUT` (another owner), `CLOSED`
   */
  async add(lane: string, parcel: Parcel<Meta>, facts: PictureFacts = {}): Promise<Entry> {
    if (this.#dispatcher.stopped) throw closedError(this.#system);
    await this.#keeper.open();
    const { alarm = false, difference = 0.5, pictureId = hashOf(parcel.body) } = facts;
    const bytes = parcel.body.length;
    // One of those that are being written may go for it, but only from its lane.
    if (!this.#hasRoom(bytes, alarm)) await this.#added;
    this.#checkRoom(bytes, alarm);
    this.#adding.items += 1;
    this.#adding.bytes += bytes;
    const stored = this.#store
      .add(
        {
          lane: laneKey(lane),
          pictureId: /^\w{1,64}$/.test(pictureId) ? pictureId : laneKey(pictureId),
          alarm,
          difference: Math.min(1, Math.max(0, difference)),
        },
        { meta: withoutSecrets(parcel.meta, this.#options.secrets?.() ?? []) as Meta, body: parcel.body },
      )
      .finally(() => {
        this.#adding.items -= 1;
        this.#adding.bytes -= bytes;
      });
    const before = this.#added;
    this.#added = Promise.allSettled([before, stored]).then(() => undefined);
    const entry = await stored;
    // One that was added earlier may take longer to write, and goes first.
    await before;
    this.#counters.accepted += 1;
    this.#push(entry);
    return entry;
  }

  /** Lets a held lane, or all of them, try again, and ends pauses after failures. @param lane as it was added, or as states and lists name it */
  resume(lane?: string): void {
    this.#dispatcher.resume(lane);
    if (lane !== undefined) this.#dispatcher.resume(laneKey(lane));
  }

  state(): OutboxState {
    const { problem, isOpen, unsettled } = this.#keeper;
    return {
      ...this.#dispatcher.state(),
      open: isOpen,
      ...(problem && { problem }),
      dead: this.#store.dead,
      unsettled,
      counters: { ...this.#counters },
    };
  }

  /** All pictures that are here: dead letters, then lane by lane what waits. */
  async list(): Promise<ListedPicture[]> {
    const dead = (await this.#store.deadLetters()).map(({ entry, reason }): ListedPicture => {
      return { entry, status: 'dead', attempts: 0, ...(reason && { reason }) };
    });
    // One whose end is being written down may be a dead letter already and still be the first of its lane.
    const ids = new Set(dead.map(({ entry }) => entry.id));
    return [...dead, ...listWaiting(this.#dispatcher.lanes()).filter(({ entry }) => !ids.has(entry.id))];
  }

  /** A picture that is here, with what belongs to it; undefined when there is none with this id. */
  async read(id: number): Promise<Parcel<Meta> | undefined> {
    const waiting = this.#find(id);
    return waiting ? await this.#store.take(waiting.entry) : await this.#store.readDead(id);
  }

  /**
   * Sends again: a dead letter, or the held lane of one that waits; without id, all of them.
   * @returns how many dead letters wait now
   */
  async resend(id?: number): Promise<number> {
    const waiting = id === undefined ? undefined : this.#find(id);
    if (waiting || id === undefined) this.#dispatcher.resume(waiting?.lane);
    const ids = id === undefined ? (await this.#store.deadLetters()).map(({ entry }) => entry.id) : [id];
    let revived = 0;
    for (const dead of ids) {
      const entry = await this.#store.revive(dead);
      if (!entry) continue;
      revived += 1;
      if (!this.#dispatcher.stopped) this.#dispatcher.push(waitingOf(entry, this.#clock, true));
    }
    return revived;
  }

  /** Removes a picture that waits or is a dead letter; false when it is not there or being sent. */
  async drop(id: number): Promise<boolean> {
    const waiting = this.#find(id);
    if (waiting) {
      if (!this.#dispatcher.remove(waiting)) return false;
      await this.#keeper.end(waiting.entry);
    } else if (!(await this.#store.dropDead(id))) {
      return false;
    }
    this.#counters.dropped += 1;
    this.#announcer.changed();
    return true;
  }

  /** Stops sending and lets go of the store. What waits stays there for the next start. */
  async close(): Promise<void> {
    this.#work.stop();
    this.#dispatcher.stop();
    await this.#dispatcher.finish();
    await this.#added;
    await this.#keeper.stop();
  }

  #keeperEvents(): KeeperEvents {
    return {
      arrived: (entry) => this.#arrived(entry),
      setAside: (name) => {
        this.#counters.setAside += 1;
        this.#options.onSetAside?.(name);
      },
      forgotten: (entry) => this.#dropped({ kind: 'forgotten', entry }),
      taken: () => void this.#dispatcher.clear(),
      isEmpty: () => this.#dispatcher.count + this.#adding.items === 0,
      changed: () => this.#announcer.changed(),
    };
  }

  /** What waits from before. Nobody knows when its lane sent last: the pace begins now. */
  #arrived(entry: Entry): void {
    for (const { entry: sending } of this.#dispatcher.sending()) if (sending.id === entry.id) return;
    const { paceMs = 0 } = this.#options;
    this.#dispatcher.push(waitingOf(entry, this.#clock, true), this.#clock.monotonic() + paceMs);
  }

  /** @throws SnapflowError when there is no room and none can be made */
  #checkRoom(bytes: number, alarm: boolean): void {
    if (this.#hasRoom(bytes, alarm)) return;
    const { items, bytes: allBytes } = this.#size();
    throw this.#bounds.refusal(items, allBytes, bytes);
  }

  /** Whether there is room for one more, or somebody who goes for it. */
  #hasRoom(bytes: number, alarm: boolean): boolean {
    const { items, bytes: allBytes } = this.#size();
    if (this.#bounds.hasRoom(items + 1, allBytes + bytes)) return true;
    return bytes <= this.#bounds.maxBytes && this.#victim(alarm) !== undefined;
  }

  /** What waits, with what is being written. */
  #size(): { items: number; bytes: number } {
    const { count, bytes } = this.#dispatcher;
    return { items: count + this.#adding.items, bytes: bytes + this.#adding.bytes };
  }

  #push(entry: Entry): void {
    if (this.#dispatcher.stopped) return;
    const added: Waiting<Meta> = waitingOf(entry, this.#clock);
    this.#dispatcher.push(added);
    // Only now, when the new one is safe: nothing goes for one that could not be written.
    for (let gone = 0; gone < MAX_GONE_AT_ONCE; gone += 1) {
      if (this.#bounds.hasRoom(this.#dispatcher.count, this.#dispatcher.bytes)) return;
      const victim = this.#victim(entry.alarm, added);
      if (!victim) return;
      inheritDifference(victim);
      this.#dispatcher.remove(victim.chosen);
      this.#dropped({ kind: 'overflow', entry: victim.chosen.entry });
      void this.#keeper.end(victim.chosen.entry);
    }
  }

  /** Who goes for a new picture; no alarm does for one that is none. */
  #victim(alarm: boolean, added?: Waiting<Meta>): Victim<Waiting<Meta>> | undefined {
    return chooseVictim(
      this.#dispatcher.tickets(),
      this.#overflow,
      (waiting) =>
        waiting !== added && (alarm || !waiting.entry.alarm) && !this.#dispatcher.isSending(waiting),
    );
  }

  #dropped(event: DroppedEvent): void {
    this.#counters.dropped += 1;
    this.#options.onDropped?.(event);
  }

  #find(id: number): Waiting<Meta> | undefined {
    for (const waiting of this.#dispatcher.tickets()) if (waiting.entry.id === id) return waiting;
    return undefined;
  }
}

function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 24);
}
