import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { FakeClock, turn } from '../../../support/fake-clock';
import type { LenfocusServerOptions } from '../../../../lib/lenfocus';
import { post } from '../support/post';
import { RawDevice } from '../support/raw-device';
import { jpeg, SN, startServer, type Setting } from '../support/setting';

const FACE = '/api/v1/adapter/lenfocus/face/capture';
const body = () => ({ data: { face_data: jpeg().toString('base64') } });

async function withDevice(t: TestContext, options: LenfocusServerOptions = {}) {
  const setting = await startServer(t, options);
  const device = await setting.device();
  const token = await device.connect({ sn: SN });
  return { ...setting, socket: device, token };
}

function tcp(t: TestContext, { server }: Pick<Setting, 'server'>): Socket {
  const socket = connect(server.state().port ?? 0, '127.0.0.1');
  socket.on('error', () => undefined);
  t.after(() => socket.destroy());
  return socket;
}

const head = (token: string, length: number) =>
  `POST ${FACE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${length}\r\n\r\n`;

const answerOf = async (socket: Socket): Promise<string> =>
  String(((await once(socket, 'data')) as [Buffer])[0]);

describe('limits of the HTTP side', () => {
  it('a body that stalls is given up, the others are not', async (t) => {
    const clock = new FakeClock(Date.now());
    const setting = await withDevice(t, { clock, limits: { bodyStallMs: 5_000 } });
    const { token, url } = setting;
    const slow = tcp(t, setting);
    slow.write(head(token, 1_000) + '{');
    await untilInFlight(setting);
    const answer = answerOf(slow);
    await clock.advance(4_000);
    assert.equal((await post(url + FACE, body(), { token })).status, 200);
    await clock.advance(2_000);
    assert.match(await answer, /^HTTP\/1\.1 408 .*\{"code":420/s);
  });

  it('a body that dribbles is given up too, when its time is over', async (t) => {
    const clock = new FakeClock(Date.now());
    const setting = await withDevice(t, {
      clock,
      heartbeatS: 600,
      limits: { bodyStallMs: 5_000, bodyTimeoutMs: 20_000 },
    });
    const slow = tcp(t, setting);
    slow.write(head(setting.token, 1_000));
    const answer = answerOf(slow);
    for (let i = 0; i < 5; i++) {
      slow.write(' ');
      await untilInFlight(setting, i + 1);
      await clock.advance(4_000);
    }
    assert.match(await answer, /^HTTP\/1\.1 408 /);
  });

  it('headers that do not come are not waited for', async (t) => {
    const setting = await startServer(t, { limits: { headerTimeoutMs: 300 } });
    const [silent, half] = [tcp(t, setting), tcp(t, setting)];
    half.write('POST / HTTP/1.1\r\nHost: ');
    for (const socket of [silent, half]) socket.resume();
    await Promise.all([once(silent, 'close'), once(half, 'close')]);
  });

  it('who breaks off in the middle of a body is forgotten, and told nothing of', async (t) => {
    const setting = await withDevice(t);
    const { camera, errors, server, heard } = setting;
    const reports = heard('report');
    const device = await camera({ sn: 'ANOTHER' });
    await device.setFault('cut-report');
    await assert.rejects(device.pushFace());
    await device.setFault();
    assert.equal((await device.pushFace()).status, 200);
    while (server.state().counters.refusedRequests < 1) await turn();
    assert.deepEqual([reports.length, errors.length], [1, 0]);
  });

  it('connections of one address are counted; those over the limit are refused, and their place is free again', async (t) => {
    const setting = await startServer(t, { limits: { maxConnectionsPerAddress: 3 } });
    const sockets = [0, 1, 2].map(() => tcp(t, setting));
    for (const socket of sockets) {
      socket.write('GET /api/v1/server/time HTTP/1.1\r\nHost: x\r\n\r\n');
      assert.match(await answerOf(socket), / 200 /);
    }
    const refused = tcp(t, setting);
    refused.resume();
    await once(refused, 'close');
    sockets[0]?.destroy();
    // The server sees the end of it a moment later.
    for (;;) {
      const next = tcp(t, setting);
      next.write('GET /api/v1/server/time HTTP/1.1\r\nHost: x\r\n\r\n');
      const [answer] = (await Promise.race([once(next, 'data'), once(next, 'close')])) as [unknown];
      if (Buffer.isBuffer(answer)) break;
    }
  });

  it('bytes in flight: many large bodies at once all arrive, with room for two', async (t) => {
    const { token, url, heard } = await withDevice(t, { limits: { maxBytesInFlight: 2_000_000 } });
    const reports = heard('report');
    const content = () => ({ data: { bg_data: jpeg(1_000_000).toString('base64') } });
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => post(url + FACE, content(), { token })),
    );
    assert.deepEqual(
      replies.map(({ status }) => status),
      Array(12).fill(200),
    );
    assert.equal(reports.length, 12);
  });

  it('bytes in flight: a stalled large body does not keep the others waiting', async (t) => {
    const clock = new FakeClock(Date.now());
    const setting = await withDevice(t, { clock, limits: { maxBytesInFlight: 500_000 } });
    const { token, url } = setting;
    const hog = tcp(t, setting);
    hog.write(head(token, 700_000));
    hog.write(Buffer.alloc(600_000, 0x20));
    await untilInFlight(setting, 600_000);
    const others = [0, 1, 2].map(() =>
      post(url + FACE, { data: { bg_data: jpeg(200_000).toString('base64') } }, { token }),
    );
    // They come in, and have to wait.
    await untilInFlight(setting, 600_001);
    const answer = answerOf(hog);
    await clock.advance(4_000);
    assert.match(await answer, / 408 /);
    assert.deepEqual(
      (await Promise.all(others)).map(({ status }) => status),
      [200, 200, 200],
    );
  });

  it('bytes in flight: answered 503 when the flow holds too many reports', async (t) => {
    const release: Array<() => void> = [];
    const answer = () => new Promise<undefined>((resolve) => release.push(() => resolve(undefined)));
    const { token, url } = await withDevice(t, { answer, limits: { maxBytesInFlight: 10_000 } });
    const content = () => ({ data: { bg_data: jpeg(8_000).toString('base64') } });
    const held = [0, 1].map(() => post(url + FACE, content(), { token }));
    while (release.length < 2) await turn();
    const refused = await post(url + FACE, content(), { token });
    assert.deepEqual([refused.status, refused.body.code, refused.headers['retry-after']], [503, 503, '5']);
    for (const go of release) go();
    assert.deepEqual(
      (await Promise.all(held)).map(({ status }) => status),
      [200, 200],
    );
    const taken = post(url + FACE, content(), { token });
    while (release.length < 3) await turn();
    release[2]?.();
    assert.equal((await taken).status, 200);
  });
});

