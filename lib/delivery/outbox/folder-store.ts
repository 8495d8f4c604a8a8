/**
 * The outbox as a folder, one file per picture:
 *
 *     owner-<n>   who uses it              writing/   being written: not accepted yet
 *     waiting/    accepted, in order       dead/      given up, each with its reason
 *     aside/      torn files, and files that are none of ours
 *
 * A picture is written and flushed in `writing/`, renamed into `waiting/`, and that folder flushed: only then is it
 * accepted. Whatever moment a crash chooses, its file is in one of these folders or in none, and whole.
 */
import { join } from 'node:path';
import { systemClock, type Clock } from '../../clock';
import type { SnapflowError, System } from '../../errors';
import { DeadLetters, removeIfThere, type DeadLetterOptions } from './dead-letters';
import { entryOf, extensionOf, nameOf, type Entry } from './entry';
import { diskFiles, errnoOf, type Files } from './files';
import { FolderFlush } from './folder-flush';
import type { Identity } from './identity';
import { Ownership } from './ownership';
import { decodeParcel, encodeParcel, type Parcel } from './parcel';
import { storageError } from './storage-error';
import type { DeadLetter, EntryFacts, Store, StoreEvents } from './store';

export interface FolderStoreOptions extends DeadLetterOptions {
  /** Made when it is not there. */
  folder: string;
  /** Named in errors. Default: `snapflow`. */
  system?: System;
  clock?: Clock;
  /** Default: the disk. */
  files?: Files;
  /** Default: this process. */
  self?: Identity;
}

/** Reads of one file that may fail before it counts as torn: a disk may stumble once. */
const MAX_BAD_READS = 3;
const BAD_READS: ReadonlySet<string> = new Set(['EIO', 'EUCLEAN', 'EBADMSG', 'EISDIR']);

export class FolderStore<Meta> implements Store<Meta> {
  readonly #folder: string;
  readonly #system: System;
  readonly #clock: Clock;
  readonly #files: Files;
  readonly #ownership: Ownership;
  readonly #flushWaiting: FolderFlush;
  readonly #dead: DeadLetters;
  readonly #badReads = new Map<number, number>();
  #events: StoreEvents | undefined;
  #lastId = 0;

  /** @throws SnapflowError `BAD_INPUT` for a limit that is none */
  constructor(options: FolderStoreOptions) {
    const { folder, system = 'snapflow', clock = systemClock, files = diskFiles, self } = options;
    this.#folder = folder;
    this.#system = system;
    this.#clock = clock;
    this.#files = files;
    this.#ownership = new Ownership(folder, { files, clock, system, self });
    this.#flushWaiting = new FolderFlush(files, join(folder, 'waiting'));
    const dead = join(folder, 'dead');
    this.#dead = new DeadLetters(dead, files, new FolderFlush(files, dead), options);
  }

  get dead(): { items: number; bytes: number } {
    return this.#dead.size;
  }

