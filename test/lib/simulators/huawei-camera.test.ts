import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { readPictureHeader } from '../../../lib/picture';
import { selfSignedCertificate } from '../../../lib/simulators/certificate';
import { CAMERA_FAULTS } from '../../../lib/simulators/huawei-camera';
import { SNAP, started, stopCameras } from './camera-session';
import { authorization, parameter, send, type PlainReply } from './plain-client';

const ok = { ResponseStatus: { RequestURL: SNAP, StatusCode: 0, StatusString: 'OK' } };

interface Part {
  headers: string;
  body: Buffer;
}

/** Takes a reply apart at its boundary; the pictures here are too small to hold one by chance. */
function partsOf(reply: PlainReply): Part[] {
  const [, boundary = ''] = /boundary=(\S+)$/.exec(reply.headers['content-type'] ?? '') ?? [];
  const text = reply.body.toString('latin1');
  assert.ok(text.endsWith(`\r\n--${boundary}--\r\n`), 'closing boundary');
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const end = part.indexOf('\r\n\r\n');
      return {
        headers: part.slice(2, end),
        body: Buffer.from(part.slice(end + 4, -2), 'latin1'),
      };
    });
}

describe('SimulatedHuaweiCamera', () => {
  afterEach(stopCameras);

  it('HW-1 takes a picture for the right user and UUID, over TLS with its own certificate', async () => {
    const session = await started();
    const reply = await session.snap();
    assert.equal(reply.status, 200);
    assert.equal(session.camera.counters['snapshots'], 1);
    const own = selfSignedCertificate({ commonName: 'SDC' });
    const secure = await started({ tls: own });
    assert.match(secure.url, /^https:/);
    assert.equal((await send(secure.url + SNAP, { ca: own.cert })).challenges.length, 2);
  });

  it('HW-2 replies as form-data of file parts, which the regular expression of the article reads too', async () => {
    const session = await started({ name: 'Gate', pictures: 2 });
    const reply = await session.snap({ channelID: 101 });
    assert.match(reply.headers['content-type'] ?? '', /^multipart\/form-data; boundary=\S+$/);
    const [json, one, two, ...more] = partsOf(reply);
    assert.equal(more.length, 0);
    assert.match(
      json?.headers ?? '',
      /^Content-Disposition: form-data; name="\w+"; filename="\w+\.json"\r\n/,
    );
    const meta = JSON.parse(String(json?.body)) as Record<string, unknown>;
    assert.deepEqual(meta['ResponseStatus'], ok.ResponseStatus);
    assert.equal(meta['UUID'], session.camera.channels[0]?.uuid);
    for (const part of [one, two]) {
      assert.match(
        part?.headers ?? '',
        /; filename="101_\d{14}_[12]\.jpg"\r\nContent-Type: image\/jpeg; charset=UTF-8$/,
      );
      assert.equal(readPictureHeader(part?.body ?? Buffer.alloc(0)).format, 'jpeg');
    }
    assert.ok(!one?.body.equals(two?.body ?? one.body), 'two pictures');
    const [, first = ''] = /charset=UTF-8\r\n\r\n([^]*?)\r\n--/.exec(reply.body.toString('latin1')) ?? [];
    assert.ok(one?.body.toString('latin1').startsWith(first));
  });

  it('HW-2 replies in the other forms that cameras have', async () => {
    const takePicture = () => Buffer.from('ffd8ff00112233', 'hex');
    const types = new Map([
      ['no-disposition', /^multipart\/form-data;/],
      ['mixed', /^multipart\/mixed;/],
      ['x-mixed-replace', /^multipart\/x-mixed-replace;/],
    ] as const);
    const headers = {
      'no-disposition': ['Content-Type: application/json', 'Content-Type: image/jpeg; charset=UTF-8'],
      mixed: [
        'Content-Type: application/json',
        'Content-Disposition: attachment; filename="101_20260102030405_1.jpg"\r\nContent-Type: image/jpeg',
      ],
      'x-mixed-replace': ['Content-Type: image/jpeg\r\nContent-Length: 7'],
    };
    const now = () => Date.UTC(2026, 0, 2, 3, 4, 5);
    for (const [form, type] of types) {
      const reply = await (await started({ form, takePicture, now })).snap();
      assert.match(reply.headers['content-type'] ?? '', type);
      const parts = partsOf(reply);
      assert.deepEqual(
        parts.map((part) => part.headers),
        headers[form],
      );
      assert.deepEqual(parts.at(-1)?.body, takePicture());
    }
    const bare = await (await started({ form: 'bare', takePicture })).snap();
    assert.equal(bare.headers['content-type'], 'image/jpeg');
    assert.deepEqual(bare.body, takePicture());
  });

  it('HW-1 answers errors as JSON, nested or flat, with the status chosen', async () => {
    const session = await started();
    const wrong = await session.snap({ UUID: 'a234feaf-7751-99fa-72b1-9d8357e6d26f' });
    assert.equal(wrong.status, 200);
    assert.deepEqual(wrong.json(), {
      ResponseStatus: { RequestURL: SNAP, StatusCode: 4, StatusString: 'Invalid UUID' },
    });
    assert.deepEqual((await session.snap({ channelID: 7 })).json()['ResponseStatus'], {
      RequestURL: SNAP,
      StatusCode: 4,
      StatusString: 'Invalid channelID',
    });
    assert.equal(
      (await session.snap({ channelID: 0 })).headers['content-type']?.startsWith('multipart'),
      true,
    );
    const flat = await started({ errorForm: 'flat', errorStatus: 400 });
    const reply = await flat.snap({ UUID: 'x' });
    assert.equal(reply.status, 400);
    assert.deepEqual(reply.json(), { RequestURL: SNAP, StatusCode: 4, StatusString: 'Invalid UUID' });
    assert.equal((await flat.bare(SNAP, '{}')).json()['StatusString'], 'Unauthorized');
  });

  it('HW-1 wants a POST of JSON with a Content-Length', async () => {
    const session = await started();
    await session.probe();
    assert.equal((await session.call(SNAP)).status, 405);
    assert.equal((await session.call('/SDCAPI/V1.0/Nothing')).status, 404);
    assert.match((await session.call(SNAP, 'no json')).body.toString(), /Invalid JSON/);
    assert.match((await session.call(SNAP, 'null')).body.toString(), /Invalid JSON/);
    const granted = authorization(session.challenge, {
      method: 'POST',
      uri: SNAP,
      username: 'ApiAdmin',
      password: 'simulated',
      nc: 9,
    });
    const form = await session.bare(SNAP, '{}', { Authorization: granted, 'Content-Type': 'text/plain' });
    assert.equal(form.status, 415);
    const chunked = authorization(session.challenge, {
      method: 'POST',
      uri: SNAP,
      username: 'ApiAdmin',
      password: 'simulated',
      nc: 10,
    });
    const reply = await session.bare(SNAP, '{}', { Authorization: chunked, 'Transfer-Encoding': 'chunked' });
    assert.equal(reply.status, 411);
  });

  it('HW-1 tells its UUIDs, channels and version, each channel with a picture of its own', async () => {
    const channels = [{ name: 'Gate' }, { name: 'Yard', uuid: 'ab', id: 2001 }];
    const session = await started({ channels });
    await session.probe();
    const [gate, yard] = session.camera.channels;
    assert.match(gate?.uuid ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.deepEqual((await session.call('/SDCAPI/V1.0/Rest/DeviceID')).json(), {
      IDs: [
        { UUID: gate?.uuid, deviceID: '101' },
        { UUID: 'ab', deviceID: '2001' },
      ],
    });
    const { CnsChnParam: list } = (await session.call('/SDCAPI/V1.0/CnsPaas/ChnQury')).json() as {
      CnsChnParam: Array<{ uuid: string; attrList: Record<string, string> }>;
    };
    assert.deepEqual(
      list.map(({ uuid, attrList }) => [uuid, attrList['name'], attrList['channelId']]),
      [
        [gate?.uuid, 'Gate', '101'],
        ['ab', 'Yard', '2001'],
      ],
    );
    const system = await session.call('/SDCAPI/V1.0/MiscIaas/System?ChannelID=101');
    assert.equal(typeof system.json()['softVersion'], 'string');
    const [a, b] = [await session.snap(), await session.snap({ UUID: yard?.uuid, channelID: 2001 })];
    assert.ok(!partsOf(a)[1]?.body.equals(partsOf(b)[1]?.body ?? Buffer.alloc(0)));
  });

  it('HW-1 makes pictures of at least the bytes asked for', async () => {
    const session = await started({ pictureBytes: 200_000, form: 'bare' });
    assert.equal((await session.snap()).body.length, 200_000);
  });

  it('HW-1 faults: password, nonces and refusal', async () => {
    const session = await started();
    await session.camera.setFault('wrong-password');
    const refused = await session.snap();
    assert.equal(refused.status, 401);
    assert.equal(parameter(refused.challenges[0] ?? '', 'stale'), '');
    await session.camera.setFault('always-stale');
    for (let round = 0; round < 3; round++) {
      const stale = await session.snap();
      assert.equal(parameter(stale.challenges[0] ?? '', 'stale'), 'true');
      session.use(stale.challenges[0] ?? '');
    }
    await session.camera.setFault('stale-nonces');
    await session.probe();
    assert.equal((await session.snap()).status, 200);
    const once = await session.snap();
    assert.equal(parameter(once.challenges[0] ?? '', 'stale'), 'true');
    session.use(once.challenges[0] ?? '');
    assert.equal((await session.snap()).status, 200);
    await session.camera.setFault('refuse');
    await session.probe();
    assert.match((await session.snap()).body.toString(), /"StatusCode":5/);
    await session.camera.setFault('error');
    const error = await session.snap();
    assert.equal(error.status, 503);
    assert.match(error.body.toString(), /"StatusCode":6/);
  });

  it('HW-2 faults: a camera that shows the same moment until it is normal again', async () => {
    const moments: number[] = [];
    let time = 1_700_000_000_000;
    const takePicture = (_channel: unknown, at: Date) => {
      moments.push(at.getTime() - 1_700_000_000_000);
      return Buffer.from('picture');
    };
    const session = await started({ takePicture, now: () => time });
    for (const fault of [undefined, 'frozen', 'frozen', undefined, 'frozen']) {
      time += 1_000;
      await session.camera.setFault(fault);
      await session.snap();
    }
    assert.deepEqual(moments, [1_000, 2_000, 2_000, 4_000, 5_000]);
  });

  it('HW-2 faults: a reply that breaks off and one that ends too soon', async () => {
    const session = await started({ pictureBytes: 100_000 });
    await session.probe();
    await session.camera.setFault('truncated', { times: 1 });
    await assert.rejects(session.snap(), (error) => (error as NodeJS.ErrnoException).code === 'ECONNRESET');
    await session.camera.setFault('unfinished', { times: 1 });
    const short = await session.snap();
    assert.equal(short.body.length, Number(short.headers['content-length']));
    assert.ok(short.body.length > 50_000 && short.body.length < 60_000);
    assert.ok(short.body.includes(Buffer.from('ffd8ff', 'hex')));
    assert.ok((await session.snap()).body.length > 100_000, 'over by itself');
  });

  it('HW-1 is off for those who connect, then takes pictures again at the same address', async () => {
    const session = await started();
    await session.camera.setFault('off');
    const { port } = new URL(session.url);
    const socket = connect(Number(port), '127.0.0.1');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNREFUSED');
    await session.camera.setFault();
    assert.equal((await session.snap()).status, 200);
  });

  it('announces each fault once, with a text', () => {
    assert.deepEqual(
      CAMERA_FAULTS.map((fault) => fault.name),
      [
        ...['off', 'reset', 'slow', 'error', 'empty', 'garbage'],
        ...['wrong-password', 'stale-nonces', 'always-stale', 'refuse', 'frozen', 'truncated', 'unfinished'],
      ],
    );
  });
});
