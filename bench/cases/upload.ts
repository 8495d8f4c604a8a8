/** Uploads to ThingsCloud: a picture of 300 KB, eight at once. */
import { inFlight, timed, type Bench, type RunningVariant, type Variant } from '../support/bench';
import { Child } from '../support/child';
import { startFlow } from '../support/node-red';

const PICTURE = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(300_000 - 4, 0x5a)]);
const HEADERS = {
  'Content-Type': 'application/octet-stream',
  Region: 'simulated',
  'Project-Key': 'simulated-key',
};
const AT_ONCE = 8;
const PATH = '/device/v1/token/photo/image';

function running(upload: () => Promise<unknown>, close?: () => Promise<void>): RunningVariant {
  return {
    slot: (units) => timed(units, () => inFlight(units, AT_ONCE, upload)),
    ...(close && { close }),
  };
}

const pool: Variant = ({ url = '' }) => {
  const { Pool } = require('undici') as typeof import('undici');
  const clients = new Pool(url, { connections: AT_ONCE });
  return running(async () => {
    const { body } = await clients.request({ method: 'POST', path: PATH, headers: HEADERS, body: PICTURE });
    return body.json();
  });
};

const core: Variant = async ({ url = '' }) => {
  const flow = await startFlow([
    { id: 'in', type: 'http request', method: 'POST', ret: 'obj', url: url + PATH, wires: [['out']] },
  ]);
  return running(
    () => flow.pass({ payload: PICTURE, headers: { ...HEADERS } }),
    () => flow.close(),
  );
};

export const upload: Bench = {
  title: 'Upload of a 300 KB picture',
  about: 'Eight at once over HTTP on loopback, to a server that only reads. CPU is the sending process’s.',
  metrics: [
    { name: 'rate', unit: 'per second', digits: 0 },
    { name: 'cpu', unit: 'ms' },
  ],
  variants: { 'undici.request on a Pool': pool, 'Node-RED core http request': core },
  targets: [],
  units: { full: 800, short: 100 },
  async surround() {
    const sink = await Child.start('support/sink.ts');
    return { facts: { url: await sink.ask<string>('url') }, close: () => sink.stop() };
  },
};
