import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { FakeClock, turn } from '../../../support/fake-clock';
import type { FlowAnswer, LenfocusServerOptions, Report } from '../../../../lib/lenfocus';
import { post } from '../support/post';
import { jpeg, SN, startServer } from '../support/setting';

const FACE = '/api/v1/adapter/lenfocus/face/capture';
const INFO = '/api/v1/device/report/info';
const body = () => ({ data: { face_data: jpeg().toString('base64') } });

async function reporter(t: TestContext, options: LenfocusServerOptions = {}, param: object = {}) {
  const setting = await startServer(t, options);
  const device = await setting.device();
  const token = await device.connect({ sn: SN, ...param });
  const reports = setting.heard('report');
  const send = (content: unknown, given: string | undefined = token, path = FACE) =>
    post(setting.url + path, content, given === undefined ? {} : { token: given });
  return { ...setting, socket: device, token, reports, send };
}

describe('a report that cannot be read', () => {
  it('LF-2.1 is answered so that the camera keeps it, told, and new when it comes again', async (t) => {
    const clock = new FakeClock(Date.now());
    const { errors, reports, send } = await reporter(t, { clock, duplicates: 'drop' });
    const again = body();
    let isBroken = true;
    const now = clock.now.bind(clock);
    clock.now = () => {
      if (isBroken) throw new Error('the clock is broken');
      return now();
    };
    const { status } = await send(again);
    isBroken = false;
    assert.equal(status, 500);
    assert.deepEqual([reports.length, errors.map(({ code }) => code)], [0, ['PLATFORM_FAILED']]);
    assert.equal((await send(again)).status, 200);
    assert.equal(reports.length, 1);
  });
});

describe('who may report (chapter 二)', () => {
  it('LF-2.0 answers 401 without a token, with a wrong one, and with one that has run out', async (t) => {
    const clock = new FakeClock(Date.now());
    const { reports, send, token, url } = await reporter(t, { clock, heartbeatS: 3_600 });
    for (const wrong of ['', 'x', randomBytes(16).toString('hex'), token.slice(1), ` ${token}x`]) {
      const { status, body: answer } = await send(body(), wrong);
      assert.deepEqual([status, answer.code], [401, 401], wrong);
    }
    const { status } = await post(url + FACE, body());
    assert.equal(status, 401);
    assert.equal((await send(body())).status, 200);
    await clock.advance(3_631_000);
    assert.equal((await send(body())).status, 401);
    assert.equal(reports.length, 1);
  });

  it('LF-2.0 takes the header as the document has it and as firmware may write it, and any Content-Type', async (t) => {
    const { token, url } = await reporter(t);
    for (const authorization of [`Bearer ${token}`, `bearer  ${token}`, token]) {
      const headers = { Authorization: authorization, 'Content-Type': 'text/plain' };
      assert.equal((await post(url + FACE, body(), { headers })).status, 200);
    }
  });

  it('a token outlives its WebSocket, and the next connection, for a moment', async (t) => {
    const clock = new FakeClock(Date.now());
    const { device, next, send, socket, token } = await reporter(t, { clock, heartbeatS: 3_600 });
    const gone = next('disconnect');
    socket.end();
    await gone;
    assert.equal((await send(body())).status, 200);
    const again = await device();
    const newer = await again.connect({ sn: SN });
    assert.equal((await send(body(), token)).status, 200);
    await clock.advance(31_000);
    assert.equal((await send(body(), token)).status, 401);
    assert.equal((await send(body(), newer)).status, 200);
  });

  it('a report with the SN or did of another device is answered 401', async (t) => {
    const { send, device, reports } = await reporter(
      t,
      {
        devices: [
          { sn: SN, did: '77' },
          { sn: 'OTHER', did: '88' },
        ],
      },
      { did: '5' },
    );
    await (await device()).connect({ sn: 'THIRD', did: '99' });
    for (const own of [
      {},
      { sn: SN },
      { sn: SN.toLowerCase() },
      { did: '' },
      { did: 0 },
      { did: '5' },
      { did: 77 },
    ]) {
      assert.equal((await send({ ...own })).status, 200, JSON.stringify(own));
    }
    for (const other of [
      { sn: 'OTHER' },
      { did: '88' },
      { did: '99' },
      { did: 'x' },
      { sn: SN, did: '99' },
    ]) {
      assert.deepEqual(
        (await send({ ...other })).body,
        { code: 401, msg: 'Unauthorized' },
        JSON.stringify(other),
      );
    }
    assert.equal(reports.length, 7);
  });

  it('a device without did may only not use one that is known to be another’s', async (t) => {
    const { send, device } = await reporter(t, { devices: [{ sn: 'OTHER', did: '88' }] });
    await (await device()).connect({ sn: 'THIRD', did: '99' });
    assert.equal((await send({ did: '1234512' })).status, 200);
    assert.equal((await send({ did: '88' })).status, 401);
    assert.equal((await send({ did: '99' })).status, 401);
  });

  it('by setting, reports without a token are taken from the SN and address of a connected device', async (t) => {
    const { device, url } = await reporter(t, { tokenlessReports: true, trustProxy: true }, { did: '5' });
    const from = (address: string, content: unknown, path = FACE) =>
      post(url + path, content, { headers: { 'X-Forwarded-For': `6.6.6.6, ${address}` } });
    assert.equal((await from('127.0.0.1', { sn: SN })).status, 200);
    assert.equal((await from('127.0.0.1', { did: '5' })).status, 200);
    assert.equal((await from('10.0.0.9', { sn: SN })).status, 401);
    assert.equal((await from('127.0.0.1', { sn: 'OTHER' })).status, 401);
    assert.equal((await from('127.0.0.1', { sn: SN, did: 'x' })).status, 401);
    // A bare picture names nobody: it is of the only device at that address, if there is one.
    const picture = `data:image/jpeg;base64,${jpeg().toString('base64')}`;
    const path = '/api/v1/access/upload/base64img';
    assert.equal((await from('127.0.0.1', picture, path)).status, 200);
    await (await device()).connect({ sn: 'SECOND' });
    assert.equal((await from('127.0.0.1', picture, path)).status, 401);
  });

  it('simulated cameras that report without or with a wrong token are refused', async (t) => {
    const { camera } = await startServer(t);
    const device = await camera();
    for (const fault of ['no-token', 'wrong-token']) {
      await device.setFault(fault);
      assert.equal((await device.pushFace()).status, 401);
    }
    await device.setFault();
    assert.equal((await device.pushFace()).status, 200);
  });
});

