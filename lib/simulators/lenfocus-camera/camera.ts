/**
 * Plays a Lenfocus camera (third-party platform protocol of 2024-09-06): dials in, signs, beats, answers every
 * command with a small memory of persons, videos and captures, and pushes what it sees.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { SnapflowError } from '../../errors';
import type { FaultOptions, Simulator, SimulatorAddress } from '../simulator';
import { album, type Photographer, type Subject } from './album';
import { Conversation } from './conversation';
import { Device } from './device';
import { LENFOCUS_FAULTS } from './faults';
import { Identity, type SignatureForm } from './identity';
import { deviceTime } from './pages';
import { Pusher, type PushReply } from './pusher';
import {
  accessRecord,
  alarmReport,
  barePicture,
  faceReport,
  infoReport,
  otaQuery,
  vehicleReport,
  type FacePictures,
  type HttpReport,
  type PersonSeen,
  type ReportOrigin,
  type ReportStyle,
  type VehicleSeen,
} from './reports';

export interface SimulatedLenfocusCameraOptions {
  /** Address of the server, with its base path: `http://…` or `https://…` (also `ws://…`, `wss://…`). */
  server: string;
  /** Default: one made up, `SIM` and 12 digits. */
  sn?: string;
  /** Default: none, as a camera that no platform has set up. */
  did?: string;
  /** Default `SIMULATE`. */
  securityCode?: string;
  /** RSA private key, PEM. Default: one that all simulated cameras of this process share. */
  privateKey?: string;
  /** Default `md5-with-rsa`. */
  signature?: SignatureForm;
  /** As the document writes reports, or as real cameras do. Default `document`. */
  style?: ReportStyle;
  /** Trusts only this certificate or authority, PEM. Default: any, as cameras do. */
  ca?: string;
  /** Milliseconds between attempts to connect. Default 1 000. */
  retryMs?: number;
  /** Milliseconds between reports of its own accord: faces, vehicles and alarms in turn. Default 0: none. */
  reportEveryMs?: number;
  /** Videos on its card. Default 300. */
  videos?: number;
  /** Uris it does not know. Default none. */
  unknownUris?: readonly string[];
  /** Bytes of the picture of the whole place. Default: as large as it comes. */
  sceneBytes?: number;
  takePicture?: Photographer;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

/** What it told or was told. */
export interface CameraRequest {
  /** Code of the answer; undefined when there was none. */
  status?: number;
  /** Uri of a command, path of a report. */
  target: string;
}

interface CameraEvents {
  request: [CameraRequest];
  online: [];
  offline: [];
  /** `/connect` was refused with this code. */
  refused: [number];
}

let made = 0;

export class SimulatedLenfocusCamera extends EventEmitter<CameraEvents> implements Simulator {
  readonly faults = LENFOCUS_FAULTS;
  readonly counters: Record<string, number> = {};
  readonly identity: Identity;
  readonly device: Device;
  private readonly conversation: Conversation;
  private readonly pusher: Pusher;
  private readonly takePicture: Photographer;
  private reporting: NodeJS.Timeout | undefined;
  private started = false;

  constructor(private readonly options: SimulatedLenfocusCameraOptions) {
    super();
    const { ca, did, server, style = 'document', retryMs = 1_000 } = options;
    const sn = options.sn ?? `SIM${String(++made).padStart(12, '0')}`;
    this.identity = new Identity({
      sn,
      securityCode: options.securityCode ?? 'SIMULATE',
      form: options.signature ?? 'md5-with-rsa',
      ...(options.privateKey !== undefined && { privateKey: options.privateKey }),
    });
    this.takePicture = options.takePicture ?? album(sn, options.sceneBytes);
    this.device = new Device({
      now: this.now(),
      videos: options.videos ?? 300,
      unknownUris: options.unknownUris ?? [],
      onReboot: (delayMs) => this.conversation.later(delayMs, () => this.conversation.break()),
      onUpdate: () => void this.queryOta().catch(() => undefined),
    });
    this.pusher = new Pusher({ url: server.replace(/^ws/, 'http'), ca });
    const url = server.replace(/^http/, 'ws');
    const { identity, device } = this;
    this.conversation = new Conversation(
      { identity, device, did, style, url, ca, retryMs, now: () => this.now() },
      {
        onOnline: () => this.emit('online'),
        onOffline: () => this.emit('offline'),
        onRefused: (code) => this.emit('refused', code),
        onAnswered: (target, status) => this.emit('request', { target, status }),
        count: (name) => this.count(name),
      },
    );
  }

  get fault(): string | undefined {
    return this.conversation.fault;
  }

  /** Let in by the server, as far as it knows. */
  get online(): boolean {
    return this.conversation.isOnline;
  }

  /** Dials, and goes on dialling; resolves at once with the address that it dials. */
  start(): Promise<SimulatorAddress> {
    const { server, reportEveryMs = 0 } = this.options;
    const { port, protocol } = new URL(server);
    if (!this.started) {
      this.started = true;
      if (this.fault !== 'off') this.conversation.begin();
      if (reportEveryMs > 0) this.reporting = setInterval(() => this.reportSomething(), reportEveryMs);
    }
    return Promise.resolve({ url: server, port: Number(port) || (protocol.endsWith('s:') ? 443 : 80) });
  }

