/** The registry a server uses: another's, or its own with the table, the watched file and the admissions. */
import { asError, type Notifier } from '../events';
import type { Settings } from '../options';
import { readDeviceFile } from './device-file';
import { LocalRegistry, type RecordsListener } from './registry';
import type { DeviceRecord, DeviceRegistry } from './types';
import { WatchedFile } from './watched-file';

export class RegistryDesk {
  readonly registry: DeviceRegistry;
  private readonly local: LocalRegistry | undefined;
  private readonly file: WatchedFile | undefined;

  constructor(
    settings: Settings,
    private readonly events: Notifier,
  ) {
    const { clock, deviceFile, devices = [], registry, store } = settings;
    if (registry) {
      this.registry = registry;
      return;
    }
    this.local = new LocalRegistry({
      ...(store && { store }),
      ...(deviceFile !== undefined && { file: deviceFile }),
    });
    this.local.replace('table', devices);
    this.registry = this.local;
    if (deviceFile !== undefined) {
      this.file = new WatchedFile({
        path: deviceFile,
        clock,
        onContent: (bytes) => this.local?.replace('file', readDeviceFile(bytes)),
        onError: (cause) => this.fail(cause),
      });
    }
  }

  /** Never rejects: a file or store that cannot be read is told by `error`. */
  async start(): Promise<void> {
    await this.local?.load().catch((cause: unknown) => this.fail(cause));
    await this.file?.start();
  }

  stop(): void {
    this.file?.stop();
  }

  setDevices(records: readonly DeviceRecord[]): void {
    this.local?.replace('flow', records);
  }

  /** Tells of changed records; of another's registry nothing, which is asked when a device connects. */
  follow(listener: RecordsListener): void {
    this.local?.follow(listener);
  }

  /** What the own registry knows of a device. */
  find(sn: string): DeviceRecord | undefined {
    return this.local?.find(sn);
  }

  /** Empty for another's registry, which is only asked for one device at a time. */
  list(): DeviceRecord[] {
    return this.local?.list() ?? [];
  }

  private fail(cause: unknown): void {
    this.events.notify('error', asError(cause));
  }
}