describe('limits of the WebSocket side', () => {
  it('messages over the limit end the connection that sent them', async (t) => {
    const { socket, token, device } = await withDevice(t, { limits: { maxFrameBytes: 10_000 } });
    const other = await device();
    const otherToken = await other.connect({ sn: 'OTHER' });
    socket.send({ msgid: '1', token, data: { uri: '/heartbeat', param: { filler: 'x'.repeat(11_000) } } });
    assert.equal((await socket.closed).code, 1009);
    assert.equal((await other.ask('/heartbeat', {}, otherToken)).data.code, 200);
  });

  it('who is not let in yet may send little', async (t) => {
    const { device } = await withDevice(t, { limits: { maxStrangerBytes: 5_000 } });
    const stranger = await device();
    stranger.send('x'.repeat(6_000));
    assert.equal((await stranger.closed).code, 1006);
  });

  it('but once let in, a file', async (t) => {
    const { socket, server } = await withDevice(t, { limits: { maxStrangerBytes: 5_000 } });
    const file = jpeg(2_000_000);
    const answer = server.command(SN, 'readFile', { path: 'a.jpg' });
    const frame = await socket.next();
    socket.reply(frame, { result: { path: 'a.jpg', base64: file.toString('base64') } });
    assert.deepEqual((await answer).result.data, file);
  });

  it('handshakes over the limits are answered 503, and the place is free again', async (t) => {
    const { device, socket, server, url, next } = await withDevice(t, {
      limits: { maxConnections: 2 },
      trustProxy: true,
    });
    await device();
    const third = () => RawDevice.open(`${url.replace('http', 'ws')}/x`);
    await assert.rejects(third());
    const gone = next('disconnect');
    socket.end();
    await gone;
    // One place of the port itself may be taken by the refused one for a moment more.
    for (;;) {
      const opened = await third().catch(() => undefined);
      if (opened) {
        opened.end();
        break;
      }
    }
    assert.equal(server.state().online, 0);
  });

  it('a flood of messages of one device is slowed down, the others are answered', async (t) => {
    const clock = new FakeClock(Date.now());
    const { device, socket, token, server } = await withDevice(t, {
      clock,
      limits: { messagesPerSecond: 50 },
    });
    const other = await device();
    const otherToken = await other.connect({ sn: 'OTHER' });
    const beat = JSON.stringify({ msgid: 'x', token, data: { uri: '/heartbeat', param: {} } });
    for (let i = 0; i < 20_000; i++) socket.send(beat);
    for (let i = 0; i < 30; i++) {
      assert.equal((await other.ask('/heartbeat', {}, otherToken)).data.code, 200);
    }
    const answered = server.state().counters.heartbeats - 30;
    assert.ok(answered < 20_000, `${answered} of the flood`);
    // Nothing of it is lost: it goes on a second later, slowly.
    await clock.advance(1_000);
    while (server.state().counters.heartbeats - 30 <= answered) await turn();
    assert.equal(server.state().online, 2);
  });

  it('who reads nothing while much is sent to it is disconnected', async (t) => {
    const clock = new FakeClock(Date.now());
    const { socket, server, next } = await withDevice(t, {
      clock,
      limits: { maxUnreadBytes: 3_000_000, commandsPerDevice: 100 },
    });
    socket.socket.pause();
    const gone = next('disconnect');
    const photo = jpeg(2_000_000);
    const commands = Array.from({ length: 8 }, (_, i) =>
      server
        .command(SN, 'updatePerson', { personId: String(i), photo })
        .catch((error: { code: string }) => error.code),
    );
    for (let i = 0; i < 5; i++) await turn();
    await clock.advance(1_500);
    assert.equal((await gone).reason, 'stuck');
    assert.deepEqual(await Promise.all(commands), Array(8).fill('DEVICE_OFFLINE'));
  });
});

/** Resolves when so many bytes of bodies have come in. */
async function untilInFlight({ server }: Pick<Setting, 'server'>, bytes = 1): Promise<void> {
  while (server.state().bytesInFlight < bytes) await turn();
}
