/** A simulated camera and a client that keeps its challenge, as a browser does. */
import { Agent } from 'node:http';
import {
  SimulatedHuaweiCamera,
  type SimulatedHuaweiCameraOptions,
} from '../../../lib/simulators/huawei-camera';
import { authorization, parameter, send, type DigestAnswer, type PlainReply } from './plain-client';

export const SNAP = '/SDCAPI/V1.0/Storage/Snapshot/SnapAction';

const running: SimulatedHuaweiCamera[] = [];

/** For `afterEach`. */
export async function stopCameras(): Promise<void> {
  for (const camera of running.splice(0)) await camera.stop();
}

export async function started(options: SimulatedHuaweiCameraOptions = {}) {
  const camera = new SimulatedHuaweiCamera({ scene: { width: 64, height: 36 }, ...options });
  running.push(camera);
  const { url } = await camera.start();
  return new Session(camera, url);
}

export class Session {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  challenge = '';
  nc = 0;

  constructor(
    readonly camera: SimulatedHuaweiCamera,
    readonly url: string,
  ) {}

  bare(path: string, body?: string, headers: Record<string, string> = {}): Promise<PlainReply> {
    const method = body === undefined ? 'GET' : 'POST';
    return send(this.url + path, {
      method,
      agent: this.agent,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    });
  }

  /** Asks for a challenge and takes the one with `algorithm`. */
  async probe(algorithm = 'SHA-256'): Promise<void> {
    const { challenges } = await this.bare(SNAP);
    this.use(challenges.find((line) => parameter(line, 'algorithm') === algorithm) ?? '');
  }

  use(challenge: string): void {
    this.challenge = challenge;
    this.nc = 0;
  }

  /** @param answer what differs from the right answer; `change` works on the finished header */
  call(
    path: string,
    body?: string,
    {
      change = (header) => header,
      ...answer
    }: Partial<DigestAnswer> & { change?: (header: string) => string } = {},
  ): Promise<PlainReply> {
    const method = body === undefined ? 'GET' : 'POST';
    const known = { username: 'ApiAdmin', password: 'simulated' };
    const full = {
      method,
      uri: path,
      nc: ++this.nc,
      ...(body !== undefined && { body }),
      ...known,
      ...answer,
    };
    return this.bare(path, body, { Authorization: change(authorization(this.challenge, full)) });
  }

  async snap(fields: Record<string, unknown> = {}): Promise<PlainReply> {
    if (this.challenge === '') await this.probe();
    const [channel] = this.camera.channels;
    return this.call(SNAP, JSON.stringify({ UUID: channel?.uuid, ...fields }));
  }
}
