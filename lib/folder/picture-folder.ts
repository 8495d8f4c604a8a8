/** Saves pictures into a folder and keeps only as many as are wanted. */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, rename, rmdir, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemClock, type Clock } from '../clock';
import { closedError, SnapflowError } from '../errors';
import { every, type Cancel } from '../timers';
import { anotherFolder, errnoOf, folderError, inTheWay, openError, PASSES } from './folder-error';
import type { NameFacts, Zone } from '../picture/name-places';
import { flushFolder, namesFrom, place, sameFile } from './file-names';
import { checkPattern, fillPattern } from './name-pattern';
import { SavedIndex, type SavedFile } from './saved-index';

export interface PictureFolderOptions {
  /** Absolute path. */
  folder: string;
  /** Whether it is made when it is missing and the folder above is there. Not for a disk that is mounted later. Default true. */
  make?: boolean;
  /** Default `{device}/{yyyy}-{MM}-{dd}/{time}-{id}.{ext}`. */
  pattern?: string;
  /** Default `local`. */
  zone?: Zone;
  /** What becomes of a file that has the name already: `number` keeps both, `replace` takes its place. Default `number`. */
  ifExists?: 'number' | 'replace';
  /** Milliseconds that a picture is kept. Default: for ever. */
  maxAgeMs?: number;
  /** Pictures kept. Default: all. */
  maxCount?: number;
  /** Bytes of the pictures kept. Default: all. */
  maxBytes?: number;
  /** Bytes of the disk that stay free. Default 104 857 600 (100 MiB). */
  minFreeBytes?: number;
  /** Pictures that may wait to be written. Default 1 000. */
  maxWaiting?: number;
  /** Bytes of those. Default 268 435 456 (256 MiB). */
  maxWaitingBytes?: number;
  /** Name of the index; two writers into one folder need two. Default `saved`. */
  name?: string;
  clock?: Clock;
}

export interface SaveOptions {
  /** It may have been saved before: a file of its name that has the same bytes is this picture. Default false. */
  again?: boolean;
}

export interface Saved {
  /** Absolute path. */
  file: string;
  bytes: number;
}

const USUAL_PATTERN = '{device}/{yyyy}-{MM}-{dd}/{time}-{id}.{ext}';
/** How often the age of pictures is looked at. */
const SWEEP_MS = 60_000;

export class PictureFolder {
  readonly #folder: string;
  readonly #options: PictureFolderOptions;
  readonly #clock: Clock;
  readonly #pattern: string;
  readonly #sweeping: Cancel;
  readonly #indexName: string;
  #index: SavedIndex | undefined;
  #wasOpen = false;
  /** The last time that pictures were to be deleted, that failed. */
  #keepsTooMany = false;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #waitingBytes = 0;
  #closed = false;

