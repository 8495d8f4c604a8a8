/**
 * A disk in memory that loses at a power cut what a real one may lose: what was made, renamed or removed in a folder
 * counts only after `flushFolder`, a file's bytes only when `write` resolved. Faults can be switched on.
 */
import { dirname, basename } from 'node:path';
import type { Files } from '../../../../lib/delivery/outbox/files';

type Operation = keyof Files;

interface Stored {
  bytes: Buffer;
  touched: number;
}

export class MemoryFiles implements Files {
  /** What programs see: folder → name → file. */
  readonly #seen = new Map<string, Map<string, Stored>>();
  /** What is on the disk for sure. */
  readonly #safe = new Map<string, Map<string, Stored>>();
  /** Called before each operation; throws what the disk is to answer. */
  before: (operation: Operation, path: string) => void = () => undefined;
  operations = 0;

  /** Makes operations fail whose path holds `place`, with this code, until it is called without a code. */
  fail(code?: string, operations: readonly Operation[] = ['write'], place = ''): void {
    this.before = (operation, path) => {
      if (code && operations.includes(operation) && path.includes(place)) throw diskError(code, path);
    };
  }

  /**
   * The disk after a power cut: of what was not flushed, chance decides file by file. A rename is undone or kept as a
   * whole, as journaling file systems do.
   */
  afterPowerCut(survives: () => boolean): MemoryFiles {
    const fates = new Map<Stored, boolean>();
    const isKept = (file: Stored): boolean => {
      const fate = fates.get(file) ?? survives();
      fates.set(file, fate);
      return fate;
    };
    const disk = new MemoryFiles();
    for (const [folder, seen] of this.#seen) {
      const safe = this.#safe.get(folder) ?? new Map<string, Stored>();
      const kept = new Map<string, Stored>();
      for (const [name, file] of safe) if (seen.get(name) === file || !isKept(file)) kept.set(name, file);
      for (const [name, file] of seen) if (safe.get(name) === file || isKept(file)) kept.set(name, file);
      disk.#seen.set(folder, kept);
      disk.#safe.set(folder, new Map(kept));
    }
    return disk;
  }

  /** Names in a folder, sorted; empty when it is not there. */
  names(folder: string): string[] {
    return [...(this.#seen.get(folder)?.keys() ?? [])].sort();
  }

  /** Puts a file there behind everybody's back. */
  plant(path: string, bytes: Buffer): void {
    this.#folder(dirname(path)).set(basename(path), { bytes, touched: 0 });
  }

  /** Every byte and name that is seen. */
  contents(): string {
    return [...this.#seen]
      .flatMap(([folder, files]) =>
        [...files].map(([name, { bytes }]) => `${folder}/${name}\n${bytes.toString('latin1')}`),
      )
      .join('\n');
  }

  /** Takes the folder and all in it away; puts it back when called again. */
  unmount(root: string): () => void {
    const away = [...this.#seen].filter(([folder]) => folder === root || folder.startsWith(`${root}/`));
    for (const [folder] of away) this.#seen.delete(folder);
    return () => away.forEach(([folder, files]) => this.#seen.set(folder, files));
  }

  makeFolder = async (path: string): Promise<void> => {
    await this.#begin('makeFolder', path);
    if (!this.#seen.has(path)) this.#seen.set(path, new Map());
    const above = dirname(path);
    if (!this.#seen.has(above)) this.#seen.set(above, new Map());
  };

  list = async (path: string): Promise<string[]> => {
    await this.#begin('list', path);
    return [...this.#folder(path).keys()];
  };

  read = async (path: string): Promise<Buffer> => {
    await this.#begin('read', path);
    return this.#file(path).bytes;
  };

  write = async (path: string, parts: readonly Buffer[]): Promise<void> => {
    await this.#begin('write', path);
    const folder = this.#folder(dirname(path));
    if (folder.has(basename(path))) throw diskError('EEXIST', path);
    folder.set(basename(path), { bytes: Buffer.concat(parts), touched: 0 });
  };

  rename = async (from: string, to: string): Promise<void> => {
    await this.#begin('rename', to);
    const file = this.#file(from);
    this.#folder(dirname(to)).set(basename(to), file);
    this.#folder(dirname(from)).delete(basename(from));
  };

  remove = async (path: string): Promise<void> => {
    await this.#begin('remove', path);
    this.#file(path);
    this.#folder(dirname(path)).delete(basename(path));
  };

  flushFolder = async (path: string): Promise<void> => {
    // As little as a real one promises: what was there when it was called, and that only when it is done.
    const flushed = new Map(this.#folder(path));
    await this.#begin('flushFolder', path);
    for (let n = 0; n < 10; n += 1) await Promise.resolve();
    this.#safe.set(path, flushed);
  };

  touch = async (path: string, moment: Date): Promise<void> => {
    await this.#begin('touch', path);
    this.#file(path).touched = moment.getTime();
  };

  touched = async (path: string): Promise<number> => {
    await this.#begin('touched', path);
    return this.#file(path).touched;
  };

  async #begin(operation: Operation, path: string): Promise<void> {
    this.operations += 1;
    // Not all take the same time, so that what is begun together ends in any order.
    for (let n = this.operations % 7; n >= 0; n -= 1) await Promise.resolve();
    this.before(operation, path);
  }

  #folder(path: string): Map<string, Stored> {
    const folder = this.#seen.get(path);
    if (!folder) throw diskError('ENOENT', path);
    return folder;
  }

  #file(path: string): Stored {
    const file = this.#folder(dirname(path)).get(basename(path));
    if (!file) throw diskError('ENOENT', path);
    return file;
  }
}

export function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: for a test, '${path}'`), { code });
}
