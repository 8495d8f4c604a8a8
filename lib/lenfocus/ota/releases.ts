/**
 * Releases from a table or a folder. In a folder each release is a folder of its own with a `release.json`:
 * `{"versionCode": 453523, "versionName": "v1.0", "description": "…", "releaseDate": "…", "otaId": "…",
 * "components": [{"file": "fw.bin", "name": "Firmware", "type": 2}]}`. Without `components` every other file
 * of the folder is one: `*-ver.bin` the description, all else firmware. Sizes and hashes are computed here.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { SnapflowError } from '../../errors';
import { parseJson } from '../wire/json';
import { localTime } from '../wire/time';
import { Fields } from '../wire/values';
import { DigestCache } from './digest';
import type { OtaComponent, OtaQuery, OtaRelease, OtaSource } from './types';

/** A release before its files are looked at. */
export interface ReleaseEntry {
  versionCode: number;
  versionName: string;
  description?: string;
  /** `yyyy-MM-dd HH:mm:ss`; without it, when the newest file was written. */
  releaseDate?: string;
  /** Only for devices that ask with this code; without it, for all. */
  otaId?: string;
  components: ComponentEntry[];
}

export interface ComponentEntry {
  /** Path of the file; relative ones are below the folder of releases. */
  file: string;
  name?: string;
  /** 1 description, 2 firmware, 3 app, 4 model, 5 license. Default: by the name of the file. */
  type?: number;
  /** Where devices fetch it; without it, from this server. */
  url?: string;
}

export interface ReleasesOptions {
  folder?: string;
  table?: readonly ReleaseEntry[];
  /** Minutes east of UTC, for release dates. */
  zone: number;
}

const DESCRIPTION = 'release.json';

export class Releases implements OtaSource {
  private readonly digests = new DigestCache();
  /** Files that a device was told of, by SHA-256. */
  private readonly offered = new Map<string, string>();

  constructor(private readonly options: ReleasesOptions) {}

  /**
   * The newest release for the device, which compares versions itself (§2.3).
   * @throws SnapflowError `BAD_INPUT` when a release cannot be read
   */
  async find(query: OtaQuery, baseUrl: string): Promise<OtaRelease | undefined> {
    const entries = [...(this.options.table ?? []), ...(await this.fromFolder())];
    const newest = entries
      .filter(({ otaId }) => otaId === undefined || otaId === query.otaId)
      .sort((a, b) => b.versionCode - a.versionCode)[0];
    return newest && this.complete(newest, baseUrl);
  }

  async open(sha256: string): Promise<{ path: string; size: number } | undefined> {
    const path = this.offered.get(sha256);
    if (path === undefined) return undefined;
    const digest = await this.digests.of(path);
    return digest.sha256 === sha256 ? { path, size: digest.size } : undefined;
  }

  private async complete(entry: ReleaseEntry, baseUrl: string): Promise<OtaRelease> {
    const components = await Promise.all(entry.components.map((part) => this.component(part, baseUrl)));
    return {
      versionCode: entry.versionCode,
      versionName: entry.versionName,
      ...(entry.description !== undefined && { description: entry.description }),
      releaseDate: entry.releaseDate ?? (await this.dateOf(entry)),
      components,
    };
  }

  private async component({ file, name, type, url }: ComponentEntry, baseUrl: string): Promise<OtaComponent> {
    const path = this.pathOf(file);
    const digest = await this.digests.of(path).catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
    const fileName = basename(path);
    if (url === undefined) this.offered.set(digest.sha256, path);
    return {
      name: name ?? fileName,
      type: type ?? (/-ver\.bin$/i.test(fileName) ? 1 : 2),
      ...digest,
      url: url ?? `${baseUrl}/api/v1/ota/file/${digest.sha256}/${encodeURIComponent(fileName)}`,
    };
  }

  private pathOf(file: string): string {
    return isAbsolute(file) ? file : join(this.options.folder ?? '', file);
  }

  private async dateOf(entry: ReleaseEntry): Promise<string> {
    const files = await Promise.all(entry.components.map(({ file }) => stat(this.pathOf(file))));
    const newest = Math.max(0, ...files.map(({ mtimeMs }) => mtimeMs));
    return localTime(new Date(newest), this.options.zone);
  }

  private async fromFolder(): Promise<ReleaseEntry[]> {
    const { folder } = this.options;
    if (folder === undefined) return [];
    const names = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw unreadable(folder, cause);
    });
    const releases = names.filter((name) => name.isDirectory()).map(({ name }) => releaseIn(folder, name));
    return (await Promise.all(releases)).filter((release) => release !== undefined);
  }
}

/** The release in a folder; undefined when there is no description. */
async function releaseIn(folder: string, name: string): Promise<ReleaseEntry | undefined> {
  const files = await readdir(join(folder, name));
  if (!files.includes(DESCRIPTION)) return undefined;
  const path = join(folder, name, DESCRIPTION);
  const fields = new Fields(await parsed(path));
  const versionCode = fields.integer('versioncode', 'vercode');
  if (versionCode === undefined) throw unreadable(path, undefined);
  const listed = fields.get('components', 'componentlist');
  const components = Array.isArray(listed)
    ? listed.map((entry) => componentOf(new Fields(entry), name, path))
    : files.filter((file) => file !== DESCRIPTION).map((file) => ({ file: join(name, file) }));
  const [description, releaseDate, otaId] = ['description', 'releasedate', 'otaid'].map((key) =>
    fields.text(key),
  );
  return {
    versionCode,
    versionName: fields.text('versionname', 'vername') ?? name,
    ...(description !== undefined && { description }),
    ...(releaseDate !== undefined && { releaseDate }),
    ...(otaId !== undefined && { otaId }),
    components,
  };
}

function componentOf(fields: Fields, folder: string, path: string): ComponentEntry {
  const file = fields.text('file');
  if (file === undefined) throw unreadable(path, undefined);
  const [name, url] = [fields.text('name'), fields.text('url')];
  const type = fields.integer('type');
  return {
    // Of a release folder only what lies in it.
    file: join(folder, basename(file)),
    ...(name !== undefined && { name }),
    ...(type !== undefined && { type }),
    ...(url !== undefined && { url }),
  };
}

async function parsed(path: string): Promise<unknown> {
  try {
    return parseJson(await readFile(path, 'utf8'));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): SnapflowError {
  return new SnapflowError(
    'BAD_INPUT',
    'The update release cannot be read: {{path}}. A release needs its files and a release.json with versionCode.',
    { system: 'lenfocus', values: { path }, cause },
  );
}
