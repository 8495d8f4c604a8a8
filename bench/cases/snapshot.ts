/** Snapshots of one camera, one after the other. */
import { authorization } from '../../test/lib/simulators/plain-client';
import { timed, type Bench, type RunningVariant, type Variant } from '../support/bench';
import { Child } from '../support/child';
import { startFlow } from '../support/node-red';

const LATENCY_MS = 20;
const PATH = '/SDCAPI/V1.0/Storage/Snapshot/SnapAction';
const HEADERS = { 'content-type': 'application/json' };
const USER = { username: 'ApiAdmin', password: 'simulated' };

function running(snapshot: () => Promise<unknown>, close?: () => Promise<void>): RunningVariant {
  return {
    slot: (units) =>
      timed(units, async () => {
        for (let index = 0; index < units; index++) await snapshot();
      }),
    ...(close && { close }),
  };
}

/** The least that can be done: one connection, one challenge kept for good, the reply not looked into. */
const byHand: Variant = ({ url = '', uuid = '' }) => {
  const { Client } = require('undici') as typeof import('undici');
  const client = new Client(url);
  const body = JSON.stringify({ UUID: uuid });
  let challenge = '';
  let nc = 0;
  const post = (headers: Record<string, string>) =>
    client.request({ method: 'POST', path: PATH, headers: { ...HEADERS, ...headers }, body });
  return running(async () => {
    if (challenge === '') {
      const first = await post({});
      challenge = String(first.headers['www-authenticate']);
      await first.body.dump();
    }
    const answer = { method: 'POST', uri: PATH, ...USER, nc: ++nc };
    const reply = await post({ authorization: authorization(challenge, answer) });
    if (reply.statusCode !== 200) throw new Error(`The camera answered ${reply.statusCode}`);
    await reply.body.arrayBuffer();
  });
};

const core: Variant = async ({ url = '', uuid = '' }) => {
  const flow = await startFlow(
    [
      {
        id: 'in',
        type: 'http request',
        method: 'POST',
        ret: 'bin',
        url: url + PATH,
        authType: 'digest',
        wires: [['out']],
      },
    ],
    { in: { user: USER.username, password: USER.password } },
  );
  return running(
    async () => {
      const reply = await flow.pass({ payload: JSON.stringify({ UUID: uuid }), headers: { ...HEADERS } });
      if (reply['statusCode'] !== 200) throw new Error(`The camera answered ${String(reply['statusCode'])}`);
    },
    () => flow.close(),
  );
};

export const snapshot: Bench = {
  title: 'Snapshot of a camera',
  about: `One after the other, 200 KB, digest (SHA-256), ${LATENCY_MS} ms before each answer, nonce and connection warm.`,
  metrics: [
    { name: 'ms', unit: 'per snapshot', digits: 1 },
    { name: 'requests', unit: 'per snapshot' },
    { name: 'connections', unit: 'per snapshot' },
    { name: 'cpu', unit: 'ms' },
  ],
  variants: { 'undici, digest by hand': byHand, 'Node-RED core http request': core },
  targets: [],
  units: { full: 20, short: 10 },
  async surround() {
    const camera = await Child.start('support/camera.ts', [String(LATENCY_MS)]);
    return {
      facts: await camera.ask<Record<string, string>>('facts'),
      counters: () => camera.ask<Record<string, number>>('counters'),
      close: () => camera.stop(),
    };
  },
};
