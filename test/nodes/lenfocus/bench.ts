/** A runtime with a device server and simulated cameras that end with it. */
import { once } from 'node:events';
import type { DeviceRecord } from '../../../lib/lenfocus';
import { SimulatedLenfocusCamera, type SimulatedLenfocusCameraOptions } from '../../../lib/simulators';
import commandModule from '../../../nodes/lenfocus/lenfocus-command';
import eventsModule from '../../../nodes/lenfocus/lenfocus-events';
import replyModule from '../../../nodes/lenfocus/lenfocus-reply';
import serverModule from '../../../nodes/lenfocus/lenfocus-server';
import type { ServerNode } from '../../../nodes/lenfocus/server';
import type { Message } from '../../../nodes/shared/red';
import { startRuntime, type Credentials, type Flow, type NodeModule, type Runtime } from '../support/runtime';

export const SN = 'SIM000000000001';

export const lenfocusModules: NodeModule[] = [serverModule, eventsModule, commandModule, replyModule];

export interface CaughtError {
  message: string;
  code: string;
  cause: { platform?: { code?: unknown } };
}

export class Bench {
  red!: Runtime;
  private readonly cameras: SimulatedLenfocusCamera[] = [];

  async start(
    server: object = {},
    nodes: object[] = [],
    credentials: Credentials = {},
    more: NodeModule[] = [],
  ): Promise<Runtime> {
    this.red = await startRuntime([...more, ...lenfocusModules], flowOf(server, nodes), credentials);
    return this.red;
  }

  get serverNode(): ServerNode {
    return this.red.node<ServerNode>('server');
  }

  /** Resolves with the port when the server listens. */
  async port(): Promise<number> {
    const { server } = this.serverNode;
    // Not `once` of node:events: that fails when the server tells of an error.
    while (server.state().port === undefined) await new Promise((resolve) => server.once('state', resolve));
    return server.state().port as number;
  }

  /** Not connected yet: it dials in as soon as it is started. */
  async camera(options: Partial<SimulatedLenfocusCameraOptions> = {}): Promise<SimulatedLenfocusCamera> {
    const server = options.server ?? `http://127.0.0.1:${await this.port()}`;
    const camera = new SimulatedLenfocusCamera({ sn: SN, retryMs: 100, ...options, server });
    this.cameras.push(camera);
    return camera;
  }

  /** Connected and let in. */
  async online(options: Partial<SimulatedLenfocusCameraOptions> = {}): Promise<SimulatedLenfocusCamera> {
    const camera = await this.camera(options);
    const isOnline = once(camera, 'online');
    await camera.start();
    await isOnline;
    return camera;
  }

  async caught(): Promise<CaughtError> {
    return ((await this.red.inbox('caught').next()) as Message & { error: CaughtError }).error;
  }

  async stop(): Promise<void> {
    await Promise.all(this.cameras.splice(0).map((camera) => camera.stop()));
    await (this.red as Runtime | undefined)?.stop();
  }
}

/** The server on a free port of this machine, nodes `n` and more as given, two collectors and a catch. */
export function flowOf(server: object, nodes: object[]): Flow {
  return [
    { id: 'tab', type: 'tab' },
    {
      id: 'server',
      type: 'lenfocus-server',
      host: '127.0.0.1',
      port: 0,
      check: 'allow-list',
      devices: rows({ sn: SN, did: '77', name: 'Door' }),
      ...server,
    },
    ...nodes.map((node) => ({ z: 'tab', server: 'server', ...node })),
    { id: 'out', type: 'collect', z: 'tab', wires: [] },
    { id: 'else', type: 'collect', z: 'tab', wires: [] },
    { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
    { id: 'caught', type: 'collect', z: 'tab', wires: [] },
  ] as Flow;
}

/** The table of devices as the dialog stores it. */
export function rows(...records: DeviceRecord[]): string {
  return JSON.stringify(records);
}

export const EVENTS = { id: 'n', type: 'lenfocus-events', wires: [['out'], ['else']] };
export const COMMAND = { id: 'n', type: 'lenfocus-command', device: SN, wires: [['out']] };
