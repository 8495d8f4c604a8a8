/** What a watch for new pictures must not forget, and how it is kept small. */
import { open, readFile, rename } from 'node:fs/promises';
import { isObject } from './json';

/** Kept by a `WatchStore`; plain JSON. */
export interface WatchState {
  /** `<device>/<channel>`: the state of another one is of no use. */
  of: string;
  /** Pictures taken before this are done with (seconds since 1970). */
  since: number;
  /** Start of the last whole round, and of the last that looked back all the way (milliseconds since 1970). */
  polledAt: number;
  sweptAt: number;
  /** Name and time (seconds since 1970) of the pictures since `since` that were given out. */
  seen: [name: string, takenAt: number][];
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
  if (!isObject(saved) || saved.of !== of || !Array.isArray(saved.seen)) return undefined;
  const { since, polledAt, sweptAt } = saved;
  if (typeof since !== 'number' || typeof polledAt !== 'number' || typeof sweptAt !== 'number')
    return undefined;
  const seen = saved.seen.filter(
    (entry): entry is [string, number] =>
      Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number',
  );
  return { of, since, polledAt, sweptAt, seen };
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
