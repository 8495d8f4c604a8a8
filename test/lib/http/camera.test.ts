import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { SimulatedHuaweiCamera, type SimulatedHuaweiCameraOptions } from '../../../lib/simulators';
import { client } from './servers';

const credentials = { username: 'ApiAdmin', password: 'simulated' };

async function pair(t: TestContext, auth: SimulatedHuaweiCameraOptions['auth']) {
  const camera = new SimulatedHuaweiCamera({ auth, takePicture: () => Buffer.alloc(1000, 'p') });
  t.after(() => camera.stop());
  const { url } = await camera.start();
  const body = JSON.stringify({ UUID: camera.channels[0]?.uuid });
  const http = client(t, { baseUrl: url, credentials });
  const headers = { 'Content-Type': 'application/json' };
  const path = '/SDCAPI/V1.0/Storage/Snapshot/SnapAction';
  const snap = () => http.request({ method: 'POST', path, headers, body });
  return { camera, snap };
}

/** The client against a camera that was written from the RFCs by itself. */
describe('client and simulated camera', () => {
  for (const algorithm of [
    'MD5',
    'MD5-sess',
    'SHA-256',
    'SHA256',
    'SHA256-sess',
    'SHA-512-256',
    'SHA-512-256-sess',
  ])
    for (const qop of ['', 'auth', 'auth-int', 'auth,auth-int'])
      for (const nextNonce of [false, true]) {
        const title = `HW-1 ${algorithm}, qop "${qop}"${nextNonce ? ', next nonces' : ''}: N+1 requests`;
        it(title, async (t) => {
          const { camera, snap } = await pair(t, { algorithms: [algorithm], qop, nextNonce });
          for (let time = 0; time < 3; time += 1) assert.equal((await snap()).status, 200);
          assert.deepEqual([camera.counters['requests'], camera.counters['connections']], [4, 1]);
        });
      }

  for (const joinChallenges of [false, true])
    it(`HW-1 several challenges and Basic in ${joinChallenges ? 'one line' : 'lines'}: the strongest`, async (t) => {
      const { camera, snap } = await pair(t, {
        algorithms: ['MD5', 'SHA-512-256', 'SHA-256'],
        basic: true,
        joinChallenges,
      });
      const algorithms: unknown[] = [];
      camera.on('request', ({ headers }) =>
        algorithms.push(/algorithm=([^,]+)/.exec(headers.authorization ?? '')?.[1]),
      );
      assert.equal((await snap()).status, 200);
      assert.deepEqual(algorithms, [undefined, 'SHA-512-256']);
    });

  for (const [fault, requests, ends] of [
    ['wrong-password', 4, 'AUTH_REJECTED'],
    ['always-stale', 4, 'AUTH_REJECTED'],
    ['stale-nonces', 7, undefined],
  ] as const)
    it(`HW-1 fault ${fault}`, async (t) => {
      const { camera, snap } = await pair(t, {});
      await snap();
      await camera.setFault(fault);
      if (ends) await assert.rejects(snap(), { code: ends });
      else for (let time = 0; time < 3; time += 1) assert.equal((await snap()).status, 200);
      assert.equal(camera.counters['requests'], requests);
    });
});
