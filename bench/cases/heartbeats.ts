/** Heartbeats of 200 devices, one of each under way, answered as fast as the server can. */
import { timed, type Bench, type Variant } from '../support/bench';
import { Child } from '../support/child';
import { coreFlow } from '../support/core-flows';
import { rawWebSockets, type DeviceServer } from '../support/raw-servers';
import { snapflowNodes, snapflowServer } from '../support/snapflow-servers';

const RAW = 'ws and JSON.parse';
const OURS = 'Snapflow';
const TOLD = 'Snapflow, each told to a listener';
const NODES = 'Snapflow nodes, output unwired';
const WIRED = 'Snapflow nodes, each sent to a function';
const CORE = 'Node-RED core websocket flow';

const DEVICES = 200;

const beating =
  (serve: () => Promise<DeviceServer>): Variant =>
  async () => {
    const server = await serve();
    const devices = await Child.start('support/devices.ts');
    await devices.ask('open', server.url, DEVICES);
    return {
      async slot(units) {
        let good = 0;
        const measures = await timed(units, async () => (good = await devices.ask<number>('beats', units)));
        return { ...measures, cpu: (measures['cpu'] ?? 0) * 1000, good: good / units };
      },
      async close() {
        await devices.stop();
        await server.close();
      },
    };
  };

export const heartbeats: Bench = {
  title: 'Heartbeats',
  about: `${DEVICES} devices, one heartbeat of each under way. CPU is the server’s; “good” is the share answered with 200.`,
  metrics: [
    { name: 'rate', unit: 'per second', digits: 0 },
    { name: 'cpu', unit: 'µs', digits: 1 },
    { name: 'good', unit: '' },
  ],
  variants: {
    [RAW]: beating(() => rawWebSockets()),
    [OURS]: beating(() => snapflowServer()),
    [TOLD]: beating(() => {
      let told = 0;
      return snapflowServer({}, (server) => server.on('heartbeat', () => void told++));
    }),
    [NODES]: beating(() => snapflowNodes(false)),
    [WIRED]: beating(() => snapflowNodes(true)),
    [CORE]: beating(() => coreFlow()),
  },
  targets: [
    { variant: OURS, metric: 'rate', against: RAW, atLeast: 0.9 },
    { variant: NODES, metric: 'rate', against: RAW, atLeast: 0.9 },
    { variant: NODES, metric: 'rate', against: CORE, atLeast: 1.5 },
    // On Node-RED 5, whose messages cost more, 0.5.
    { variant: WIRED, metric: 'rate', against: RAW, atLeast: 0.6 },
    ...[OURS, TOLD, NODES, WIRED].map((variant) => ({ variant, metric: 'good', atLeast: 1, exact: true })),
  ],
  units: { full: 20_000, short: 2_000 },
};
