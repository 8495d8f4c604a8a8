/** What a camera is (X-HW-d, `MiscIaas/System`). */
import { objectOf, textOf } from '../json';

export interface HuaweiSystemInfo {
  /** Such as `X2221-VI`. */
  model?: string;
  softwareVersion?: string;
  /** ESN. */
  serialNumber?: string;
  manufacturer?: string;
  /** The whole answer: memory, versions, network. */
  raw: Record<string, unknown>;
}

export function readSystemInfo(json: unknown): HuaweiSystemInfo {
  const raw = objectOf(json);
  const facts = {
    model: textOf(raw['devType']) ?? textOf(raw['fullDeviceType']),
    softwareVersion: textOf(raw['softVersion']),
    serialNumber: textOf(raw['ESN']) ?? textOf(raw['barCode']),
    manufacturer: textOf(raw['manufacturer']),
  };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(known) as Partial<typeof facts>), raw };
}
