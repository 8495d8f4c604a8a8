/** The few things an outbox asks of a disk; a test puts a full or broken one in its place. */
import { mkdir, open, readdir, readFile, rename, stat, unlink, utimes } from 'node:fs/promises';

export interface Files {
  /** Makes a folder and those above it; nothing when it is there. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder. */
  list(path: string): Promise<string[]>;
  read(path: string): Promise<Buffer>;
  /** Makes a file that is not there yet; resolves when its bytes are on the disk. Leaves nothing behind when it fails. */
  write(path: string, parts: readonly Buffer[]): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Resolves when what was made, renamed or removed in a folder is on the disk. */
  flushFolder(path: string): Promise<void>;
  /** Sets when a file was changed last. */
  touch(path: string, moment: Date): Promise<void>;
  /** When a file was changed last, milliseconds since 1970. */
  touched(path: string): Promise<number>;
}

/** Pictures show people: nobody else on this machine is to see them. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** What file systems say that cannot flush a folder (network shares): they keep their names in their own way. */
const NO_FOLDER_FLUSH: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP']);

export const diskFiles: Files = {
  makeFolder: async (path) => void (await mkdir(path, { recursive: true, mode: FOLDER_MODE })),
  list: (path) => readdir(path),
  read: (path) => readFile(path),
  rename,
  remove: unlink,
  touch: (path, moment) => utimes(path, moment, moment),
  touched: async (path) => (await stat(path)).mtimeMs,

  async write(path, parts) {
    const file = await open(path, 'wx', FILE_MODE);
    try {
      const { bytesWritten } = await file.writev(parts);
      // A disk that fills up takes a part and calls that a success; writing the rest tells the truth.
      const bytes = parts.reduce((sum, part) => sum + part.length, 0);
      if (bytesWritten < bytes) await file.writeFile(Buffer.concat(parts).subarray(bytesWritten));
      await file.sync();
      await file.close();
    } catch (error) {
      await file.close().catch(() => undefined);
      await unlink(path).catch(() => undefined);
      throw error;
    }
  },

  async flushFolder(path) {
    // Windows has no such thing: there a rename is written through by its file system's journal.
    if (process.platform === 'win32') return;
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } catch (error) {
      if (!NO_FOLDER_FLUSH.has(errnoOf(error))) throw error;
    } finally {
      await folder.close();
    }
  },
};

/** The code of a failure of the disk, such as `ENOSPC`; empty when it is none. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
