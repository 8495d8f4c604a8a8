/**
 * Gives out each new picture of a channel once: across restarts, and also those that reach the platform late. The
 * platform offers no notice of new pictures, only a list by the time they were taken; so each round looks back a little,
 * and from time to time a round looks back further, for pictures that a device sends after an outage.
 */
import { isSnapflowError, SnapflowError } from '../errors';
import type { Picture } from '../picture';
import { wait } from '../wait';
import type { Account } from './account';
import { fetchPicture, listPictures, type StoredPicture } from './pictures';
import { epochSeconds } from './time';
import { forget, readWatchState, type WatchState, type WatchStore } from './watch-state';

export interface PictureWatchOptions {
  deviceId: string;
  channelId: string;
  store: WatchStore;
  /**
   * Gets each picture, oldest first, one at a time. A picture counts as given out when this is done; if it fails, or
   * the process ends meanwhile, the picture comes again, with the same `info.id`.
   */
  onPicture: (picture: Picture) => void | Promise<void>;
  /** What failed: a round, or one picture (with `details.name`). The watch goes on. */
  onError: (error: SnapflowError) => void;
  /** Without a saved state: pictures taken since then are new. Default: the first round. */
  startAt?: Date;
  /** Milliseconds between rounds. Default 60 000. */
  intervalMs?: number;
  /** Milliseconds that each round looks back beyond the last. Default 600 000 (10 minutes). */
  overlapMs?: number;
  /** Milliseconds that a picture may be late. Default 86 400 000 (1 day). */
  lateMs?: number;
  /** Milliseconds between rounds that look back `lateMs`. Default 3 600 000 (1 hour). */
  sweepMs?: number;
  /** Names of given pictures kept; with more in `lateMs`, the oldest late ones are missed. Default 2 000. */
  maxSeen?: number;
  /** Tries to fetch a picture that is no picture or is gone, before it is passed over. Default 3. */
  maxAttempts?: number;
}

/** Most pictures listed in one round; more come in the next. */
const MAX_LISTED = 100_000;

export class PictureWatch {
  private state: WatchState | undefined;
  private seen = new Set<string>();
  private readonly attempts = new Map<string, number>();

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
   * @throws SnapflowError when the list, the store or `onPicture` fails
   */
  async poll(signal?: AbortSignal): Promise<number> {
    const state = (this.state ??= await this.load());
    const { overlapMs = 600_000, lateMs = 86_400_000, sweepMs = 3_600_000, maxSeen = 2_000 } = this.options;
    const now = this.account.clock.now();
    const isSweep = now - state.sweptAt >= sweepMs;
    const since = isSweep
      ? state.since
      : Math.max(state.since, Math.floor((state.polledAt - overlapMs) / 1000));

    const fresh = await this.newSince(since, signal);
    let given = 0;
    for (const stored of fresh) {
      const picture = await this.fetch(stored, signal);
      if (picture) {
        await this.options.onPicture(picture);
        given++;
      }
      if (picture || this.isHopeless(stored)) await this.remember(state, stored);
    }

    // With a picture still owed, the next round must look back as far as this one.
    if (fresh.every((stored) => this.seen.has(stored.name))) {
      state.polledAt = now;
      if (isSweep) state.sweptAt = now;
      forget(state, Math.floor((now - lateMs) / 1000), maxSeen);
      this.seen = new Set(state.seen.map(([name]) => name));
      await this.options.store.save(state);
    }
    return given;
  }

  private async load(): Promise<WatchState> {
    const { deviceId, channelId, store, startAt } = this.options;
    const of = `${deviceId}/${channelId}`;
    const now = this.account.clock.now();
    const saved = readWatchState(await store.load().catch(this.reportUnread), of);
    const since = startAt ? epochSeconds(startAt) : Math.floor(now / 1000);
    const state = saved ?? { of, since, polledAt: since * 1000, sweptAt: now, seen: [] };
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

  /** Pictures not yet given out, oldest first. */
  private async newSince(since: number, signal: AbortSignal | undefined): Promise<StoredPicture[]> {
    const { deviceId, channelId } = this.options;
    const fresh: StoredPicture[] = [];
    // One second more: whether the platform includes the first second is not documented.
    const filter = { startTime: new Date((since - 1) * 1000), pageSize: 100, cap: MAX_LISTED };
    for await (const stored of listPictures(this.account, { deviceId, channelId, ...filter }, { signal })) {
      if (!this.seen.has(stored.name) && this.secondsOf(stored) >= since) fresh.push(stored);
    }
    return fresh.sort((a, b) => this.secondsOf(a) - this.secondsOf(b) || (a.name < b.name ? -1 : 1));
  }

  private secondsOf({ takenAt }: StoredPicture): number {
    return Math.floor((takenAt === undefined ? this.account.clock.now() : Date.parse(takenAt)) / 1000);
  }

  /** The picture; undefined after a failure of this one alone, which is reported. */
  private async fetch(stored: StoredPicture, signal: AbortSignal | undefined): Promise<Picture | undefined> {
    const { deviceId, channelId, onError } = this.options;
    const { name, url, takenAt } = stored;
    try {
      return await fetchPicture(this.account, { deviceId, channelId, name, url, takenAt }, { signal });
    } catch (error) {
      if (signal?.aborted) throw error;
      const failure = asError(error);
      if (!failure.retryable) this.attempts.set(name, (this.attempts.get(name) ?? 0) + 1);
      onError(withName(failure, name));
      return undefined;
    }
  }

  private isHopeless({ name }: StoredPicture): boolean {
    return (this.attempts.get(name) ?? 0) >= (this.options.maxAttempts ?? 3);
  }

  private async remember(state: WatchState, stored: StoredPicture): Promise<void> {
    this.attempts.delete(stored.name);
    this.seen.add(stored.name);
    state.seen.push([stored.name, this.secondsOf(stored)]);
    await this.options.store.save(state);
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

function withName(error: SnapflowError, name: string): SnapflowError {
  const { code, text, system, values, retryable, platform, details } = error;
  return new SnapflowError(code, text, {
    system,
    values,
    retryable,
    cause: error,
    details: { ...details, name },
    ...(platform && { platform }),
  });
}
