/**
 * Plays cameras that push a picture now and then, each in one of the ways that are seen: the bare picture, form-data
 * (RFC 7578), base64 in JSON. Written with Node's own client.
 */
import { EventEmitter } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { SnapflowError } from '../../errors';
import { text } from '../../texts/mark';
import { Scene } from '../scene';
import type { ActiveFault } from '../server';
import type { Fault, FaultOptions, Simulator, SimulatorAddress } from '../simulator';

export const PUSH_FORMS = ['raw', 'form-data', 'json'] as const;
export type PushForm = (typeof PUSH_FORMS)[number];

export interface SimulatedPushingCamerasOptions {
  /** Where they push to; the name of each camera follows as a path. */
  server: string;
  /** Default 1. The forms take turns. */
  count?: number;
  /** Start of their names, a number follows. Default `camera-`. */
  namePrefix?: string;
  /** User and password (Basic). Default: none. */
  username?: string;
  password?: string;
  /** Token (Bearer), instead. */
  token?: string;
  /** Milliseconds between the pictures of each; 0: only when asked. Default 0. */
  everyMs?: number;
  /** Bytes that each picture has at least. */
  pictureBytes?: number;
}

export const PUSHING_FAULTS: readonly Fault[] = [
  { name: 'off', text: text('Switched off: pushes nothing') },
  { name: 'wrong-password', text: text('Shows a wrong password') },
  { name: 'broken-picture', text: text('Pushes half a picture') },
  { name: 'garbage', text: text('Pushes what is no picture') },
  { name: 'breaks-off', text: text('Breaks off in the middle of the body') },
];

interface Body {
  type: string;
  bytes: Buffer;
}

export class SimulatedPushingCameras
  extends EventEmitter<{ request: [{ status?: number }] }>
  implements Simulator
{
  readonly faults = PUSHING_FAULTS;
  readonly counters: Record<string, number> = { requests: 0 };
  private readonly agent = new Agent({ keepAlive: true });
  private readonly scenes = new Map<string, Scene>();
  private activeFault: ActiveFault | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStarted = false;

  constructor(private readonly options: SimulatedPushingCamerasOptions) {
    super();
  }

  get fault(): string | undefined {
    return this.activeFault?.name;
  }

  start(): Promise<SimulatorAddress> {
    const { everyMs = 0, server } = this.options;
    if (!this.isStarted && everyMs > 0) this.timer = setInterval(() => void this.pushAll(), everyMs);
    this.isStarted = true;
    return Promise.resolve({ url: server, port: 0 });
  }

  stop(): Promise<void> {
    clearInterval(this.timer);
    this.isStarted = false;
    this.agent.destroy();
    return Promise.resolve();
  }

  setFault(name?: string, options: FaultOptions = {}): Promise<void> {
    const known = this.faults.map((fault) => fault.name);
    if (name !== undefined && !known.includes(name)) {
      throw new SnapflowError('BAD_INPUT', 'The simulator knows no fault “{{name}}”. Known are: {{known}}.', {
        values: { name, known: known.join(', ') },
      });
    }
    this.activeFault = name === undefined ? undefined : { ...options, name };
    return Promise.resolve();
  }

  /** One picture of each camera; the statuses of the answers, undefined where the connection broke. */
  async pushAll(): Promise<Array<number | undefined>> {
    const { count = 1, namePrefix = 'camera-' } = this.options;
    const fault = this.meetFault();
    if (fault === 'off') return [];
    const cameras = Array.from({ length: count }, (_, index) => index);
    return Promise.all(
      cameras.map((index) =>
        this.push(`${namePrefix}${index + 1}`, PUSH_FORMS[index % 3] as PushForm, fault),
      ),
    );
  }

  private meetFault(): string | undefined {
    const fault = this.activeFault;
    if (fault?.times !== undefined && --fault.times <= 0) this.activeFault = undefined;
    return fault?.name;
  }

  private async push(name: string, form: PushForm, fault: string | undefined): Promise<number | undefined> {
    this.counters['requests'] = (this.counters['requests'] ?? 0) + 1;
    const body = bodyOf(form, this.picture(name, fault), name);
    const status = await this.send(name, body, fault).catch(() => undefined);
    const result = status === undefined ? 'broken' : status < 300 ? 'taken' : 'refused';
    this.counters[result] = (this.counters[result] ?? 0) + 1;
    this.emit('request', { ...(status !== undefined && { status }) });
    return status;
  }

  private picture(name: string, fault: string | undefined): Buffer {
    if (fault === 'garbage') return Buffer.from('<html>this is no picture</html>');
    const scene = this.scenes.get(name) ?? new Scene({ name });
    this.scenes.set(name, scene);
    const jpeg = scene.picture({ bytes: this.options.pictureBytes ?? 0 });
    return fault === 'broken-picture' ? jpeg.subarray(0, jpeg.length / 2) : jpeg;
  }

  private send(name: string, { type, bytes }: Body, fault: string | undefined): Promise<number> {
    const url = `${this.options.server.replace(/\/+$/, '')}/${encodeURIComponent(name)}`;
    const headers = { 'content-type': type, 'content-length': bytes.length, ...this.login(fault) };
    return new Promise((resolve, reject) => {
      const answered = (response: IncomingMessage): void => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      };
      // Cameras take any certificate.
      const request = url.startsWith('https:')
        ? httpsRequest(url, { method: 'POST', headers, rejectUnauthorized: false }, answered)
        : httpRequest(url, { method: 'POST', headers, agent: this.agent }, answered);
      request.on('error', reject);
      if (fault === 'breaks-off') request.write(bytes.subarray(0, bytes.length / 2), () => request.destroy());
      else request.end(bytes);
    });
  }

  private login(fault: string | undefined): Record<string, string> {
    const { username, password = '', token } = this.options;
    const wrong = fault === 'wrong-password' ? 'wrong' : '';
    if (token) return { authorization: `Bearer ${wrong}${token}` };
    if (!username) return {};
    return { authorization: `Basic ${Buffer.from(`${username}:${wrong}${password}`).toString('base64')}` };
  }
}

function bodyOf(form: PushForm, picture: Buffer, name: string): Body {
  switch (form) {
    case 'raw':
      return { type: 'image/jpeg', bytes: picture };
    case 'json': {
      const image = `data:image/jpeg;base64,${picture.toString('base64')}`;
      return { type: 'application/json', bytes: Buffer.from(JSON.stringify({ camera: name, image })) };
    }
    case 'form-data': {
      const boundary = 'camera-of-a-simulator';
      const head = [
        `--${boundary}\r\nContent-Disposition: form-data; name="camera"\r\n\r\n${name}\r\n`,
        `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="snapshot.jpg"\r\n`,
        'Content-Type: image/jpeg\r\n\r\n',
      ].join('');
      const bytes = Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${boundary}--\r\n`)]);
      return { type: `multipart/form-data; boundary=${boundary}`, bytes };
    }
  }
}
