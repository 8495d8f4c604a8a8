/**
 * The list of devices as a file that the user keeps: CSV with a header row, or JSON (an array of devices, or
 * an object of devices by SN). Column and field names in English or Chinese; UTF-8, or GB 18030 as Chinese
 * spreadsheets save it.
 */
import { SnapflowError } from '../../errors';
import { parseJson } from '../wire/json';
import { canonicalKey, isObject, textOf, type JsonObject } from '../wire/values';
import { csvCell, parseCsv, separatorOf } from './csv';
import type { DeviceRecord } from './types';

const FIELD_OF: Readonly<Record<string, keyof DeviceRecord>> = {
  sn: 'sn',
  serial: 'sn',
  serialnumber: 'sn',
  序列号: 'sn',
  设备序列号: 'sn',
  securitycode: 'securityCode',
  code: 'securityCode',
  安全码: 'securityCode',
  publickey: 'publicKey',
  key: 'publicKey',
  公钥: 'publicKey',
  did: 'did',
  deviceid: 'did',
  设备id: 'did',
  name: 'name',
  名称: 'name',
  设备名称: 'name',
  note: 'note',
  remark: 'note',
  备注: 'note',
};

const JSON_START = /^\s*[[{]/;

/**
 * @throws SnapflowError `BAD_INPUT` with the line or entry that has no SN, or when there is no `sn` column
 */
export function readDeviceFile(bytes: Buffer): DeviceRecord[] {
  const text = decode(bytes);
  if (text.trim() === '') return [];
  return JSON_START.test(text) ? fromJson(text) : fromCsv(text);
}

/** The file with one device more, in the form it has. */
export function appendDevice(bytes: Buffer, record: DeviceRecord): string {
  const text = decode(bytes);
  if (JSON_START.test(text)) {
    const value = parseJson(text);
    const devices = Array.isArray(value) ? [...(value as unknown[]), record] : withEntry(value, record);
    return `${JSON.stringify(devices, undefined, 2)}\n`;
  }
  const separator = separatorOf(text);
  const columns = parseCsv(text)[0] ?? ['sn', 'securityCode', 'publicKey', 'did', 'name', 'note'];
  const header = text.trim() === '' ? `${columns.join(separator)}\n` : text.replace(/[\r\n]*$/, '\n');
  const cells = columns.map((column) => {
    const field = FIELD_OF[canonicalKey(column)];
    return csvCell((field && record[field]) ?? '', separator);
  });
  return `${header}${cells.join(separator)}\n`;
}

function withEntry(value: unknown, record: DeviceRecord): JsonObject {
  const { sn, ...facts } = record;
  return { ...(isObject(value) && value), [sn]: facts };
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

function fromCsv(text: string): DeviceRecord[] {
  const [header = [], ...rows] = parseCsv(text);
  const fields = header.map((column) => FIELD_OF[canonicalKey(column)]);
  if (!fields.includes('sn')) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The device file has no column “sn”. Its first line must name the columns, such as sn,securityCode,name.',
      { system: 'lenfocus' },
    );
  }
  return rows.map((row, index) =>
    recordOf(
      row.map((cell, column) => [fields[column], cell]),
      index + 1,
    ),
  );
}

function fromJson(text: string): DeviceRecord[] {
  const value = parse(text);
  const entries = Array.isArray(value)
    ? (value as unknown[])
    : Object.entries(isObject(value) ? value : {}).map(([sn, facts]) => ({
        sn,
        ...(isObject(facts) && facts),
      }));
  return entries.map((entry, index) =>
    recordOf(
      Object.entries(isObject(entry) ? entry : {}).map(([key, cell]) => [FIELD_OF[canonicalKey(key)], cell]),
      index + 1,
    ),
  );
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new SnapflowError('BAD_INPUT', 'The device file is no valid JSON.', { system: 'lenfocus', cause });
  }
}

function recordOf(
  cells: ReadonlyArray<readonly [keyof DeviceRecord | undefined, unknown]>,
  entry: number,
): DeviceRecord {
  const record: Partial<DeviceRecord> = {};
  for (const [field, cell] of cells) {
    const value = textOf(cell);
    if (field && value !== undefined) record[field] = value;
  }
  if (record.sn === undefined) {
    throw new SnapflowError('BAD_INPUT', 'Device {{entry}} of the device file has no SN.', {
      system: 'lenfocus',
      values: { entry },
    });
  }
  return { ...record, sn: record.sn };
}