  /** @throws SnapflowError `BAD_INPUT` for a pattern that cannot be used */
  constructor(options: PictureFolderOptions) {
    this.#options = options;
    this.#folder = options.folder;
    this.#clock = options.clock ?? systemClock;
    this.#pattern = options.pattern || USUAL_PATTERN;
    checkPattern(this.#pattern);
    this.#indexName = `.snapflow-${(options.name ?? 'saved').replace(/[^\w-]/g, '-')}.jsonl`;
    this.#sweeping = every(this.#clock, SWEEP_MS, () => void this.sweep().catch(() => undefined));
  }

  /**
   * Saves one picture: written beside, flushed to the disk, then named. It is there as a whole or not at all.
   * @throws SnapflowError `QUOTA_EXCEEDED` (disk full), `UNREACHABLE` (folder gone, not writable), `BAD_INPUT` (name
   *   cannot be used), `QUEUE_FULL` (too many wait), `CLOSED`. `details.failure` where the code does not tell the class
   */
  save(data: Buffer, facts: NameFacts, { again = false }: SaveOptions = {}): Promise<Saved> {
    const { maxWaiting = 1_000, maxWaitingBytes = 268_435_456 } = this.#options;
    if (
      this.#waiting >= maxWaiting ||
      (this.#waiting > 0 && this.#waitingBytes + data.length > maxWaitingBytes)
    ) {
      return Promise.reject(
        new SnapflowError(
          'QUEUE_FULL',
          'The disk is too slow: {{count}} pictures wait to be written to {{folder}}.',
          {
            values: { count: this.#waiting, folder: this.#folder },
          },
        ),
      );
    }
    this.#waiting++;
    this.#waitingBytes += data.length;
    return this.#inTurn(async () => {
      const index = await this.#open();
      const wanted = fillPattern(this.#pattern, facts, this.#options.zone ?? 'local');
      const saved = again ? await sameFile(data, this.#folder, wanted) : undefined;
      if (saved !== undefined) {
        if (!index.has(saved)) await this.#note(index, saved, data.length);
        return { file: join(this.#folder, saved), bytes: data.length };
      }
      if (this.#keepsTooMany) await this.#retain(index);
      await this.#checkSpace(data.length);
      const file = await this.#write(index, data, wanted);
      // This one is saved all the same: the next one is told of it.
      await this.#retain(index).catch(() => undefined);
      return { file, bytes: data.length };
    }).finally(() => {
      this.#waiting--;
      this.#waitingBytes -= data.length;
    });
  }

  /** Deletes what is older, or more, than is to be kept. */
  sweep(): Promise<void> {
    return this.#inTurn(async () => this.#retain(await this.#open()));
  }

  /** What is being written is finished; what waits ends with `CLOSED`. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#sweeping();
    await this.#last;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (this.#closed) throw closedError('snapflow');
      try {
        return await work();
      } catch (error) {
        throw folderError(error, this.#folder);
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #open(): Promise<SavedIndex> {
    try {
      return await this.#opened();
    } catch (error) {
      throw openError(error, this.#folder);
    }
  }

  /** A folder that vanished is not made anew: most likely its disk is not mounted, and another would be filled. */
  async #opened(): Promise<SavedIndex> {
    const isThere = await stat(this.#folder).then(
      (found) => found.isDirectory(),
      (error: unknown) => (errnoOf(error) === 'ENOENT' ? undefined : Promise.reject(error as Error)),
    );
    if (isThere === false) throw inTheWay(this.#folder, 'ENOTDIR');
    const hasIndex = this.#wasOpen && (await isFile(join(this.#folder, this.#indexName)));
    if (this.#index && hasIndex) return this.#index;
    this.#index = undefined;
    if (this.#wasOpen && isThere && !hasIndex) throw anotherFolder(this.#folder, this.#indexName);
    if (isThere === undefined && (this.#wasOpen || !(this.#options.make ?? true))) {
      throw folderError(Object.assign(new Error('gone'), { code: 'ENOENT' }), this.#folder);
    }
    if (isThere === undefined) await mkdir(this.#folder);
    this.#index = await SavedIndex.open(this.#folder, this.#indexName);
    this.#wasOpen = true;
    return this.#index;
  }

  async #checkSpace(bytes: number): Promise<void> {
    const { minFreeBytes = 104_857_600 } = this.#options;
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize - bytes >= minFreeBytes) return;
    throw new SnapflowError(
      'QUOTA_EXCEEDED',
      'Saving would leave less than {{megabytes}} MB free on the disk of {{folder}}. Make room, or keep fewer pictures.',
      {
        values: { megabytes: Math.round(minFreeBytes / 1e6), folder: this.#folder },
        retryable: true,
        details: { folder: this.#folder, ...PASSES },
      },
    );
  }

  async #write(index: SavedIndex, data: Buffer, wanted: string): Promise<string> {
    await this.#makeFolders(wanted);
    const below = wanted.includes('/') ? `${dirname(wanted)}/` : '';
    const temporary = `${below}.snapflow-${randomBytes(8).toString('hex')}.part`;
    await index.begin(temporary);
    const from = join(this.#folder, temporary);
    try {
      const handle = await open(from, 'wx');
      try {
        await handle.writeFile(data);
        await handle.sync();
      } finally {
        await handle.close();
      }
      const path = await this.#name(from, wanted);
      await flushFolder(join(this.#folder, below));
      try {
        await this.#note(index, path, data.length);
      } catch (error) {
        // Nobody would ever delete it: taken back, so that it can be saved again.
        await unlink(join(this.#folder, path)).catch(() => undefined);
        throw error;
      }
      return join(this.#folder, path);
    } catch (error) {
      await unlink(from).catch(() => undefined);
      throw error;
    }
  }

  async #note(index: SavedIndex, path: string, bytes: number): Promise<void> {
    const { mtimeMs } = await lstat(join(this.#folder, path));
    await index.add({ path, bytes, savedAt: this.#clock.now(), mtimeMs });
  }

  /** One after the other, so that no link among them is followed out of the folder. */
  async #makeFolders(wanted: string): Promise<void> {
    let place = this.#folder;
    for (const part of wanted.split('/').slice(0, -1)) {
      place = join(place, part);
      await mkdir(place).catch((error: unknown) => {
        if (errnoOf(error) !== 'EEXIST') throw error;
      });
      const found = await lstat(place);
      if (found.isSymbolicLink()) throw inTheWay(place, 'ELOOP');
      if (!found.isDirectory()) throw inTheWay(place, 'ENOTDIR');
    }
  }

  async #name(from: string, wanted: string): Promise<string> {
    const target = join(this.#folder, wanted);
    if (this.#options.ifExists === 'replace') {
      const found = await lstat(target).catch(() => undefined);
      if (found && !found.isFile()) throw inTheWay(target, found.isSymbolicLink() ? 'ELOOP' : 'EISDIR');
      await rename(from, target);
      return wanted;
    }
    for (const path of namesFrom(wanted)) {
      if (await place(from, join(this.#folder, path))) return path;
    }
    throw inTheWay(target, 'EISDIR');
  }

  async #retain(index: SavedIndex): Promise<void> {
    const { maxAgeMs = Infinity, maxCount = Infinity, maxBytes = Infinity } = this.#options;
    this.#keepsTooMany = true;
    for (let { oldest } = index; oldest; { oldest } = index) {
      const isOver = index.count > maxCount || index.bytes > maxBytes;
      if (!isOver && this.#clock.now() - oldest.savedAt < maxAgeMs) break;
      if (index.count === 1 && isOver) break;
      await this.#delete(oldest);
      await index.remove(oldest.path);
    }
    this.#keepsTooMany = false;
  }

  /** Only what is still the file that was saved; its folder too when nothing is left in it. */
  async #delete({ path, bytes, mtimeMs }: SavedFile): Promise<void> {
    const file = join(this.#folder, path);
    const found = await lstat(file).catch(() => undefined);
    if (!found?.isFile() || found.size !== bytes || found.mtimeMs !== mtimeMs) return;
    if (await this.#leadsThroughLink(path)) return;
    await unlink(file);
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
      try {
        await rmdir(join(this.#folder, parent));
      } catch {
        return;
      }
    }
  }

  async #leadsThroughLink(path: string): Promise<boolean> {
    for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
      if (!(await lstat(join(this.#folder, parent))).isDirectory()) return true;
    }
    return false;
  }
}

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
