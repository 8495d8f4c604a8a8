/** The devices of the dialog's table, and those that a flow keeps in the context. */
import { SnapflowError } from '../../lib/errors';
import { readDeviceFile, type DeviceRecord } from '../../lib/lenfocus';

/** What is known only to the credentials, by SN in upper case. */
type DeviceSecrets = Record<string, Pick<DeviceRecord, 'securityCode' | 'publicKey'> | undefined>;

/**
 * @param devices JSON of the rows, without secrets: it is part of the flow
 * @param secrets JSON of `{ [SN]: { securityCode, publicKey } }`: it is a credential
 * @throws SnapflowError `BAD_INPUT`; what a credential holds is never in the text
 */
export function tableDevices(devices: string, secrets: string): DeviceRecord[] {
  const known = (secrets === '' ? {} : parse(secrets)) as DeviceSecrets;
  return readDeviceFile(Buffer.from(devices)).map((device) => ({
    ...device,
    ...known[device.sn.trim().toUpperCase()],
  }));
}

/** @throws SnapflowError `BAD_INPUT` when it is no list of devices */
export function contextDevices(value: unknown): DeviceRecord[] {
  if (value == null) return [];
  if (typeof value === 'object') return readDeviceFile(Buffer.from(JSON.stringify(value)));
  throw new SnapflowError('BAD_INPUT', 'The devices in the context must be an array, or an object by SN.', {
    system: 'lenfocus',
  });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new SnapflowError(
      'BAD_INPUT',
      'The stored security codes cannot be read: enter them again in the device table.',
      { system: 'lenfocus' },
    );
  }
}
