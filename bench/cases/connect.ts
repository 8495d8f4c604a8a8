/** Devices that dial in: TCP, WebSocket handshake, `/connect` with its signature, and gone again. */
import { timed, type Bench, type Variant } from '../support/bench';
import { Child } from '../support/child';
import { coreFlow } from '../support/core-flows';
import { rawWebSockets, signatureCheck, type DeviceServer } from '../support/raw-servers';
import { snapflowServer } from '../support/snapflow-servers';

const RAW = 'ws, no check';
const CHECKED = 'ws, signature checked';
const PARSED = 'ws, checked, the key parsed each time';
const OURS = 'Snapflow';
const CORE = 'Node-RED core websocket flow, checked';

const AT_ONCE = 100;

const dialling =
  (serve: (publicKey: string) => Promise<DeviceServer>): Variant =>
  async () => {
    const devices = await Child.start('support/devices.ts');
    const server = await serve(await devices.ask<string>('publicKey'));
    return {
      async slot(units) {
        await devices.ask('prepareConnects', units);
        let good = 0;
        const measures = await timed(units, async () => {
          good = await devices.ask<number>('connects', server.url, AT_ONCE);
        });
        return { ...measures, good: good / units };
      },
      async close() {
        await devices.stop();
        await server.close();
      },
    };
  };

export const connect: Bench = {
  title: 'Devices that connect',
  about: `${AT_ONCE} at once over new connections; 500 SNs that sign with RSA-1024. CPU is the server’s, with the end of the connection.`,
  metrics: [
    { name: 'rate', unit: 'per second', digits: 0 },
    { name: 'cpu', unit: 'ms', digits: 3 },
    { name: 'good', unit: '' },
  ],
  variants: {
    [RAW]: dialling(() => rawWebSockets()),
    [CHECKED]: dialling((publicKey) => rawWebSockets(signatureCheck(publicKey, true))),
    [PARSED]: dialling((publicKey) => rawWebSockets(signatureCheck(publicKey, false))),
    [OURS]: dialling((publicKey) => snapflowServer({ publicKey })),
    [CORE]: dialling((publicKey) => coreFlow(publicKey)),
  },
  targets: [
    { variant: OURS, metric: 'rate', against: RAW, atLeast: 0.8 },
    { variant: OURS, metric: 'rate', against: CORE, atLeast: 1.7 },
    { variant: OURS, metric: 'good', atLeast: 1, exact: true },
  ],
  units: { full: 1_500, short: 200 },
};
