/** What a watch for new pictures must not forget, and how it is kept small. */
import { open, readFile, rename } from 'node:fs/promises';
import { isObject } from './json';
import type { StoredPicture } from './pictures';

type PictureFacts = Pick<StoredPicture, 'name' | 'url' | 'takenAt'>;

/** A picture that could not be fetched yet. Moments are milliseconds since 1970. */
export interface OwedPicture extends PictureFacts {
  firstTriedAt: number;
  nextTryAt: number;
  pauseMs: number;
}

/** Kept by a `WatchStore`; plain JSON. */
export interface WatchState {
  /** `<device>/<channel>`: the state of another one is of no use. */
  of: string;
  /** Pictures taken before this are done with (seconds since 1970). */
  since: number;
  /** Start of the last whole round, and of the last that looked back all the way (milliseconds since 1970). */
  polledAt: number;
  sweptAt: number;
  /** Name and time (seconds since 1970) of the pictures since `since` that were found. */
  seen: [name: string, takenAt: number][];
  /** Those among them that are still to be fetched. */
  owed: OwedPicture[];
}

/** Where a state is kept across restarts. */
export interface WatchStore {
  /** What was saved last; undefined when nothing was. */
  load(): Promise<unknown>;
  save(state: WatchState): Promise<void>;
}

/** Keeps the state in a file: written beside and renamed, so that it is whole at any moment. */
export function fileWatchStore(path: string): WatchStore {
  return {
    async load() {
      const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return content === undefined ? undefined : (JSON.parse(content) as unknown);
    },
    async save(state) {
      const beside = `${path}.new`;
      const file = await open(beside, 'w');
      try {
        await file.writeFile(JSON.stringify(state));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
    },
  };
}

/** A saved state, when it is one and of that channel. */
export function readWatchState(saved: unknown, of: string): WatchState | undefined {
  if (!isObject(saved) || saved.of !== of) return undefined;
  const { since, polledAt, sweptAt, seen, owed } = saved;
  if (typeof since !== 'number' || typeof polledAt !== 'number' || typeof sweptAt !== 'number')
    return undefined;
  if (!Array.isArray(seen) || !Array.isArray(owed)) return undefined;
  return { of, since, polledAt, sweptAt, seen: seen.filter(isSeen), owed: owed.filter(isOwed) };
}

function isSeen(entry: unknown): entry is [string, number] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number';
}

function isOwed(entry: unknown): entry is OwedPicture {
  return (
    isObject(entry) &&
    typeof entry.name === 'string' &&
    ['firstTriedAt', 'nextTryAt', 'pauseMs'].every((name) => typeof entry[name] === 'number')
  );
}

/** Milliseconds between two tries of one picture, at most. */
const LONGEST_PAUSE_MS = 3_600_000;

/** Notes that a picture could not be fetched now: it is tried again with growing pauses. */
export function owe(
  state: WatchState,
  picture: PictureFacts,
  now: number,
  firstPauseMs: number,
): OwedPicture {
  const before = state.owed.find(({ name }) => name === picture.name);
  const pauseMs = before ? Math.min(before.pauseMs * 2, LONGEST_PAUSE_MS) : firstPauseMs;
  const { name, url, takenAt } = picture;
  const firstTriedAt = before?.firstTriedAt ?? now;
  const owed = { name, url, takenAt, firstTriedAt, nextTryAt: now + pauseMs, pauseMs };
  state.owed = [...state.owed.filter((one) => one !== before), owed];
  return owed;
}

/** Notes that a picture was given out, or given up. */
export function settle(state: WatchState, name: string): void {
  state.owed = state.owed.filter((one) => one.name !== name);
}

/**
 * Forgets pictures taken before `since`, and more if there are more than `most`: then `since` rises, so that what is
 * forgotten is never given out again. Whole seconds go at once, since pictures of one second cannot be told apart by it.
 */
export function forget(state: WatchState, since: number, most: number): void {
  const times = state.seen.map(([, takenAt]) => takenAt).sort((a, b) => a - b);
  const crowded = times.length > most ? (times[times.length - most] ?? 0) : 0;
  state.since = Math.max(state.since, since, crowded);
  state.seen = state.seen.filter(([, takenAt]) => takenAt >= state.since);
}
