import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LenfocusServer } from '../../../lib/lenfocus';
import { selfSignedCertificate } from '../../../lib/simulators/certificate';
import { turn } from '../../support/fake-clock';
import { openHandles } from '../../support/handles';
import { RawDevice } from './support/raw-device';
import { post } from './support/post';
import { jpeg, SN, startServer } from './support/setting';
import { fuzzRuns, fuzzSeed } from '../../support/fuzz';

const FACE = '/api/v1/adapter/lenfocus/face/capture';
const PATHS = [
  FACE,
  '/api/v1/face/capture',
  '/api/v1/device/report/event',
  '/api/v1/vehicle/capture',
  '/api/v1/device/report/info',
  '/api/v1/ota/query',
  '/api/v1/access/record',
  '/api/v1/access/upload/base64img',
];
const PICTURE = jpeg(900).toString('base64');

/** Values as a sloppy or hostile firmware might send them in the place of any other. */
const oddValue = fc.oneof(
  fc.constantFrom(
    null,
    true,
    '',
    0,
    -1,
    1e308,
    '0',
    '(null)',
    '9223372036854775808',
    PICTURE,
    `data:image/jpeg;base64,${PICTURE}`,
    '照片',
    '\u0000',
    '2021-10-03 10:30:00',
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 700 }),
);

const KEYS = [
  'did',
  'sn',
  'ip',
  'sign',
  'ts',
  'time',
  'type',
  'data',
  'face_data',
  'bg_data',
  'jpeg_url_face',
  'pid',
  'feature',
  'plate',
  'vehicle_pic',
  'gender',
  'face_rect',
  'accessTime',
  'msgid',
  'token',
  'uri',
  'param',
  'code',
  'result',
  '__proto__',
  'constructor',
  'id_card ',
];
const oddObject = fc.dictionary(fc.constantFrom(...KEYS), oddValue, { maxKeys: 12 });

const frames = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .record({ msgid: oddValue, token: oddValue, data: fc.oneof(oddValue, oddObject) }, { requiredKeys: [] })
    .map((frame) => Buffer.from(JSON.stringify(frame))),
  fc
    .tuple(fc.constantFrom('/connect', '/heartbeat', '/token/update', '/x'), oddObject)
    .map(([uri, param]) => Buffer.from(JSON.stringify({ msgid: '1', data: { uri, param } }))),
);

/** Seeds of their own, so that a failure can be had again. */
const seeded = (seed: number, count: number) => ({ seed: seed * fuzzSeed, numRuns: fuzzRuns(count) });

/** Nothing may be left open when the server has stopped. */
async function nothingLeft(server: LenfocusServer, before: number): Promise<void> {
  await server.stop();
  const after = await openHandles.settled(before);
  assert.ok(after <= before, `${after} handles are open, ${before} before`);
}

describe('malformed input by the thousand', () => {
  for (const [transport, seed, count, listen] of [
    ['plain', 1, 400, {}],
    ['TLS', 2, 60, { tls: selfSignedCertificate({ commonName: 'devices' }) }],
  ] as const) {
    it(
      `WebSocket messages (${transport}): every socket is answered or closed, the device beside it lives on`,
      { timeout: 120_000 },
      async (t) => {
        const before = openHandles();
        const { device, server, errors, url } = await startServer(t, {
          listen: { port: 0, ...listen },
          limits: { maxConnectionsPerAddress: 20_000 },
        });
        const good = await device();
        const token = await good.connect({ sn: SN });
        await fc.assert(
          fc.asyncProperty(
            fc.array(frames, { minLength: 1, maxLength: 20 }),
            fc.boolean(),
            async (messages, letIn) => {
              const odd = await RawDevice.open(`${url.replace('http', 'ws')}/`);
              odd.socket.removeAllListeners('message');
              if (letIn) odd.send({ msgid: '0', data: { uri: '/connect', param: { sn: 'ODD', ts: 1 } } });
              for (const message of messages) odd.send(message);
              // Whatever it makes of them, it still reads what comes after.
              odd.send({ msgid: 'last', data: { uri: '/heartbeat', param: {} } });
              await new Promise<void>((resolve) => {
                odd.socket.on('message', (data: Buffer) => data.toString().includes('"last"') && resolve());
                void odd.closed.then(() => resolve());
              });
              odd.end();
              assert.equal((await good.ask('/heartbeat', {}, token)).data.code, 200);
            },
          ),
          seeded(seed, count),
        );
        assert.deepEqual(errors, []);
        assert.ok(server.state().counters.malformedMessages > fuzzRuns(count) / 4);
        // Nothing is left of them.
        while (server.state().waiting > 0 || server.state().online > 1) await turn();
        await nothingLeft(server, before);
      },
    );
  }

  it('HTTP bodies: each is answered, none is a failure of ours', { timeout: 120_000 }, async (t) => {
    const before = openHandles();
    const { device, errors, server, url } = await startServer(t);
    const token = await (await device()).connect({ sn: SN });
    const bodies = fc.oneof(
      { weight: 3, arbitrary: oddObject.map((body) => JSON.stringify(body)) },
      {
        weight: 2,
        arbitrary: fc.tuple(oddObject, oddObject).map(([body, data]) => JSON.stringify({ ...body, data })),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(oddObject, fc.nat(2_000))
          .map(([body, cut]) => JSON.stringify({ ...body, data: { bg_data: PICTURE } }).slice(0, cut)),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), bodies, async (path, body) => {
        const { status, body: answer } = await post(url + path, body, { token });
        assert.ok([200, 400, 401, 413].includes(status), `${status} ${body}`);
        assert.equal(typeof answer.code, 'number');
      }),
      seeded(3, 1_500),
    );
    assert.deepEqual(errors, []);
    assert.equal(server.state().bytesInFlight, 0);
    await nothingLeft(server, before);
  });

  it('bytes that are no HTTP: the port lives on', { timeout: 120_000 }, async (t) => {
    const before = openHandles();
    const { errors, server, url } = await startServer(t);
    const { port = 0 } = server.state();
    const starts = fc.constantFrom(
      '',
      'GET ',
      `POST ${FACE} HTTP/1.1\r\n`,
      'GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n',
      'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 400 }), async (start, rest) => {
        const socket = connect(port, '127.0.0.1');
        await new Promise<void>((resolve) => {
          socket.on('error', () => resolve());
          socket.on('close', () => resolve());
          socket.resume();
          socket.end(Buffer.concat([Buffer.from(start), rest]), () => socket.destroy());
        });
      }),
      seeded(4, 500),
    );
    assert.equal((await post(`${url}/api/v1/server/time`, '', { method: 'GET' })).status, 200);
    assert.deepEqual(errors, []);
    await nothingLeft(server, before);
  });
});
