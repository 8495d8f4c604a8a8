/** Which of a server's events a node wants: by device, kind and alarm type. */
import type { Report, ReportKind } from '../../lib/lenfocus';
import { namesIn } from './server-options';

/** What is not a report with pictures, by the name that messages bear. */
export type EventName = 'connect' | 'disconnect' | 'heartbeat' | 'info' | 'join' | 'ota' | 'unknown';

/** The fields of the dialog: one checkbox for each kind. Undefined is as the dialog starts. */
export interface FilterConfig {
  /** SNs or dids, separated by commas; empty for all. */
  devices?: string;
  /** Numbers of alarm types, separated by commas; empty for all. */
  alarmTypes?: string;
  faces?: boolean;
  alarms?: boolean;
  vehicles?: boolean;
  accesses?: boolean;
  bare?: boolean;
  connects?: boolean;
  disconnects?: boolean;
  heartbeats?: boolean;
  infos?: boolean;
  joins?: boolean;
  otas?: boolean;
  unknowns?: boolean;
}

type Checkbox = Exclude<keyof FilterConfig, 'devices' | 'alarmTypes'>;

const CHECKBOX_OF: Readonly<Record<EventName | ReportKind, Checkbox>> = {
  face: 'faces',
  event: 'alarms',
  vehicle: 'vehicles',
  access: 'accesses',
  picture: 'bare',
  connect: 'connects',
  disconnect: 'disconnects',
  heartbeat: 'heartbeats',
  info: 'infos',
  join: 'joins',
  ota: 'otas',
  unknown: 'unknowns',
};

/** Off until it is asked for: thousands of devices beat twice a minute. */
const OFF: readonly Checkbox[] = ['heartbeats', 'unknowns'];

export class EventFilter {
  private readonly devices: ReadonlySet<string>;
  private readonly alarmTypes: ReadonlySet<string>;

  constructor(private readonly config: FilterConfig) {
    this.devices = new Set(namesIn(config.devices ?? '').map((name) => name.toUpperCase()));
    this.alarmTypes = new Set(namesIn(config.alarmTypes ?? ''));
  }

  wants(kind: EventName | ReportKind): boolean {
    const checkbox = CHECKBOX_OF[kind];
    return this.config[checkbox] ?? !OFF.includes(checkbox);
  }

  takesDevice({ sn, did }: { sn: string; did: string }): boolean {
    return (
      this.devices.size === 0 || this.devices.has(sn.toUpperCase()) || this.devices.has(did.toUpperCase())
    );
  }

  takesReport(report: Report): boolean {
    if (!this.wants(report.kind) || !this.takesDevice(report.device)) return false;
    if (report.kind !== 'event' || this.alarmTypes.size === 0) return true;
    return this.alarmTypes.has(String(report.event.type?.code ?? ''));
  }
}
