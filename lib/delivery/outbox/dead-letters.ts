/** The pictures that could not be delivered: the folder `dead`, each with its reason beside it as JSON. */
import { join } from 'node:path';
import type { SnapflowError } from '../../errors';
import { checkNumber } from '../dispatch-options';
import { entryOf, nameOf, type Entry } from './entry';
import { errnoOf, type Files } from './files';
import type { FolderFlush } from './folder-flush';
import { reasonOf, type Reason } from './reason';
import type { DeadLetter } from './store';

export interface DeadLetterOptions {
  /** Dead letters that are kept; beyond, the oldest goes. Default 1 000. */
  maxDeadItems?: number;
  /** Bytes of those. Default 268 435 456 (256 MiB). */
  maxDeadBytes?: number;
}

export class DeadLetters {
  readonly #folder: string;
  readonly #files: Files;
  readonly #flush: FolderFlush;
  readonly #maxItems: number;
  readonly #maxBytes: number;
  readonly #letters = new Map<number, Entry>();
  #bytes = 0;

  /** @throws SnapflowError `BAD_INPUT` for a limit that is none */
  constructor(folder: string, files: Files, flush: FolderFlush, options: DeadLetterOptions) {
    this.#folder = folder;
    this.#files = files;
    this.#flush = flush;
    this.#maxItems = options.maxDeadItems ?? 1_000;
    this.#maxBytes = options.maxDeadBytes ?? 268_435_456;
    checkNumber('maxDeadItems', this.#maxItems, 0, 'snapflow');
    checkNumber('maxDeadBytes', this.#maxBytes, 0, 'snapflow');
  }

  get size(): { items: number; bytes: number } {
    return { items: this.#letters.size, bytes: this.#bytes };
  }

  /** The highest id of all; 0 when there is none. */
  get lastId(): number {
    let last = 0;
    for (const id of this.#letters.keys()) last = Math.max(last, id);
    return last;
  }

  find(id: number): Entry | undefined {
    return this.#letters.get(id);
  }

  /** Reads the names; a reason whose picture never came is removed. */
  async open(): Promise<void> {
    this.#letters.clear();
    this.#bytes = 0;
    const names = (await this.#files.list(this.#folder)).sort();
    const all = new Set(names);
    for (const name of names) {
      const entry = entryOf(name);
      if (entry) this.#note(entry);
      else if (name.endsWith('.json') && !all.has(name.slice(0, -'.json'.length))) {
        await this.#files.remove(join(this.#folder, name)).catch(() => undefined);
      }
    }
  }

  /**
   * Moves a picture in. The reason is written first: after a crash between, the picture waits as before.
   * @returns those that went to make room
   */
  async add(entry: Entry, from: string, error: SnapflowError): Promise<Entry[]> {
    const reason = this.#reasonPath(entry);
    await removeIfThere(this.#files, reason);
    await this.#files.write(reason, [Buffer.from(JSON.stringify(reasonOf(error)))]);
    try {
      await this.#flush.flush();
      await this.#files.rename(from, this.path(entry));
    } catch (failure) {
      await this.#files.remove(reason).catch(() => undefined);
      throw failure;
    }
    this.#note(entry);
    // It is in: a power cut that undoes this lets it wait again, and too many are fewer after the next one.
    await this.#flush.flush().catch(() => undefined);
    return await this.#trim().catch(() => []);
  }

  /** Moves a picture out. A power cut that undoes it leaves the picture here. */
  async moveOut(entry: Entry, to: string): Promise<void> {
    await this.#files.rename(this.path(entry), to);
    this.forget(entry);
    await this.#files.remove(this.#reasonPath(entry)).catch(() => undefined);
    await this.#flush.flush().catch(() => undefined);
  }

  async remove(entry: Entry): Promise<void> {
    await removeIfThere(this.#files, this.path(entry));
    this.forget(entry);
    await removeIfThere(this.#files, this.#reasonPath(entry));
    await this.#flush.flush();
  }

  /** Its file is gone. */
  forget(entry: Entry): void {
    if (this.#letters.delete(entry.id)) this.#bytes -= entry.bytes;
  }

  /** Where its file lies. */
  path(entry: Entry): string {
    return join(this.#folder, nameOf(entry));
  }

  read(entry: Entry): Promise<Buffer> {
    return this.#files.read(this.path(entry));
  }

  async list(): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for (const entry of this.#letters.values()) letters.push({ entry, reason: await this.#reason(entry) });
    return letters;
  }

  async #trim(): Promise<Entry[]> {
    const gone: Entry[] = [];
    for (const entry of this.#letters.values()) {
      if (this.#letters.size <= this.#maxItems && this.#bytes <= this.#maxBytes) break;
      await this.remove(entry);
      gone.push(entry);
    }
    return gone;
  }

  async #reason(entry: Entry): Promise<Reason | undefined> {
    try {
      return JSON.parse((await this.#files.read(this.#reasonPath(entry))).toString('utf8')) as Reason;
    } catch {
      return undefined;
    }
  }

  #note(entry: Entry): void {
    this.#letters.set(entry.id, entry);
    this.#bytes += entry.bytes;
  }

  #reasonPath(entry: Entry): string {
    return `${this.path(entry)}.json`;
  }
}

export async function removeIfThere(files: Files, path: string): Promise<void> {
  try {
    await files.remove(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
