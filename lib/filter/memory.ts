/** What a filter remembers: the last picture that passed of each device, as a grid, and when pictures passed. */
import type { Clock } from '../clock';
import { CELLS, CHANNELS, type Grid } from './grid';
import { Lru } from './lru';

export interface LastPassed {
  /** By the clock's `monotonic`. */
  at: number;
  /** Of the picture; none when it was not looked at. */
  grid: Grid | undefined;
}

/** As JSON, to be kept over a restart. A grid is 4 KB. */
export interface SavedMemory {
  version: 1;
  /** By device: milliseconds since 1970 and the grid in base64. */
  passed: Record<string, { at: number; grid?: string }>;
  /** Milliseconds since 1970 by what pictures are counted for. */
  rates: Record<string, number>;
}

export class Memory {
  readonly #passed: Lru<LastPassed>;
  readonly #rates: Lru<number>;

  constructor(
    limit: number,
    private readonly clock: Clock,
  ) {
    this.#passed = new Lru(limit);
    this.#rates = new Lru(limit);
  }

  lastOf(device: string): LastPassed | undefined {
    return this.#passed.get(device);
  }

  /** Milliseconds since a picture passed for this key; `Infinity` when none did. */
  sinceRate(key: string): number {
    const at = this.#rates.get(key);
    return at === undefined ? Infinity : this.clock.monotonic() - at;
  }

  /** A picture passes. Where it was not looked at, the last grid stays. */
  passed(device: string, grid: Grid | undefined, rateKey: string | undefined): void {
    const at = this.clock.monotonic();
    this.#passed.set(device, { at, grid: grid ?? this.#passed.get(device)?.grid });
    if (rateKey !== undefined) this.#rates.set(rateKey, at);
  }

  clear(): void {
    this.#passed.clear();
    this.#rates.clear();
  }

  save(): SavedMemory {
    const wall = this.clock.now() - this.clock.monotonic();
    return {
      version: 1,
      passed: Object.fromEntries(
        this.#passed
          .entries()
          .map(([device, { at, grid }]) => [
            device,
            { at: Math.round(wall + at), ...(grid && { grid: Buffer.from(grid.buffer).toString('base64') }) },
          ]),
      ),
      rates: Object.fromEntries(this.#rates.entries().map(([key, at]) => [key, Math.round(wall + at)])),
    };
  }

  restore(saved: unknown): void {
    if (!isSaved(saved)) return;
    const { passed, rates } = saved;
    // A clock that was set back in between must not make the past lie in the future.
    const [now, wall] = [this.clock.monotonic(), this.clock.now()];
    const moment = (at: number) => now - Math.max(0, wall - at);
    for (const [device, { at, grid }] of Object.entries(passed)) {
      if (Number.isFinite(at)) this.#passed.set(device, { at: moment(at), grid: gridFrom(grid) });
    }
    for (const [key, at] of Object.entries(rates)) if (Number.isFinite(at)) this.#rates.set(key, moment(at));
  }
}

function gridFrom(text: unknown): Grid | undefined {
  if (typeof text !== 'string') return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === CELLS * CHANNELS ? new Int8Array(bytes) : undefined;
}

/** Whoever keeps it may have kept something else under the same name. */
function isSaved(saved: unknown): saved is SavedMemory {
  const { version, passed, rates } = (saved ?? {}) as Partial<SavedMemory>;
  const isTable = (table: unknown) => typeof table === 'object' && table !== null;
  return version === 1 && isTable(passed) && isTable(rates) && Object.values(passed ?? {}).every(isTable);
}
