/**
 * Which files of a folder were written by us: the only ones that are ever deleted. A file of lines beside the
 * pictures, so that it goes where they go. What it does not know is not ours.
 */
import { appendFile, lstat, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, inTheWay } from './folder-error';

export interface SavedFile {
  /** Below the folder, divided by `/`. */
  path: string;
  bytes: number;
  /** Wall clock when it was saved, milliseconds since 1970. */
  savedAt: number;
  /** Modification time of the file: whoever changed it made it his own. */
  mtimeMs: number;
}

/** Lines without worth, beyond as many as there are files, after which the index is written anew. */
const SPARE_LINES = 1_000;

export class SavedIndex {
  readonly #folder: string;
  readonly #file: string;
  /** In the order in which they were saved. */
  #saved = new Map<string, SavedFile>();
  #bytes = 0;
  #lines = 0;

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#file = join(folder, name);
  }

  /** Reads the index and removes files that a crash left half written. Throws what the file system throws. */
  static async open(folder: string, name: string): Promise<SavedIndex> {
    const index = new SavedIndex(folder, name);
    await index.#load();
    return index;
  }

  get count(): number {
    return this.#saved.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): SavedFile | undefined {
    return this.#saved.values().next().value;
  }

  has(path: string): boolean {
    return this.#saved.has(path);
  }

  /** A file is about to be written: it is removed at the next start if that does not come to its end. */
  begin(temporary: string): Promise<void> {
    return this.#append({ begun: temporary });
  }

  async add(file: SavedFile): Promise<void> {
    await this.#append(file);
    this.#take(file.path);
    this.#saved.set(file.path, file);
    this.#bytes += file.bytes;
  }

  async remove(path: string): Promise<void> {
    this.#take(path);
    await this.#append({ gone: path });
    if (this.#lines > 2 * this.#saved.size + SPARE_LINES) await this.#rewrite();
  }

  #take(path: string): void {
    this.#bytes -= this.#saved.get(path)?.bytes ?? 0;
    this.#saved.delete(path);
  }

  async #load(): Promise<void> {
    const begun = new Set<string>();
    for (const line of (await this.#read()).split('\n')) {
      const entry = entryOf(line);
      if (!entry) continue;
      this.#lines++;
      if ('begun' in entry) begun.add(entry.begun);
      else if ('gone' in entry) this.#take(entry.gone);
      else {
        this.#take(entry.path);
        this.#saved.set(entry.path, entry);
        this.#bytes += entry.bytes;
      }
    }
    for (const path of begun) await unlink(join(this.#folder, path)).catch(() => undefined);
    await this.#rewrite();
  }

  async #read(): Promise<string> {
    try {
      // A link here would have us write somewhere else.
      if (!(await lstat(this.#file)).isFile()) throw inTheWay(this.#folder, 'ELOOP');
      return await readFile(this.#file, 'utf8');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return '';
      throw error;
    }
  }

  async #append(entry: object): Promise<void> {
    this.#lines++;
    await appendFile(this.#file, `${JSON.stringify(entry)}\n`);
  }

  async #rewrite(): Promise<void> {
    const next = `${this.#file}.new`;
    const lines = [...this.#saved.values()].map((entry) => `${JSON.stringify(entry)}\n`);
    await unlink(next).catch(() => undefined);
    await writeFile(next, lines.join(''), { flag: 'wx' });
    await rename(next, this.#file);
    this.#lines = lines.length;
  }
}

type Entry = SavedFile | { begun: string } | { gone: string };

/** A line that a crash cut off, or that somebody else wrote, is none. */
function entryOf(line: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { begun, gone, path, bytes, savedAt, mtimeMs } = value as Record<string, unknown>;
  if (isBelow(begun)) return { begun };
  if (isBelow(gone)) return { gone };
  if (!isBelow(path)) return undefined;
  return typeof bytes === 'number' && typeof savedAt === 'number' && typeof mtimeMs === 'number'
    ? { path, bytes, savedAt, mtimeMs }
    : undefined;
}

/** An index that somebody tampered with leads nowhere else either. */
function isBelow(path: unknown): path is string {
  return (
    typeof path === 'string' &&
    path !== '' &&
    !/[\\\0]/.test(path) &&
    path.split('/').every((part) => !['', '.', '..'].includes(part))
  );
}
