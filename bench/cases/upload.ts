/** Uploads to ThingsCloud: a picture of 300 KB, eight at once. */
import { Scene } from '../../lib/simulators';
import { inFlight, timed, type Bench, type RunningVariant, type Variant } from '../support/bench';
import { built } from '../support/built';
import { Child } from '../support/child';
import { startFlow } from '../support/node-red';

const POOL = 'undici.request on a Pool';
const OURS = 'Snapflow';
const NODES = 'Snapflow node in Node-RED';
const CORE = 'Node-RED core http request';

const PICTURE = new Scene({ name: 'bench' }).picture({ bytes: 300_000 });
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

const snapflow: Variant = ({ url = '' }) => {
  const { HttpClient } = built<typeof import('../../lib/http')>('http');
  const { ThingsCloudProject } = built<typeof import('../../lib/thingscloud')>('thingscloud');
  const transport = new HttpClient({ baseUrl: url, system: 'thingscloud', maxConnections: AT_ONCE });
  const project = new ThingsCloudProject(
    { endpoint: url, region: HEADERS.Region, projectKey: HEADERS['Project-Key'] },
    transport,
  );
  const upload = { accessToken: 'token', identifier: 'photo', picture: PICTURE };
  return running(
    () => project.upload(upload),
    () => transport.close(),
  );
};

/** The same in a flow. Each device is a lane of its own, in which one waits for the other. */
const nodes: Variant = async ({ url = '' }) => {
  const flow = await startFlow(
    [
      { id: 'project', type: 'thingscloud-project', endpoint: url, region: HEADERS.Region, pace: '0' },
      {
        id: 'in',
        type: 'thingscloud-upload',
        project: 'project',
        accessTokenType: 'msg',
        accessTokenFrom: 'token',
        identifier: 'photo',
        wires: [['out']],
      },
    ],
    { project: { projectKey: HEADERS['Project-Key'] } },
  );
  let sent = 0;
  return running(
    () => flow.pass({ payload: PICTURE, token: `token-${++sent % AT_ONCE}` }),
    () => flow.close(),
  );
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
  variants: { [POOL]: pool, [OURS]: snapflow, [NODES]: nodes, [CORE]: core },
  targets: [
    { variant: OURS, metric: 'rate', against: POOL, atLeast: 0.85 },
    { variant: OURS, metric: 'cpu', against: POOL, atMost: 1.35 },
    { variant: OURS, metric: 'rate', against: CORE, atLeast: 4 },
    { variant: NODES, metric: 'cpu', against: CORE, atMost: 0.5 },
  ],
  units: { full: 800, short: 100 },
  async surround() {
    const sink = await Child.start('support/sink.ts');
    return { facts: { url: await sink.ask<string>('url') }, close: () => sink.stop() };
  },
};
