/**
 * Gives out each new picture of a channel once: across restarts, and also those that reach the platform late. The
 * platform offers no notice of new pictures, only a list by the time they were taken; so each round looks back a little,
 * and from time to time a round looks back further, for pictures that a device sends after an outage.
 */
import { isSnapflowError, SnapflowError, type ErrorCode } from '../errors';
import type { Picture } from '../picture';
import { wait } from '../wait';
import type { Account } from './account';
import { fetchPicture, listPictures, type StoredPicture } from './pictures';
import { epochSeconds } from './time';
import {
  forget,
  owe,
  readWatchState,
  settle,
  type OwedPicture,
  type WatchState,
  type WatchStore,
} from './watch-state';

export interface PictureWatchOptions {
  deviceId: string;
  channelId: string;
  store: WatchStore;
  /**
   * Gets each picture, oldest first, one at a time. A picture counts as given out when this is done; if it fails, or
   * the process ends meanwhile, the picture comes again, with the same `info.id`.
   */
  onPicture: (picture: Picture) => void | Promise<void>;
  /** What failed: a round, or one picture (`details.name`; `details.isGivenUp` at the last try). The watch goes on. */
  onError: (error: SnapflowError) => void;
  /** Without a saved state: pictures taken since then are new. Default: the first round. */
  startAt?: Date;
  /** Milliseconds between rounds. Default 60 000. */
  intervalMs?: number;
  /** Milliseconds that each round looks back beyond the last. Default 600 000 (10 minutes). */
  overlapMs?: number;
  /** Milliseconds that a picture may be late, and that one which cannot be fetched is tried. Default 86 400 000 (1 day). */
  lateMs?: number;
  /** Milliseconds between rounds that look back `lateMs`. Default 3 600 000 (1 hour). */
  sweepMs?: number;
  /** Found pictures remembered; with more in `lateMs`, the oldest late ones are missed. Default 2 000. */
  maxSeen?: number;
  /** Pictures that one round may find; of more, the oldest are missed, and it is said so. Default 10 000. */
  maxFound?: number;
}

/** Failures that concern every picture: the round ends, and the next one begins where it began. */
const OF_ALL: ReadonlySet<ErrorCode> = new Set([
  'AUTH_REJECTED',
  'CERTIFICATE_REJECTED',
  'RATE_LIMITED',
  'CLOSED',
]);
/** Failures that may concern every picture: the round ends, but this picture does not hold up the next one. */
const OF_THE_WAY: ReadonlySet<ErrorCode> = new Set(['UNREACHABLE', 'TIMEOUT']);

export class PictureWatch {
  private state: WatchState | undefined;
  private seen = new Set<string>();

  constructor(
    private readonly account: Account,
    private readonly options: PictureWatchOptions,
  ) {}

  /** Rounds until the signal aborts. Failures go to `onError`. */
  async run(signal: AbortSignal): Promise<void> {
    const { intervalMs = 60_000, onError } = this.options;
    while (!signal.aborted) {
      await this.poll(signal).catch((error: unknown) => {
        if (!signal.aborted) onError(asError(error));
      });
      await wait(this.account.clock, intervalMs, 'onenet', signal).catch(() => undefined);
    }
  }

  /**
   * One round.
   * @returns how many pictures were given out
   * @throws SnapflowError when the list or the way to the pictures fails; whatever the store or `onPicture` throw
   */
  async poll(signal?: AbortSignal): Promise<number> {
    const state = (this.state ??= await this.load());
    const { overlapMs = 600_000, lateMs = 86_400_000, sweepMs = 3_600_000, maxSeen = 2_000 } = this.options;
    const now = this.account.clock.now();
    const isSweep = now - state.sweptAt >= sweepMs;
    const recent = Math.floor((state.polledAt - overlapMs) / 1000);
    const fresh = await this.newSince(isSweep ? state.since : Math.max(state.since, recent), signal);
    const due = state.owed.filter(({ nextTryAt }) => nextTryAt <= now);

    let given = 0;
    for (const picture of [...due, ...fresh]) if (await this.give(state, picture, signal)) given++;

    state.polledAt = now;
    if (isSweep) state.sweptAt = now;
    forget(state, Math.floor((now - lateMs) / 1000), maxSeen);
    this.seen = new Set(state.seen.map(([name]) => name));
    await this.options.store.save(state);
    return given;
  }

