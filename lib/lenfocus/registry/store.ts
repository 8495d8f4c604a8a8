/** Keeps admitted devices in a JSON file of ours. */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readDeviceFile } from './device-file';
import type { DeviceRecord, DeviceStore } from './types';

/** Writes beside, syncs, renames: after a power cut there is the old file or the new one, never half of one. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const beside = `${path}.new`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

export class JsonFileStore implements DeviceStore {
  private writing = Promise.resolve();

  /**
   * @param path the file; made when the first device is admitted
   * @param keepsSecrets whether security codes are written to it
   */
  constructor(
    private readonly path: string,
    readonly keepsSecrets = false,
  ) {}

  async load(): Promise<DeviceRecord[]> {
    const bytes = await readFile(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    return readDeviceFile(bytes);
  }

  save(records: readonly DeviceRecord[]): Promise<void> {
    const content = `${JSON.stringify(records, undefined, 2)}\n`;
    // One after the other: two admissions at once must not write the same file at once.
    this.writing = this.writing.catch(() => undefined).then(() => replaceFile(this.path, content));
    return this.writing;
  }
}
