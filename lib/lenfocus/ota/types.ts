/** Over-the-air updates (§2.3): the device asks, the server names a release and its files. */
import type { DeviceFacts } from '../sessions/session';

export interface OtaQuery {
  device: DeviceFacts;
  /** Code of the update, given to the device when it was set up. */
  otaId?: string;
  /** What the device runs now. */
  firmware?: string;
  software?: string;
  system?: string;
  hardware?: string;
  versionCode?: number;
  /** ISO 8601. */
  receivedAt: string;
}

export interface OtaComponent {
  name: string;
  /** 1 description, 2 firmware, 3 app, 4 model, 5 license. */
  type: number;
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  md5: string;
  sha256: string;
  url: string;
}

export interface OtaRelease {
  /** Compared by the device. */
  versionCode: number;
  versionName: string;
  description?: string;
  /** `yyyy-MM-dd HH:mm:ss`. */
  releaseDate: string;
  components: OtaComponent[];
}

/** Answers what devices ask; undefined when there is nothing for them (code 426). */
export interface OtaSource {
  /** @param baseUrl how the device reached this server, to build download addresses from */
  find(query: OtaQuery, baseUrl: string): Promise<OtaRelease | undefined>;
  /** A file of a release that this server hands out itself, at `<baseUrl>/api/v1/ota/file/<sha256>/<name>`. */
  open?(sha256: string): Promise<{ path: string; size: number } | undefined>;
}

export interface OtaEvent {
  query: OtaQuery;
  /** What it was answered. */
  release?: OtaRelease;
}
