import assert from 'node:assert/strict';
import { constants, createHash, createPublicKey, publicDecrypt, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { WebSocketServer, type WebSocket } from 'ws';
import { isSnapflowError } from '../../../lib/errors';
import {
  LENFOCUS_FAULTS,
  SimulatedLenfocusCamera,
  SimulatedLenfocusFleet,
  type SimulatedLenfocusCameraOptions,
} from '../../../lib/simulators/lenfocus-camera';
import { Device } from '../../../lib/simulators/lenfocus-camera/device';

interface Frame {
  msgid?: string;
  'msgid '?: string;
  token?: string;
  data: { uri: string; code?: number; param?: Record<string, unknown>; result?: unknown };
}

/** A platform as small as can be, that shows what it is told. */
async function platform(t: TestContext, { interval = 30, expire = 3_600, code = 200 } = {}) {
  const http = createServer((request, response) => {
    void take(request).then((report) => {
      reports.push(report);
      response.end('{"code":200,"msg":"OK"}');
    });
  });
  const reports: Array<{ method: string; path: string; token: string; body: string }> = [];
  const sockets: WebSocket[] = [];
  const frames: Frame[] = [];
  const waiting: Array<(frame: Frame) => void> = [];
  new WebSocketServer({ server: http }).on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame;
      if (frame.data.uri === '/connect' || frame.data.uri === '/token/update') {
        const result = { token: `token-${frames.length}`, expire, interval };
        socket.send(
          JSON.stringify({ msgid: frame.msgid, data: { uri: frame.data.uri, code, msg: 'x', result } }),
        );
      }
      const taker = waiting.shift();
      if (taker) taker(frame);
      else frames.push(frame);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.terminate();
    http.close();
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const next = (): Promise<Frame> => {
    const frame = frames.shift();
    return frame ? Promise.resolve(frame) : new Promise((resolve) => waiting.push(resolve));
  };
  const camera = (options: Partial<SimulatedLenfocusCameraOptions> = {}) => {
    const made = new SimulatedLenfocusCamera({ server: url, retryMs: 10, ...options });
    t.after(() => made.stop());
    return made;
  };
  return { url, sockets, reports, next, camera };
}

async function take(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    token: request.headers.authorization ?? '',
    body: Buffer.concat(chunks).toString(),
  };
}

async function online(camera: SimulatedLenfocusCamera): Promise<void> {
  const came = once(camera, 'online');
  await camera.start();
  await came;
}