  open(events: StoreEvents): Promise<void> {
    return this.#guard(async () => {
      this.#events = events;
      for (const part of ['waiting', 'writing', 'dead', 'aside']) {
        await this.#files.makeFolder(join(this.#folder, part));
      }
      await this.#ownership.take();
      await this.#files.flushFolder(this.#folder);
      for (const name of await this.#files.list(join(this.#folder, 'writing'))) {
        await removeIfThere(this.#files, join(this.#folder, 'writing', name));
      }
      await this.#dead.open();
      const entries = await this.#readNames();
      this.#lastId = Math.max(this.#lastId, entries.at(-1)?.id ?? 0, this.#dead.lastId);
      for (const entry of entries) events.arrived(entry);
    });
  }

  add(facts: EntryFacts, parcel: Parcel<Meta>): Promise<Entry> {
    return this.#guard(async () => {
      this.#lastId += 1;
      const entry: Entry = {
        ...facts,
        id: this.#lastId,
        addedAt: this.#clock.now(),
        bytes: parcel.body.length,
        extension: extensionOf(parcel.body),
      };
      const name = nameOf(entry);
      const written = join(this.#folder, 'writing', name);
      await this.#files.write(written, encodeParcel(parcel));
      try {
        await this.#files.rename(written, this.#path(entry));
        await this.#flushWaiting.flush();
      } catch (error) {
        // The caller hears that it was not accepted: then it must not be sent either.
        await this.#files.remove(written).catch(() => undefined);
        await this.#files.remove(this.#path(entry)).catch(() => undefined);
        throw error;
      }
      return entry;
    });
  }

  take(entry: Entry): Promise<Parcel<Meta> | undefined> {
    return this.#guard(async () => {
      try {
        const parcel = decodeParcel<Meta>(await this.#files.read(this.#path(entry)), entry.bytes);
        if (parcel) return parcel;
      } catch (error) {
        if (await this.#isGone(error, this.#path(entry))) return undefined;
        const bad = (this.#badReads.get(entry.id) ?? 0) + 1;
        this.#badReads.set(entry.id, bad);
        if (!BAD_READS.has(errnoOf(error)) || bad < MAX_BAD_READS) throw error;
      }
      this.#badReads.delete(entry.id);
      await this.#setAside(nameOf(entry));
      return undefined;
    });
  }

  settle(entry: Entry, reason?: SnapflowError): Promise<void> {
    return this.#guard(async () => {
      if (!reason) {
        await this.#remove(this.#path(entry));
        await this.#flushWaiting.flush();
        return;
      }
      try {
        const forgotten = await this.#dead.add(entry, this.#path(entry), reason);
        await this.#flushWaiting.flush().catch(() => undefined);
        for (const old of forgotten) this.#events?.forgotten(old);
      } catch (error) {
        if (!(await this.#isGone(error, this.#path(entry)))) throw error;
      }
    });
  }

  deadLetters(): Promise<DeadLetter[]> {
    return this.#guard(() => this.#dead.list());
  }

  revive(id: number): Promise<Entry | undefined> {
    return this.#guard(async () => {
      const old = this.#dead.find(id);
      if (!old) return undefined;
      this.#lastId += 1;
      const entry: Entry = { ...old, id: this.#lastId };
      try {
        await this.#dead.moveOut(old, this.#path(entry));
      } catch (error) {
        if (!(await this.#isGone(error, this.#dead.path(old)))) throw error;
        this.#dead.forget(old);
        return undefined;
      }
      await this.#flushWaiting.flush().catch(() => undefined);
      return entry;
    });
  }

  dropDead(id: number): Promise<boolean> {
    return this.#guard(async () => {
      const entry = this.#dead.find(id);
      if (entry) await this.#dead.remove(entry);
      return entry !== undefined;
    });
  }

  readDead(id: number): Promise<Parcel<Meta> | undefined> {
    return this.#guard(async () => {
      const entry = this.#dead.find(id);
      return entry && decodeParcel<Meta>(await this.#dead.read(entry), entry.bytes);
    });
  }

  tend(): Promise<void> {
    return this.#guard(() => this.#ownership.beat());
  }

  async close(): Promise<void> {
    this.#ownership.cancel();
    // A folder that is gone or full cannot be told; its next owner sees that this process ended or stands still.
    await this.#ownership.release().catch(() => undefined);
  }

  /** In order; what is none of ours is put aside. */
  async #readNames(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const name of (await this.#files.list(join(this.#folder, 'waiting'))).sort()) {
      const entry = entryOf(name);
      if (entry) entries.push(entry);
      else await this.#setAside(name);
    }
    return entries.sort((a, b) => a.id - b.id);
  }

  /** Where that fails, the file stays and is met again at the next start; it stops nothing. */
  async #setAside(name: string): Promise<void> {
    try {
      const taken = new Set(await this.#files.list(join(this.#folder, 'aside')));
      let free = name;
      for (let n = 1; taken.has(free); n += 1) free = `${name}.${n}`;
      await this.#files.rename(join(this.#folder, 'waiting', name), join(this.#folder, 'aside', free));
    } catch {
      // As said above.
    }
    this.#events?.setAside(name);
  }

  async #remove(path: string): Promise<void> {
    try {
      await this.#files.remove(path);
    } catch (error) {
      if (!(await this.#isGone(error, path))) throw error;
    }
  }

  /**
   * Whether a failure means that a file alone is gone. When the whole folder is, that is thrown: its files may come
   * back with it. It may even be back by now, so the file is looked for once more.
   */
  async #isGone(failure: unknown, path: string): Promise<boolean> {
    if (errnoOf(failure) !== 'ENOENT') return false;
    await this.#ownership.check();
    try {
      await this.#files.touched(path);
      return false;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      return true;
    }
  }

  #path(entry: Entry): string {
    return join(this.#folder, 'waiting', nameOf(entry));
  }

  async #guard<Value>(action: () => Promise<Value>): Promise<Value> {
    try {
      return await action();
    } catch (error) {
      throw storageError(error, this.#folder, this.#system);
    }
  }
}