  stop(): Promise<void> {
    this.started = false;
    clearInterval(this.reporting);
    this.conversation.end();
    this.pusher.close();
    return Promise.resolve();
  }

  /** Breaks its connection, as a crash or a pulled plug would; it connects again. */
  kill(): void {
    this.conversation.break();
  }

  /** Sends a heartbeat now. */
  beat(): void {
    this.conversation.beat();
  }

  /** Asks for a new token now. */
  renewToken(): void {
    this.conversation.renew();
  }

  setFault(name?: string, { ms }: FaultOptions = {}): Promise<void> {
    const fault = this.faults.find((known) => known.name === name)?.name;
    if (name !== undefined && !fault) {
      const known = this.faults.map((one) => one.name).join(', ');
      return Promise.reject(
        new SnapflowError('BAD_INPUT', 'The simulator knows no fault “{{name}}”. Known are: {{known}}.', {
          values: { name, known },
        }),
      );
    }
    this.conversation.misbehave(fault, ms);
    if (fault === 'off') this.conversation.end();
    else if (this.started) this.conversation.begin();
    return Promise.resolve();
  }

  pushFace(seen: PersonSeen = {}): Promise<PushReply> {
    const at = this.now();
    const files = this.facePictures(at);
    this.device.storage.keepCapture({
      time: deviceTime(at),
      name: seen.name ?? '',
      similarity: 86,
      gender: seen.gender ?? 1,
      age: seen.age ?? 30,
      jpeg_url_face: `${files.stamp}.jpg`,
      jpeg_url_body: `${files.stamp}_body.jpg`,
      jpeg_url_frame: `${files.stamp}_bg.jpg`,
    });
    return this.push(faceReport(this.origin, seen, files, at));
  }

  pushVehicle(seen: VehicleSeen = {}): Promise<PushReply> {
    const at = this.now();
    const files = {
      scene: this.picture('scene', at),
      vehicle: this.picture('vehicle', at),
      plate: this.picture('plate', at),
    };
    return this.push(vehicleReport(this.origin, seen, files, at));
  }

  /** @param type of the table of §2.4 */
  pushAlarm(type = 1): Promise<PushReply> {
    const at = this.now();
    return this.push(alarmReport(this.origin, type, this.facePictures(at), at));
  }

  pushInfo(): Promise<PushReply> {
    return this.push(infoReport(this.origin));
  }

  pushAccess(): Promise<PushReply> {
    return this.push(accessRecord(this.origin, deviceTime(this.now())));
  }

  pushPicture(): Promise<PushReply> {
    return this.push(barePicture(this.picture('face', this.now())));
  }

  queryOta(otaId = ''): Promise<PushReply> {
    return this.push(otaQuery(this.origin, otaId));
  }

  askTime(): Promise<PushReply> {
    return this.pusher.get('/api/v1/server/time', this.conversation.token);
  }

  /** Sends a report of the caller's making. @throws the error of the socket */
  async push(report: HttpReport): Promise<PushReply> {
    this.count('reports');
    let status: number | undefined;
    try {
      const reply = await this.pusher.push(report, this.reportToken(), this.fault === 'cut-report');
      status = reply.status;
      if (status !== 200) this.count('refusedReports');
      return reply;
    } finally {
      this.emit('request', { target: report.path, ...(status !== undefined && { status }) });
    }
  }

  private get origin(): ReportOrigin {
    const { did = '', style = 'document' } = this.options;
    return { sn: this.identity.sn, did, style };
  }

  private reportToken(): string | undefined {
    if (this.fault === 'no-token') return undefined;
    return this.fault === 'wrong-token' ? randomBytes(16).toString('hex') : this.conversation.token;
  }

  private facePictures(at: number): FacePictures {
    const face = this.picture('face', at);
    const body = this.picture('body', at);
    const scene = this.picture('scene', at);
    const stamp = `sdcard/face_record/${deviceTime(at).replace(/\D/g, '')}${at % 1000}`;
    const { storage } = this.device;
    storage.keepFile(`${stamp}.jpg`, face);
    storage.keepFile(`${stamp}_body.jpg`, body);
    storage.keepFile(`${stamp}_bg.jpg`, scene);
    return { face, body, scene, stamp };
  }

  private picture(subject: Subject, at: number): Buffer {
    if (this.fault === 'broken-picture') return Buffer.from('<html>no picture</html>');
    return this.takePicture(subject, this.fault === 'same-picture' ? new Date(0) : new Date(at));
  }

  private reportSomething(): void {
    if (!this.online) return;
    const kinds = [
      () => this.pushFace({ name: '张三', personId: '123456' }),
      () => this.pushVehicle(),
      () => this.pushAlarm(1),
    ];
    const push = kinds[(this.counters.reports ?? 0) % kinds.length];
    // What goes wrong is told by `request`; a real camera goes on too.
    push?.().catch(() => undefined);
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  private count(name: string): void {
    this.counters[name] = (this.counters[name] ?? 0) + 1;
  }
}