  private async load(): Promise<WatchState> {
    const { deviceId, channelId, store, startAt } = this.options;
    const of = `${deviceId}/${channelId}`;
    const now = this.account.clock.now();
    const saved = readWatchState(await store.load().catch(this.reportUnread), of);
    const since = startAt ? epochSeconds(startAt) : Math.floor(now / 1000);
    const state = saved ?? { of, since, polledAt: since * 1000, sweptAt: now, seen: [], owed: [] };
    this.seen = new Set(state.seen.map(([name]) => name));
    return state;
  }

  /** A state that cannot be read must not stop the watch for ever. */
  private readonly reportUnread = (cause: unknown): undefined => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const error = new SnapflowError(
      'BAD_INPUT',
      'What the watch for new pictures remembered cannot be read ({{reason}}): it begins anew with the pictures from now on.',
      { system: 'onenet', values: { reason }, cause },
    );
    this.options.onError(error);
  };

  /** Pictures never found before, oldest first. */
  private async newSince(since: number, signal: AbortSignal | undefined): Promise<StoredPicture[]> {
    const { deviceId, channelId, maxFound = 10_000, onError } = this.options;
    const fresh: StoredPicture[] = [];
    let found = 0;
    // One second more: whether the platform includes the first second is not documented.
    const filter = { startTime: new Date((since - 1) * 1000), pageSize: 100, cap: maxFound };
    for await (const stored of listPictures(this.account, { deviceId, channelId, ...filter }, { signal })) {
      found++;
      if (!this.seen.has(stored.name) && this.secondsOf(stored) >= since) fresh.push(stored);
    }
    if (found >= maxFound && fresh.length > 0) onError(tooMany(maxFound));
    return fresh.sort((a, b) => this.secondsOf(a) - this.secondsOf(b) || (a.name < b.name ? -1 : 1));
  }

  private secondsOf({ takenAt }: Pick<StoredPicture, 'takenAt'>): number {
    return Math.floor((takenAt === undefined ? this.account.clock.now() : Date.parse(takenAt)) / 1000);
  }

  /** @returns whether it was given out; if not, it is owed or given up */
  private async give(
    state: WatchState,
    stored: StoredPicture | OwedPicture,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const { deviceId, channelId, onPicture, maxSeen = 2_000 } = this.options;
    const { name, url, takenAt } = stored;
    let picture: Picture | undefined;
    let failure: SnapflowError | undefined;
    try {
      picture = await fetchPicture(this.account, { deviceId, channelId, name, url, takenAt }, { signal });
    } catch (error) {
      failure = asError(error);
      if (OF_ALL.has(failure.code) || state.owed.length >= maxSeen) throw failure;
      this.failed(state, stored, failure);
    }
    if (picture) {
      await onPicture(picture);
      settle(state, name);
    }
    if (!this.seen.has(name)) {
      this.seen.add(name);
      state.seen.push([name, this.secondsOf(stored)]);
    }
    await this.options.store.save(state);
    if (failure && OF_THE_WAY.has(failure.code)) throw failure;
    return picture !== undefined;
  }

  private failed(state: WatchState, stored: StoredPicture | OwedPicture, failure: SnapflowError): void {
    const { intervalMs = 60_000, lateMs = 86_400_000, onError } = this.options;
    const now = this.account.clock.now();
    const { firstTriedAt } = owe(state, stored, now, intervalMs);
    const isGivenUp = now - firstTriedAt >= lateMs;
    if (isGivenUp) settle(state, stored.name);
    // Told at the first and the last try, not at each: the round itself tells what concerns the way.
    const isFirst = firstTriedAt === now && !OF_THE_WAY.has(failure.code);
    if (isFirst || isGivenUp) onError(ofPicture(failure, stored.name, isGivenUp));
  }
}

function asError(error: unknown): SnapflowError {
  if (isSnapflowError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new SnapflowError('PLATFORM_FAILED', 'The watch for new pictures failed: {{reason}}', {
    system: 'onenet',
    values: { reason },
    cause: error,
  });
}

function ofPicture(error: SnapflowError, name: string, isGivenUp: boolean): SnapflowError {
  const { code, text, system, values, platform, details } = error;
  const facts = { ...details, name, isGivenUp };
  return new SnapflowError(code, text, {
    system,
    values,
    retryable: !isGivenUp,
    cause: error,
    details: facts,
    platform,
  });
}

function tooMany(most: number): SnapflowError {
  return new SnapflowError(
    'PARTLY_DONE',
    'There are {{most}} new pictures or more at once: the oldest beyond them are passed over.',
    { system: 'onenet', values: { most } },
  );
}
