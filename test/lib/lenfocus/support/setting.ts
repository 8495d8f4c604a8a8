/** A server with what a test needs around it, all ended when the test ends. */
import { EventEmitter, once } from 'node:events';
import type { TestContext } from 'node:test';
import type { SnapflowError } from '../../../../lib/errors';
import { LenfocusServer, type LenfocusEvents, type LenfocusServerOptions } from '../../../../lib/lenfocus';
import {
  SimulatedLenfocusCamera,
  type SimulatedLenfocusCameraOptions,
} from '../../../../lib/simulators/lenfocus-camera';
import { RawDevice } from './raw-device';

export const SN = 'Y3C122AP1234512';
export const CODE = '12345678';

export interface Setting {
  server: LenfocusServer;
  /** `http://127.0.0.1:<port>` or `https://…`, with the base path. */
  url: string;
  errors: SnapflowError[];
  /** A simulated camera, started and let in. */
  camera: (options?: Partial<SimulatedLenfocusCameraOptions>) => Promise<SimulatedLenfocusCamera>;
  /** A simulated camera, not started. */
  idleCamera: (options?: Partial<SimulatedLenfocusCameraOptions>) => SimulatedLenfocusCamera;
  /** A WebSocket that says what the test wants. */
  device: () => Promise<RawDevice>;
  /** Resolves with the next event. */
  next: <K extends keyof LenfocusEvents>(event: K) => Promise<LenfocusEvents[K][0]>;
  /** What was told of an event so far, and from now on. */
  heard: <K extends keyof LenfocusEvents>(event: K) => Array<LenfocusEvents[K][0]>;
}

/** Starts a server on a free port of loopback that lets every device in, unless told otherwise. */
export async function startServer(t: TestContext, options: LenfocusServerOptions = {}): Promise<Setting> {
  const { listen, ...others } = options;
  const server = new LenfocusServer({
    check: 'open',
    ...others,
    listen: { host: '127.0.0.1', port: 0, ...listen },
  });
  const errors: SnapflowError[] = [];
  server.on('error', (error) => errors.push(error));
  await server.start();
  t.after(() => server.stop());
  const base = options.basePath ?? '';
  const url = `${listen?.tls ? 'https' : 'http'}://127.0.0.1:${server.state().port}${base}`;

  const idleCamera: Setting['idleCamera'] = (given = {}) => {
    const camera = new SimulatedLenfocusCamera({
      server: url,
      sn: SN,
      securityCode: CODE,
      retryMs: 20,
      takePicture: tinyPicture,
      ...given,
    });
    t.after(() => camera.stop());
    return camera;
  };
  return {
    server,
    url,
    errors,
    idleCamera,
    camera: async (given) => {
      const camera = idleCamera(given);
      const online = once(camera, 'online');
      await camera.start();
      await online;
      return camera;
    },
    device: async () => {
      const device = await RawDevice.open(`${url.replace(/^http/, 'ws')}/ws`);
      t.after(() => device.end());
      return device;
    },
    next: async (event) => ((await once(server as EventEmitter, event)) as [never])[0],
    heard: (event) => {
      const heard: never[] = [];
      (server as EventEmitter).on(event, (payload) => heard.push(payload as never));
      return heard;
    },
  };
}

let taken = 0;

/** A JPEG as far as its header goes: 16 × 12 pixels, each another. */
export function jpeg(bytes = 700, mark = ++taken): Buffer {
  const picture = Buffer.alloc(bytes, 0x5a);
  Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b08000c001001011100', 'hex').copy(picture);
  picture.writeUInt32BE(mark, 60);
  return picture;
}

const tinyPicture = (_subject: string, at: Date): Buffer => jpeg(700, at.getTime() === 0 ? 0 : undefined);
