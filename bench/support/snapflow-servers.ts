/** Ours: the device server of `lib/lenfocus`, and the same through the nodes. */
import { once, type EventEmitter } from 'node:events';
import { selfSignedCertificate } from '../../lib/simulators/certificate';
import type { LenfocusServer, LenfocusServerOptions } from '../../lib/lenfocus';
import { built } from './built';
import { SECURITY_CODE } from './device-frames';
import { startFlow, type FlowNode } from './node-red';
import type { DeviceServer } from './raw-servers';

/** All load comes from one address here, and much more of it than a device may send. */
const LIMITS = { messagesPerSecond: 1e6, maxConnectionsPerAddress: 20_000 };
/** A fleet that has prepared its signatures uses them up over minutes. */
const CLOCK_WINDOW_S = 86_400;

export interface SnapflowOptions {
  /** Checks signatures with it; without it, anybody is let in. */
  publicKey?: string;
  secure?: boolean;
}

export async function snapflowServer(
  { publicKey, secure = false }: SnapflowOptions = {},
  listen: (server: LenfocusServer) => void = () => undefined,
): Promise<DeviceServer> {
  const lenfocus = built<typeof import('../../lib/lenfocus')>('lenfocus');
  const options: LenfocusServerOptions = {
    check: publicKey === undefined ? 'open' : 'signature',
    ...(publicKey !== undefined && {
      devices: Array.from({ length: 500 }, (_, index) => ({
        sn: `BENCH${String(index).padStart(10, '0')}`,
        securityCode: SECURITY_CODE,
        publicKey,
      })),
    }),
    clockWindowS: CLOCK_WINDOW_S,
    limits: LIMITS,
    listen: {
      host: '127.0.0.1',
      port: 0,
      ...(secure && { tls: selfSignedCertificate({ commonName: 'bench' }) }),
    },
  };
  const server = new lenfocus.LenfocusServer(options);
  server.on('error', (error) => console.error(error));
  listen(server);
  await server.start();
  return { url: urlOf(server), close: () => server.stop() };
}

const NODES = [
  {
    id: 'server',
    type: 'lenfocus-server',
    place: 'port',
    host: '127.0.0.1',
    port: '0',
    check: 'open',
    limits: JSON.stringify(LIMITS),
  },
  { id: 'end', type: 'function', func: "global.get('take')(msg);", wires: [] },
];

/**
 * @param wired heartbeats are asked for, and both outputs end in a function node
 * @param take called by that node
 */
export async function snapflowNodes(
  wired: boolean,
  take: (message: { payload: unknown }) => void = () => undefined,
): Promise<DeviceServer> {
  const wires = wired ? [['end'], ['end']] : [[], []];
  const events = { id: 'events', type: 'lenfocus-events', server: 'server', heartbeats: wired, wires };
  const flow = await startFlow([...NODES, events], {}, { take });
  const { server } = flow.node<FlowNode & { server: LenfocusServer }>('server');
  // It begins to listen while the flows start.
  if (server.state().listen !== 'listening') await once(server as EventEmitter, 'state');
  return { url: urlOf(server), close: () => flow.close() };
}

function urlOf(server: LenfocusServer): string {
  const { port = 0, secure = false } = server.state();
  return `http${secure ? 's' : ''}://127.0.0.1:${port}/`;
}