describe('what is answered', () => {
  it('paths: any case, doubled and trailing slashes, a query; 404 for unknown ones', async (t) => {
    const { url, token } = await reporter(t);
    for (const path of [FACE, FACE.toUpperCase(), `${FACE}/`, FACE.replace('/v1', '//v1'), `${FACE}?a=b`]) {
      assert.equal((await post(url + path, body(), { token })).status, 200, path);
    }
    for (const path of ['/', '/api/v1/face', `${FACE}/x`, '/constructor', '/api/v1/__proto__']) {
      assert.deepEqual(
        (await post(url + path, body(), { token })).body,
        { code: 404, msg: 'Not found' },
        path,
      );
    }
  });

  it('a base path: only below it', async (t) => {
    const { url, token } = await reporter(t, { basePath: '/Face-Camera/' });
    assert.ok(url.endsWith('/Face-Camera/'));
    const root = url.slice(0, -'/Face-Camera/'.length);
    assert.equal((await post(`${root}/face-camera${FACE}`, body(), { token })).status, 200);
    assert.equal((await post(root + FACE, body(), { token })).status, 404);
    assert.equal((await post(`${root}/face-camera-2${FACE}`, body(), { token })).status, 404);
  });

  it('bodies that are no JSON object: 400 and {code:420}', async (t) => {
    const { send, reports } = await reporter(t);
    for (const content of ['', '{', '[]', '"x"', '5', 'null', '{"did"："1"}', '\0\0\0', '['.repeat(10_000)]) {
      const { status, body: answer } = await send(content);
      assert.deepEqual([status, answer.code], [400, 420], content.slice(0, 10));
    }
    const { status } = await send(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`);
    assert.equal(status, 400);
    assert.deepEqual(reports, []);
  });

  it('encodings it does not read: 415', async (t) => {
    const { url, token } = await reporter(t);
    const { status } = await post(url + FACE, body(), { token, headers: { 'Content-Encoding': 'gzip' } });
    assert.equal(status, 415);
  });

  it('bodies over the limit: 413 and {code:420}, announced or not, with or without waiting for 100', async (t) => {
    const { url, token, reports } = await reporter(t, { limits: { maxBodyBytes: 100_000 } });
    const large = { data: { face_data: jpeg(90_000).toString('base64') } };
    const fits = { data: { face_data: jpeg(70_000).toString('base64') } };
    for (const headers of [{}, { 'Transfer-Encoding': 'chunked' }, { Expect: '100-continue' }] as Array<
      Record<string, string>
    >) {
      const { status, body: answer } = await post(url + FACE, large, { token, headers });
      assert.deepEqual([status, answer.code], [413, 420], JSON.stringify(headers));
      assert.equal((await post(url + FACE, fits, { token, headers })).status, 200, JSON.stringify(headers));
    }
    assert.equal(reports.length, 3);
  });

  it('the default takes a picture of 12 MB and refuses a body over 16 MiB', async (t) => {
    const { send, reports } = await reporter(t);
    assert.equal((await send({ data: { bg_data: jpeg(12_000_000).toString('base64') } })).status, 200);
    assert.equal(reports[0]?.pictures[0]?.data.length, 12_000_000);
    assert.equal((await send({ data: { bg_data: jpeg(13_000_000).toString('base64') } })).status, 413);
  });

  it('too much text beside the pictures, or too many of them: 413', async (t) => {
    const { send } = await reporter(t, { limits: { maxTextBytes: 5_000, maxLongTexts: 2 } });
    const long = 'A'.repeat(600);
    assert.equal((await send({ a: long, b: long })).status, 200);
    assert.equal((await send({ a: long, b: long, c: long })).status, 413);
    assert.equal((await send({ feature: Array(4_000).fill(1) })).status, 413);
  });

  it('answers without waiting for the body when it will not take it', async (t) => {
    const { server } = await startServer(t);
    const socket = connect(server.state().port ?? 0, '127.0.0.1');
    socket.write(`POST ${FACE} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n`);
    const answer = await new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    );
    assert.match(answer, /^HTTP\/1\.1 401 /);
    socket.destroy();
  });
});

describe('reports answered by the flow', () => {
  const withFlow = (
    t: TestContext,
    answer: (report: Report, signal: AbortSignal) => Promise<FlowAnswer | undefined>,
  ) => {
    const clock = new FakeClock(Date.now());
    return reporter(t, { answer, answerTimeoutMs: 5_000, clock }).then((setting) => ({ ...setting, clock }));
  };

  it('are answered what it says', async (t) => {
    const answers: Array<FlowAnswer | undefined> = [
      undefined,
      {},
      { code: 200, message: 'taken' },
      { code: 426 },
      { code: 7, data: { a: 1 } },
    ];
    const { send } = await withFlow(t, () => Promise.resolve(answers.shift()));
    const given = [];
    for (let i = 0; i < 5; i++) {
      const { status, body: answer } = await send(body());
      given.push([status, answer]);
    }
    assert.deepEqual(given, [
      [200, { code: 200, msg: 'OK' }],
      [200, { code: 200, msg: 'OK' }],
      [200, { code: 200, msg: 'taken' }],
      [426, { code: 426, msg: 'Not taken' }],
      [500, { code: 7, msg: 'Not taken', data: { a: 1 } }],
    ]);
  });

  it('are refused when it fails or takes too long, so that the device keeps its picture', async (t) => {
    const asked: AbortSignal[] = [];
    const outcomes = [Promise.reject(new Error('disk full')), new Promise<undefined>(() => undefined)];
    outcomes[0]?.catch(() => undefined);
    const { clock, errors, send } = await withFlow(t, (_report, signal) => {
      asked.push(signal);
      return outcomes.shift() ?? Promise.resolve(undefined);
    });
    const content = body();
    assert.equal((await send(content)).status, 500);
    assert.match(errors[0]?.message ?? '', /disk full/);
    const late = send(content);
    while (asked.length < 2) await turn();
    await clock.advance(5_000);
    assert.deepEqual((await late).body, { code: 500, msg: 'The flow did not answer in time' });
    assert.equal(asked[1]?.aborted, true);
  });

  it('are no duplicates when they are sent again because they were not taken', async (t) => {
    const marks: unknown[] = [];
    const { send } = await withFlow(t, (report) => {
      marks.push(report.pictures[0]?.duplicate);
      return Promise.resolve(marks.length === 1 ? { code: 500 } : undefined);
    });
    const content = body();
    for (let i = 0; i < 3; i++) await send(content);
    assert.deepEqual(marks, [undefined, undefined, true]);
  });

  it('device information needs no flow', async (t) => {
    const { send, next, token } = await withFlow(t, () => new Promise(() => undefined));
    const told = next('info');
    assert.equal((await send({ fwVer: '1' }, token, INFO)).status, 200);
    await told;
  });

  it('a listener that throws hurts nobody', async (t) => {
    const { errors, send, server, reports } = await reporter(t);
    server.prependListener('report', () => {
      throw new Error('a bug in the flow');
    });
    assert.equal((await send(body())).status, 200);
    assert.equal(reports.length, 1);
    assert.match(errors[0]?.message ?? '', /a bug in the flow/);
  });
});
