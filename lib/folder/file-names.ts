/** How a finished file gets its name: never one that is taken. */
import { link, lstat, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from './folder-error';

const MOST_OF_ONE_NAME = 10_000;
/** File systems without hard links. */
const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
]);

/** The wanted name, then those with a number. */
export function* namesFrom(wanted: string): Generator<string> {
  yield wanted;
  for (let number = 2; number <= MOST_OF_ONE_NAME; number++) yield numbered(wanted, number);
}

/** Gives a finished file its name; false when the name is taken. */
export async function place(from: string, target: string): Promise<boolean> {
  try {
    await link(from, target);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (!NO_LINKS.has(errnoOf(error))) throw error;
    if (await lstat(target).catch(() => undefined)) return false;
    await rename(from, target);
    return true;
  }
  await unlink(from);
  return true;
}

/** The path below the folder of the file that has this name, or the name and a number, and these very bytes. */
export async function sameFile(data: Buffer, folder: string, wanted: string): Promise<string | undefined> {
  for (const path of namesFrom(wanted)) {
    const file = join(folder, path);
    const found = await lstat(file).catch(() => undefined);
    if (!found) return undefined;
    if (found.isFile() && found.size === data.length && data.equals(await readFile(file))) return path;
  }
  return undefined;
}

function numbered(path: string, number: number): string {
  const [, name = path, extension = ''] = /^(.*[^/])(\.[^./]+)$/.exec(path) ?? [];
  return `${name}-${number}${extension}`;
}

/** So that the name outlives a power cut; some systems cannot open a folder. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
