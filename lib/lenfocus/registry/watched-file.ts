/**
 * A file that is read again whenever it changes. `fs.watch` tells at once where it works; where it does not
 * (network drives, some containers) a look at its time and size every few seconds does.
 */
import { watch, type FSWatcher } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SnapflowError } from '../../errors';
import type { Clock } from '../../clock';
import { every, type Cancel } from '../../timers';

export interface WatchedFileOptions {
  path: string;
  clock: Clock;
  /** Milliseconds between looks. Default 5 000. */
  pollMs?: number;
  /** Bytes of the file. Default 16 777 216 (16 MiB). */
  maxBytes?: number;
  /** May throw; the error is reported and the next change is looked at as usual. */
  onContent(bytes: Buffer): void;
  onError(error: unknown): void;
}

/** Editors write in several steps; looking a moment later sees the whole file. */
const SETTLE_MS = 50;

export class WatchedFile {
  private watcher: FSWatcher | undefined;
  private settling: NodeJS.Timeout | undefined;
  private stopPolling: Cancel | undefined;
  private version = '';
  private lastProblem = '';
  private reading: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: WatchedFileOptions) {}

  /** Reads the file for the first time and watches it from then on. Never rejects: see `onError`. */
  async start(): Promise<void> {
    const { clock, path, pollMs = 5_000 } = this.options;
    this.stopPolling = every(clock, pollMs, () => void this.look());
    try {
      this.watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name === null || name === basename(path)) this.lookSoon();
      });
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      // No such folder, or no watching here: the regular look finds the file when it comes.
    }
    await this.look();
  }

  stop(): void {
    this.closed = true;
    this.watcher?.close();
    this.stopPolling?.();
    clearTimeout(this.settling);
  }

  /** Reads the file now if it changed since it was read last. One look at a time. */
  look(): Promise<void> {
    this.reading ??= this.readIfChanged().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private lookSoon(): void {
    clearTimeout(this.settling);
    if (!this.closed) this.settling = setTimeout(() => void this.look(), SETTLE_MS).unref();
  }

  private async readIfChanged(): Promise<void> {
    const { path, maxBytes = 16 * 1024 * 1024 } = this.options;
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (this.closed || version === this.version) return;
      if (size > maxBytes) {
        throw new SnapflowError('TOO_LARGE', 'The device file has {{size}} bytes, more than {{limit}}.', {
          system: 'lenfocus',
          values: { size, limit: maxBytes },
        });
      }
      this.version = version;
      const bytes = await readFile(path);
      if (!this.closed) this.options.onContent(bytes);
      this.lastProblem = '';
    } catch (error) {
      if (!this.closed) this.reportOnce(error);
    }
  }

  /** A file that is missing or broken is told of once, not at every look. */
  private reportOnce(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem === this.lastProblem) return;
    this.lastProblem = problem;
    this.options.onError(error);
  }
}
