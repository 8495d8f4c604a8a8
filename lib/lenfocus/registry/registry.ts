/**
 * The registry of one process. Devices come from several places: the table of the dialog, a watched file, the
 * flow, and admissions; what is known of one SN from several of them is put together.
 */
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { SnapflowError } from '../../errors';
import { appendDevice } from './device-file';
import { replaceFile } from './store';
import { snKey, type DeviceRecord, type DeviceRegistry, type DeviceStore } from './types';

/** Where records come from; of two that say different things about one SN, the later in this list is right. */
export const SOURCES = ['admitted', 'flow', 'file', 'table'] as const;
export type Source = (typeof SOURCES)[number];

export interface LocalRegistryOptions {
  /** Keeps admissions when there is no file. */
  store?: DeviceStore;
  /** The user's device file: admissions are added to it, secrets included. */
  file?: string;
}

/** @param changed keys (see `snKey`) of the devices whose record is new, another, or gone */
export type RecordsListener = (changed: ReadonlySet<string>) => void;

export class LocalRegistry implements DeviceRegistry {
  private readonly sources = new Map<Source, Map<string, DeviceRecord>>();
  private bySn = new Map<string, DeviceRecord>();
  private byDid = new Map<string, DeviceRecord>();
  private listener: RecordsListener = () => undefined;
  private appending = Promise.resolve();

  constructor(private readonly options: LocalRegistryOptions = {}) {}

  /** Reads the admissions of earlier runs. @throws whatever the store throws */
  async load(): Promise<void> {
    if (this.options.store) this.replace('admitted', await this.options.store.load());
  }

  /** Tells of every change from now on. */
  follow(listener: RecordsListener): void {
    this.listener = listener;
  }

  /** Sets all records of one source. */
  replace(source: Source, records: readonly DeviceRecord[]): void {
    this.sources.set(source, new Map(records.map((record) => [snKey(record.sn), record])));
    this.merge();
  }

  get size(): number {
    return this.bySn.size;
  }

  /** By SN. */
  list(): DeviceRecord[] {
    return [...this.bySn.values()].sort((a, b) => (snKey(a.sn) < snKey(b.sn) ? -1 : 1));
  }

  find(sn: string): DeviceRecord | undefined {
    return this.bySn.get(snKey(sn));
  }

  findByDid(did: string): DeviceRecord | undefined {
    return this.byDid.get(did);
  }

  async admit(record: DeviceRecord): Promise<void> {
    const admitted = new Map(this.sources.get('admitted'));
    const key = snKey(record.sn);
    admitted.set(key, { ...admitted.get(key), ...record });
    this.sources.set('admitted', admitted);
    this.merge();
    if (this.options.file !== undefined) await this.appendToFile(this.options.file, record);
    else await this.save();
  }

  async dismiss(sn: string): Promise<boolean> {
    const key = snKey(sn);
    const elsewhere = SOURCES.find((source) => source !== 'admitted' && this.sources.get(source)?.has(key));
    if (elsewhere) {
      throw new SnapflowError(
        'BAD_INPUT',
        'The device {{sn}} is in the device table or file; take it out there.',
        { system: 'lenfocus', values: { sn }, details: { source: elsewhere } },
      );
    }
    if (!this.sources.get('admitted')?.delete(key)) return false;
    this.merge();
    await this.save();
    return true;
  }

  private async save(): Promise<void> {
    const { store } = this.options;
    const admitted = [...(this.sources.get('admitted')?.values() ?? [])];
    await store?.save(
      store.keepsSecrets ? admitted : admitted.map(({ securityCode: _secret, ...record }) => record),
    );
  }

  private appendToFile(path: string, record: DeviceRecord): Promise<void> {
    if (this.sources.get('file')?.has(snKey(record.sn))) return Promise.resolve();
    this.appending = this.appending
      .catch(() => undefined)
      .then(async () => replaceFile(path, appendDevice(await readOrEmpty(path), record)));
    return this.appending;
  }

  private merge(): void {
    const bySn = new Map<string, DeviceRecord>();
    for (const source of SOURCES) {
      for (const [key, record] of this.sources.get(source) ?? []) {
        bySn.set(key, { ...bySn.get(key), ...record });
      }
    }
    const changed = changedKeys(this.bySn, bySn);
    this.bySn = bySn;
    this.byDid = new Map();
    for (const record of bySn.values()) if (record.did) this.byDid.set(record.did, record);
    if (changed.size > 0) this.listener(changed);
  }
}

function changedKeys(
  before: ReadonlyMap<string, DeviceRecord>,
  now: ReadonlyMap<string, DeviceRecord>,
): Set<string> {
  const changed = new Set<string>();
  for (const key of before.keys()) if (!now.has(key)) changed.add(key);
  for (const [key, record] of now) if (!isDeepStrictEqual(before.get(key), record)) changed.add(key);
  return changed;
}

async function readOrEmpty(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
}
