/**
 * A folder of releases: each a folder of its own with a `release.json`:
 * `{"versionCode": 453523, "versionName": "v1.0", "description": "…", "releaseDate": "…", "otaId": "…",
 * "components": [{"file": "fw.bin", "name": "Firmware", "type": 2}]}`. Without `components` every other file
 * of the folder is one: `*-ver.bin` the description, all else firmware.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SnapflowError } from '../../errors';
import { parseJson } from '../wire/json';
import { readEntry, type ReleaseEntry } from './entry';

const DESCRIPTION = 'release.json';

/** @throws SnapflowError `BAD_INPUT` with the path that cannot be read */
export async function releasesIn(folder: string): Promise<ReleaseEntry[]> {
  const names = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const releases = names.filter((name) => name.isDirectory()).map(({ name }) => releaseIn(folder, name));
  return (await Promise.all(releases)).filter((release) => release !== undefined);
}

/** The release in a folder; undefined when there is no description. */
async function releaseIn(folder: string, name: string): Promise<ReleaseEntry | undefined> {
  const files = await readdir(join(folder, name));
  if (!files.includes(DESCRIPTION)) return undefined;
  const path = join(folder, name, DESCRIPTION);
  const entry = readEntry({ versionName: name, ...(await parsed(path)) });
  if (!entry) throw unreadable(path, undefined);
  const components =
    entry.components.length > 0
      ? entry.components
      : files.filter((file) => file !== DESCRIPTION).map((file) => ({ file }));
  return {
    ...entry,
    // Of a release folder only what lies in it.
    components: components.map(({ file, ...component }) => ({
      ...component,
      ...(file !== undefined && { file: join(name, basename(file)) }),
    })),
  };
}

async function parsed(path: string): Promise<object> {
  try {
    return parseJson(await readFile(path, 'utf8')) as object;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** For a release that cannot be read. */
export function unreadable(path: string, cause: unknown): SnapflowError {
  return new SnapflowError(
    'BAD_INPUT',
    'The update release cannot be read: {{path}}. A release needs its files and a release.json with versionCode.',
    { system: 'lenfocus', values: { path }, cause },
  );
}
