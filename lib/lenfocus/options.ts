/** What a user chooses about the device server. */
import { SnapflowError } from '../errors';
import type { CheckMode } from './access/admission';
import { systemClock, type Clock } from '../clock';
import type { FlowAnswer } from './http/intake';
import type { ListenOptions } from '../server/listener';
import { DEFAULT_LIMITS, type LenfocusLimits } from './limits';
import type { OtaSource } from './ota/types';
import type { DeviceRecord, DeviceRegistry, DeviceStore } from './registry/types';
import type { PersonalField } from './reports/contents';
import type { Report } from './reports/types';
import type { SessionStore } from './sessions/sessions';
import type { Edition } from './tables/names';
import { zoneMinutes } from './wire/time';

export interface LenfocusServerOptions {
  /** Its own port. Absent: requests are handed over with `handleRequest` and `handleUpgrade`. */
  listen?: ListenOptions;
  /** Path below which devices call. Default `/`. */
  basePath?: string;
  /** Where devices reach this server, for download addresses. Default: as the device called it. */
  publicUrl?: string;
  /** Take the client's address from `X-Forwarded-For`. Default false; true only behind a proxy of yours. */
  trustProxy?: boolean;

  /** How devices prove who they are. Default `signature`. */
  check?: CheckMode;
  /** RSA public key for devices that have none of their own, PEM or base64 DER. */
  publicKey?: string;
  /** Security code for devices that have none of their own. A secret. */
  securityCode?: string;
  /** Seconds that a device's clock may be off; 0 for any. Default 300. */
  clockWindowS?: number;
  /** A device without did: `accept` it by its SN (default), or keep it waiting to be set up. */
  withoutDid?: 'accept' | 'provision';

  /** The table of devices. */
  devices?: readonly DeviceRecord[];
  /** A CSV or JSON file of devices, watched; admissions are added to it. */
  deviceFile?: string;
  /** Keeps admissions when there is no file. */
  store?: DeviceStore;
  /** Another registry in place of all three. */
  registry?: DeviceRegistry;
  /** Another engine for sessions than this process's memory. */
  sessions?: SessionStore;

  /** Seconds that a token is good for, 1 800–7 200. Default 3 600. */
  tokenLifetimeS?: number;
  /** Seconds that the token before an update is still taken. Default 30. */
  tokenGraceS?: number;
  /** Seconds between heartbeats, 1–3 600. Default 30. */
  heartbeatS?: number;
  /** Heartbeat intervals without a sign of life until a device is offline, from 1.5. Default 2.5. */
  offlineAfter?: number;

  /** Take reports without a token from the SN and address of a connected device. Default false. */
  tokenlessReports?: boolean;
  /** Whose numbers the fleet sends, see `Edition`. Default `document`. */
  edition?: Edition;
  /** Zone of the devices' clocks. Default `+08:00`. */
  zone?: string;
  /** Whether months are counted from 0 (the document, default) or 1 on the wire. */
  monthBase?: 0 | 1;
  /** Fields about people that are forgotten before anything sees them. Default none. */
  dropPersonal?: readonly PersonalField[];
  /** A picture that came before: `mark` it (default), `drop` it, or do not look (`keep`). */
  duplicates?: 'keep' | 'mark' | 'drop';
  /** Seconds within which a picture counts as sent again. Default 60. */
  duplicateWindowS?: number;
  /** Answers reports in the flow's stead. Absent: they are answered at once. */
  answer?: (report: Report, signal: AbortSignal) => Promise<FlowAnswer | undefined>;
  /** Milliseconds until such an answer is given up. Default 10 000. */
  answerTimeoutMs?: number;
  /** Answers update queries, see `Releases`. */
  ota?: OtaSource;

  limits?: Partial<LenfocusLimits>;
  clock?: Clock;
}

/** The options with their defaults. */
export type Settings = ReturnType<typeof settingsOf>;

/** @throws SnapflowError `BAD_INPUT` with the option and its range */
export function settingsOf(options: LenfocusServerOptions) {
  checkOptions(options);
  return {
    ...options,
    trustProxy: options.trustProxy ?? false,
    check: options.check ?? 'signature',
    clockWindowS: options.clockWindowS ?? 300,
    withoutDid: options.withoutDid ?? 'accept',
    tokenLifetimeS: options.tokenLifetimeS ?? 3_600,
    tokenGraceS: options.tokenGraceS ?? 30,
    heartbeatS: options.heartbeatS ?? 30,
    offlineAfter: options.offlineAfter ?? 2.5,
    tokenlessReports: options.tokenlessReports ?? false,
    edition: options.edition ?? 'document',
    /** Minutes east of UTC. */
    zone: zoneMinutes(options.zone ?? '+08:00') ?? 0,
    monthBase: options.monthBase ?? 0,
    dropPersonal: options.dropPersonal ?? [],
    duplicates: options.duplicates ?? 'mark',
    duplicateWindowS: options.duplicateWindowS ?? 60,
    answerTimeoutMs: options.answerTimeoutMs ?? 10_000,
    clock: options.clock ?? systemClock,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  } as const;
}

function checkOptions(options: LenfocusServerOptions): void {
  inRange('tokenLifetimeS', options.tokenLifetimeS, 1_800, 7_200);
  inRange('heartbeatS', options.heartbeatS, 1, 3_600);
  inRange('offlineAfter', options.offlineAfter, 1.5, 100);
  inRange('clockWindowS', options.clockWindowS, 0, 86_400);
  inRange('port', options.listen?.port, 0, 65_535);
  for (const [name, value] of Object.entries(options.limits ?? {})) {
    inRange(name, value, 1, Number.MAX_SAFE_INTEGER);
  }
  if (options.zone !== undefined && zoneMinutes(options.zone) === undefined) {
    throw new SnapflowError('BAD_INPUT', 'The time zone must be written like +08:00; it is “{{zone}}”.', {
      system: 'lenfocus',
      values: { zone: options.zone },
    });
  }
}

function inRange(option: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return;
  throw new SnapflowError(
    'BAD_INPUT',
    'The option {{option}} must be from {{min}} to {{max}}; it is {{value}}.',
    {
      system: 'lenfocus',
      values: { option, min, max, value },
    },
  );
}
