/** Releases from a table or a folder; sizes and hashes are computed here. */
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { systemClock, type Clock } from '../../clock';
import { localTime } from '../wire/time';
import { DigestCache, type FileDigest } from './digest';
import { RemoteDigests, type DownloadLimits } from './download';
import { fileNameOf, type ComponentEntry, type ReleaseEntry } from './entry';
import { releasesIn, unreadable } from './folder';
import type { OtaComponent, OtaQuery, OtaRelease, OtaSource } from './types';

export interface ReleasesOptions extends DownloadLimits {
  folder?: string;
  table?: readonly ReleaseEntry[];
  /** Minutes east of UTC, for release dates. */
  zone: number;
  clock?: Clock;
}

export class Releases implements OtaSource {
  private readonly digests = new DigestCache();
  private readonly remote: RemoteDigests;
  /** Files that a device was told of, by SHA-256. */
  private readonly offered = new Map<string, string>();

  constructor(private readonly options: ReleasesOptions) {
    this.remote = new RemoteDigests(options.clock ?? systemClock, options);
  }

  /**
   * The newest release for the device, which compares versions itself (§2.3).
   * @throws SnapflowError `BAD_INPUT` when a release cannot be read, or what kept a file from being fetched
   */
  async find(query: OtaQuery, baseUrl: string): Promise<OtaRelease | undefined> {
    const { folder, table = [] } = this.options;
    const entries = [...table, ...(folder === undefined ? [] : await releasesIn(folder))];
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

  /** Ends what is being fetched. */
  close(): void {
    this.remote.close();
  }

  private async complete(entry: ReleaseEntry, baseUrl: string): Promise<OtaRelease> {
    const { versionCode, versionName, description } = entry;
    const components = await Promise.all(entry.components.map((part) => this.component(part, baseUrl)));
    return {
      versionCode,
      versionName,
      ...(description !== undefined && { description }),
      releaseDate: entry.releaseDate ?? (await this.dateOf(entry)),
      components,
    };
  }

  private async component(entry: ComponentEntry, baseUrl: string): Promise<OtaComponent> {
    const { file, url = '', name, type } = entry;
    const fileName = fileNameOf(entry);
    const digest = file === undefined ? await this.remote.of(url) : await this.digestOf(file);
    if (file !== undefined && url === '') this.offered.set(digest.sha256, this.pathOf(file));
    return {
      name: name ?? fileName,
      type: type ?? (/-ver\.bin$/i.test(fileName) ? 1 : 2),
      ...digest,
      url: url || `${baseUrl}/api/v1/ota/file/${digest.sha256}/${encodeURIComponent(fileName)}`,
    };
  }

  private digestOf(file: string): Promise<FileDigest> {
    return this.digests.of(this.pathOf(file)).catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
  }

  private pathOf(file: string): string {
    return isAbsolute(file) ? file : join(this.options.folder ?? '', file);
  }

  /** When the newest file was written; without files here, now. */
  private async dateOf({ components }: ReleaseEntry): Promise<string> {
    const { clock = systemClock, zone } = this.options;
    const files = components.map(({ file }) => file).filter((file) => file !== undefined);
    const written = await Promise.all(files.map(async (file) => (await stat(this.pathOf(file))).mtimeMs));
    return localTime(new Date(written.length > 0 ? Math.max(...written) : clock.now()), zone);
  }
}