describe('the simulated Lenfocus camera', () => {
  it('LF-1.1 connects with a signature of its SN, security code and time', async (t) => {
    const { next, camera } = await platform(t);
    const now = Date.UTC(2021, 9, 24, 9, 15, 8);
    const device = camera({
      sn: 'Y3C122AP1234512',
      securityCode: 'ABCD1234',
      did: '1234512',
      now: () => now,
    });
    await device.start();
    const { data } = await next();
    const { sign, ...param } = data.param ?? {};
    assert.deepEqual(
      [data.uri, param],
      ['/connect', { did: '1234512', sn: 'Y3C122AP1234512', ip: '192.168.100.168', ts: now / 1000 }],
    );
    const text = `Y3C122AP1234512ABCD1234${now / 1000}`;
    const key = createPublicKey(device.identity.publicKey);
    assert.ok(verify('md5', Buffer.from(text), key, Buffer.from(String(sign), 'base64')));
    assert.equal(String(sign).length, 172, 'as the signatures of real cameras');
  });

  it('LF-1.1 signs by the other readings of the document too, and in the field sends neither did nor ip', async (t) => {
    const { next, camera } = await platform(t);
    for (const signature of ['raw-digest', 'raw-hex'] as const) {
      const device = camera({ signature, style: 'field', sn: 'X', securityCode: 'Y', now: () => 5_000 });
      await device.start();
      const { sign, ...param } = (await next()).data.param ?? {};
      assert.deepEqual(param, { sn: 'X', ts: 5 });
      const digest = createHash('md5').update('XY5').digest();
      const payload = publicDecrypt(
        { key: device.identity.publicKey, padding: constants.RSA_PKCS1_PADDING },
        Buffer.from(String(sign), 'base64'),
      );
      assert.deepEqual(payload, signature === 'raw-digest' ? digest : Buffer.from(digest.toString('hex')));
      await device.stop();
    }
  });

  it('LF-1.2 LF-1.3 beats in time with the blank in its key, and renews its token', async (t) => {
    const { next, camera } = await platform(t, { interval: 0.02, expire: 0.03 });
    const device = camera({ sn: 'X' });
    await device.start();
    const seen = new Set<string>();
    while (seen.size < 3) {
      const frame = await next();
      seen.add(frame.data.uri);
      if (frame.data.uri === '/heartbeat') assert.ok(frame['msgid '] && frame.token && frame.data.param?.ip);
      if (frame.data.uri === '/token/update') assert.ok(frame.token?.startsWith('token-'));
    }
    assert.deepEqual(seen, new Set(['/connect', '/heartbeat', '/token/update']));
  });

  it('answers commands with the blank before the uri that the document has, 404 to those it does not know', async (t) => {
    const { next, camera, sockets } = await platform(t);
    const device = camera();
    await online(device);
    await next();
    const asked = once(device, 'request');
    sockets[0]?.send(JSON.stringify({ msgid: 'a', token: 't', data: { uri: '/person/clear', param: {} } }));
    assert.deepEqual(await next(), { msgid: 'a', data: { uri: ' /person/clear', code: 0, msg: 'OK' } });
    assert.deepEqual(await asked, [{ target: '/person/clear', status: 0 }]);
    sockets[0]?.send(JSON.stringify({ msgid: 'b', data: { uri: '/unknown', param: {} } }));
    assert.equal((await next()).data.code, 404);
  });

  it('pushes what it sees, as the document writes it or as cameras in the field do', async (t) => {
    const { reports, camera } = await platform(t);
    const now = Date.UTC(2021, 9, 24, 9, 15, 8, 816);
    const device = camera({ sn: 'X', did: '7', now: () => now });
    await online(device);
    await device.pushFace({ name: '张三' });
    await device.pushAlarm(8);
    await device.pushVehicle();
    await device.pushAccess();
    await device.pushPicture();
    const [face, alarm, vehicle, access, picture] = reports;
    assert.ok(face && alarm && vehicle && access && picture);
    assert.match(face.token, /^Bearer token-/);
    const faceBody = JSON.parse(face.body) as { time: number; data: { face_data: string } };
    assert.equal(faceBody.time, Math.floor(now / 1000));
    assert.match(faceBody.data.face_data, /^data:image\/jpeg;base64,\/9j\//);
    assert.equal((JSON.parse(alarm.body) as { time: number }).time, now);
    assert.equal((JSON.parse(vehicle.body) as { time: string }).time, String(now));
    assert.deepEqual([access.method, /"pid":9223372036854775808/.test(access.body)], ['PUT', true]);
    assert.match(picture.body, /^data:image\/jpeg;base64,/);

    const field = camera({ sn: 'Y', style: 'field', now: () => now });
    await online(field);
    await field.pushFace();
    const seen = reports.at(-1)?.body ?? '';
    assert.match(seen, /"did":"","sn":"Y"/);
    assert.match(seen, /"face_data":"\/9j\//);
    assert.doesNotMatch(seen, /=/, 'padding is written as an escape');
  });

  it('reports of its own accord, faces, vehicles and alarms in turn', async (t) => {
    const { reports, camera } = await platform(t);
    const device = camera({ reportEveryMs: 5 });
    await online(device);
    while (reports.length < 3) await once(device, 'request');
    assert.deepEqual(new Set(reports.slice(0, 3).map(({ path }) => path)).size, 3);
  });

  it('comes back when its connection breaks, and tells of it', async (t) => {
    const { camera } = await platform(t);
    const device = camera();
    await online(device);
    const [offline, back] = [once(device, 'offline'), once(device, 'online')];
    device.kill();
    await offline;
    await back;
    assert.equal(device.counters.connects, 2);
  });

  it('refused with 421 it waits, as the document says; refused otherwise it tries anew', async (t) => {
    const unknown = await platform(t, { code: 421 });
    const patient = unknown.camera();
    const refused = once(patient, 'refused');
    await patient.start();
    assert.deepEqual(await refused, [421]);
    const wrong = await platform(t, { code: 423 });
    const persistent = wrong.camera();
    await persistent.start();
    for (let i = 0; i < 3; i++) await once(persistent, 'refused');
    assert.equal(patient.counters.connects, 1);
  });

  it('knows its faults, and no others', async (t) => {
    const { camera, url } = await platform(t);
    const device = camera();
    assert.equal(new Set(LENFOCUS_FAULTS.map(({ name }) => name)).size, LENFOCUS_FAULTS.length);
    for (const { name } of LENFOCUS_FAULTS) {
      await device.setFault(name);
      assert.equal(device.fault, name);
    }
    await device.setFault();
    assert.equal(device.fault, undefined);
    await assert.rejects(
      device.setFault('nonsense'),
      (error) => isSnapflowError(error) && error.code === 'BAD_INPUT',
    );
    assert.deepEqual(await device.start(), { url, port: Number(new URL(url).port) });
  });

  it('switched off it is away, switched on it is back', async (t) => {
    const { camera } = await platform(t);
    const device = camera();
    await online(device);
    const offline = once(device, 'offline');
    await device.setFault('off');
    await offline;
    const back = once(device, 'online');
    await device.setFault();
    await back;
  });

  it('a fleet is as many cameras with one word', async (t) => {
    const { url } = await platform(t);
    const fleet = new SimulatedLenfocusFleet({ server: url, count: 5, snPrefix: 'ABC' });
    t.after(() => fleet.stop());
    await fleet.start();
    await fleet.allOnline();
    assert.equal(fleet.online, 5);
    assert.deepEqual(fleet.cameras.map(({ identity }) => identity.sn).slice(0, 2), [
      'ABC000000000001',
      'ABC000000000002',
    ]);
    assert.equal(fleet.counters.connects, 5);
    await fleet.setFault('deaf');
    assert.deepEqual([fleet.fault, fleet.cameras[4]?.fault], ['deaf', 'deaf']);
  });
});

describe('the device behind the simulated camera', () => {
  const device = new Device({
    now: Date.UTC(2021, 9, 3, 8),
    videos: 20,
    unknownUris: [],
    onReboot: () => undefined,
    onUpdate: () => undefined,
  });
  const day = { start_time: '2021-10-03 00:00:00', end_time: '2021-10-03 23:59:59' };
  const person = {
    pid: '1',
    name: 'n',
    work_id: '',
    id_card_no: '',
    ic_card_no: '',
    gender: 1,
    age: 1,
    department: '',
    photo: '/9j/4AAQ',
    category: 1,
  };

  it('holds to the ranges of the document', () => {
    const code = (uri: string, param: Record<string, unknown>) => device.answer(uri, param).code;
    assert.equal(code('/storage/get_record_list', { ...day, page_num: 0, page_size: 500 }), 0);
    assert.equal(code('/storage/get_record_list', { ...day, page_num: 0, page_size: 501 }), 420);
    assert.equal(code('/ivp/face/get_cap_history', { ...day, page_num: 1, page_size: 32 }), 0);
    assert.equal(
      code('/ivp/face/get_cap_history', { ...day, page_num: 0, page_size: 32 }),
      420,
      'pages from 1',
    );
    assert.equal(code('/person/get_cap_history', { ...day, page_num: 0, page_size: 33 }), 420);
    assert.equal(code('/storage/record_by_month', { year: 2021, month: 12 }), 420);
    assert.equal(code('/storage/record_by_month', { year: 2021, month: 9 }), 0);
    assert.equal(code('/storage/record_set', { file_len: 61 }), 420);
    assert.equal(code('/ivp/facecap_param_set', {}), 420);
    assert.equal(code('/person/add', { ...person, photo: 'no JPEG' }), 420);
    assert.equal(code('/person/add', { pid: '1' }), 420);
    assert.equal(code('/person/query', { pid: 'nobody' }), 426);
    assert.equal(code('/toString', {}), 404);
  });

  it('does the worst with a delete without an id', () => {
    device.answer('/person/add', person);
    device.answer('/person/delete', {});
    assert.equal(device.faces.size, 0);
  });
});
