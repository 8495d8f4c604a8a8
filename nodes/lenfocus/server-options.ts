/** From the fields of a `lenfocus-server` node to the options of the device server. */
import { join } from 'node:path';
import { SnapflowError } from '../../lib/errors';
import {
  JsonFileStore,
  PERSONAL_FIELDS,
  readPublicKey,
  readReleaseTable,
  Releases,
  type DeviceRecord,
  type LenfocusLimits,
  type LenfocusServerOptions,
  type PersonalField,
} from '../../lib/lenfocus';
import { fullPath } from '../shared/entrance';
import { listenOptions } from '../shared/listen';
import type { Red } from '../shared/red';
import { tableDevices } from './device-table';
import type { ServerConfig } from './server';

export interface ServerSecrets {
  /** Security code of devices that have none of their own. */
  securityCode: string;
  /** JSON by SN, see `tableDevices`. */
  deviceSecrets: string;
}

/** @throws SnapflowError `BAD_INPUT` for a setting that cannot be used */
export function serverOptions(RED: Red, config: ServerConfig, secrets: ServerSecrets): LenfocusServerOptions {
  const { check = 'signature', publicKey = '', publicUrl = '', place = 'port' } = config;
  // A key that cannot be read would only show when the first camera is refused.
  if (publicKey !== '') readPublicKey(publicKey);
  return {
    ...(place === 'port' && { listen: listenOptions(RED, config, 'lenfocus', 8_090) }),
    basePath: place === 'port' ? config.basePath || '/' : fullPath(RED, config.basePath, 'lenfocus'),
    ...(publicUrl !== '' && { publicUrl }),
    trustProxy: config.trustProxy === true,
    check,
    ...(publicKey !== '' && { publicKey }),
    ...(secrets.securityCode !== '' && { securityCode: secrets.securityCode }),
    clockWindowS: numberOr(config.clockWindow, 300),
    withoutDid: config.withoutDid ?? 'accept',
    ...registryOptions(RED, config, secrets),
    tokenLifetimeS: numberOr(config.tokenLifetime, 3_600),
    heartbeatS: numberOr(config.heartbeat, 30),
    offlineAfter: numberOr(config.offlineAfter, 2.5),
    tokenlessReports: config.tokenless === true,
    edition: config.edition ?? 'document',
    zone: config.zone || '+08:00',
    monthBase: numberOr(config.monthBase, 0) === 1 ? 1 : 0,
    dropPersonal: namesIn(config.dropPersonal ?? '').filter(isPersonalField),
    duplicates: config.duplicates ?? 'mark',
    duplicateWindowS: numberOr(config.duplicateWindow, 60),
    answerTimeoutMs: answerTimeoutMs(config),
    limits: limitsIn(config.limits ?? ''),
  };
}

export function answerTimeoutMs({ answerTimeout }: ServerConfig): number {
  return numberOr(answerTimeout, 10) * 1_000;
}

/**
 * The releases of the table or folder; undefined when updates are not answered from one.
 * @throws SnapflowError `BAD_INPUT` for a table that cannot be used
 */
export function releasesOf({
  ota,
  otaFolder = '',
  releases = '',
  zone = '',
}: ServerConfig): Releases | undefined {
  if (ota === 'table') return new Releases({ table: readReleaseTable(releases), zone: minutesEast(zone) });
  if (ota !== 'folder') return undefined;
  if (otaFolder !== '') return new Releases({ folder: otaFolder, zone: minutesEast(zone) });
  throw new SnapflowError('BAD_INPUT', 'Name the folder of the releases.', { system: 'lenfocus' });
}

function minutesEast(zone: string): number {
  const [, sign = '+', hours = '8', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  const east = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -east : east;
}

/** Admissions outlive a restart: in the user's device file, or else in a file of ours beside the flows. */
function registryOptions(
  RED: Red,
  config: ServerConfig,
  { deviceSecrets }: ServerSecrets,
): Pick<LenfocusServerOptions, 'devices' | 'deviceFile' | 'store'> {
  const { deviceFile = '', deviceSource = 'table' } = config;
  if (deviceSource === 'file') {
    if (deviceFile !== '') return { deviceFile };
    throw new SnapflowError('BAD_INPUT', 'Name the file of the devices.', { system: 'lenfocus' });
  }
  const devices: DeviceRecord[] =
    deviceSource === 'table' ? tableDevices(config.devices ?? '', deviceSecrets) : [];
  const { userDir } = RED.settings;
  if (typeof userDir !== 'string') return { devices };
  return { devices, store: new JsonFileStore(join(userDir, 'snapflow', `lenfocus-${config.id}.json`)) };
}

function limitsIn(json: string): Partial<LenfocusLimits> {
  if (json === '') return {};
  try {
    return JSON.parse(json) as Partial<LenfocusLimits>;
  } catch (cause) {
    throw new SnapflowError('BAD_INPUT', 'The limits of the device server are no valid JSON.', {
      system: 'lenfocus',
      cause,
    });
  }
}

function isPersonalField(name: string): name is PersonalField {
  return (PERSONAL_FIELDS as string[]).includes(name);
}

export function namesIn(list: string): string[] {
  return list
    .split(/[,，;；\s]+/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Dialogs keep numbers as text. */
export function numberOr(value: string | number | undefined, usual: number): number {
  return value === undefined || value === '' ? usual : Number(value);
}
