import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { readPictureHeader } from '../../../lib/picture';
import { selfSignedCertificate } from '../../../lib/simulators/certificate';
import {
  CAMERA_FAULTS,
  SimulatedHuaweiCamera,
  type DigestOptions,
  type SimulatedHuaweiCameraOptions,
} from '../../../lib/simulators/huawei-camera';
import { authorization, parameter, send, type DigestAnswer, type PlainReply } from './plain-client';

const SNAP = '/SDCAPI/V1.0/Storage/Snapshot/SnapAction';
const ok = { ResponseStatus: { RequestURL: SNAP, StatusCode: 0, StatusString: 'OK' } };
const running: SimulatedHuaweiCamera[] = [];

async function started(options: SimulatedHuaweiCameraOptions = {}) {
  const camera = new SimulatedHuaweiCamera({ scene: { width: 64, height: 36 }, ...options });
  running.push(camera);
  const { url } = await camera.start();
  return new Session(camera, url);
}

/** A client that keeps the challenge, as a browser does. */
class Session {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  challenge = '';
  nc = 0;

  constructor(
    readonly camera: SimulatedHuaweiCamera,
    readonly url: string,
  ) {}

  bare(path: string, body?: string, headers: Record<string, string> = {}): Promise<PlainReply> {
    const method = body === undefined ? 'GET' : 'POST';
    return send(this.url + path, {
      method,
      agent: this.agent,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    });
  }

  /** Asks for a challenge and takes the one with `algorithm`. */
  async probe(algorithm = 'SHA-256'): Promise<void> {
    const { challenges } = await this.bare(SNAP);
    this.use(challenges.find((line) => parameter(line, 'algorithm') === algorithm) ?? '');
  }

  use(challenge: string): void {
    this.challenge = challenge;
    this.nc = 0;
  }

  call(path: string, body?: string, answer: Partial<DigestAnswer> = {}): Promise<PlainReply> {
    const method = body === undefined ? 'GET' : 'POST';
    const known = { username: 'ApiAdmin', password: 'simulated' };
    const full = {
      method,
      uri: path,
      nc: ++this.nc,
      ...(body !== undefined && { body }),
      ...known,
      ...answer,
    };
    return this.bare(path, body, { Authorization: authorization(this.challenge, full) });
  }

  async snap(fields: Record<string, unknown> = {}): Promise<PlainReply> {
    if (this.challenge === '') await this.probe();
    const [channel] = this.camera.channels;
    return this.call(SNAP, JSON.stringify({ UUID: channel?.uuid, ...fields }));
  }
}

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

const granted = async (options: DigestOptions, answer: Partial<DigestAnswer>, algorithm?: string) => {
  const session = await started({ auth: options });
  await session.probe(algorithm);
  return (await session.call('/SDCAPI/V1.0/Rest/DeviceID', undefined, answer)).status;
};

describe('authorization (of these tests)', () => {
  it('gives the responses of RFC 7616 §3.9.1', () => {
    const challenge = (algorithm: string) =>
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
      'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
    const answer = { method: 'GET', uri: '/dir/index.html', username: 'Mufasa', password: 'Circle of Life' };
    const md5 = authorization(challenge('MD5'), answer);
    assert.equal(parameter(md5, 'response'), '8ca523f5e9506fed4657c9700eebdbec');
    const sha256 = authorization(challenge('SHA-256'), answer);
    assert.equal(
      parameter(sha256, 'response'),
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });
});

describe('SimulatedHuaweiCamera', () => {
  afterEach(async () => {
    for (const camera of running.splice(0)) await camera.stop();
  });

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

  it('HW-1 asks with one header line per algorithm, or all in one', async () => {
    const session = await started({ auth: { basic: true } });
    const { status, challenges } = await session.bare(SNAP, '{}');
    assert.equal(status, 401);
    assert.equal(challenges.length, 3);
    assert.match(
      challenges[0] ?? '',
      /^Digest realm="SDC", qop="auth", algorithm=SHA-256, nonce="[^"]+==", opaque="[^"]+"$/,
    );
    assert.equal(parameter(challenges[1] ?? '', 'algorithm'), 'MD5');
    assert.equal(challenges[2], 'Basic realm="SDC web"');
    const joined = await started({ auth: { algorithms: ['MD5', 'SHA256'], joinChallenges: true } });
    const line = (await joined.bare(SNAP, '{}')).challenges;
    assert.equal(line.length, 1);
    assert.match(line[0] ?? '', /^Digest .*algorithm=MD5.*, Digest .*algorithm=SHA256/);
    assert.deepEqual(joined.camera.counters, { requests: 1, connections: 1, absent: 1 });
  });

  it('HW-1 grants each algorithm and quality of protection to the right password only', async () => {
    for (const algorithm of ['MD5', 'MD5-sess', 'SHA-256', 'SHA256', 'SHA-256-sess', 'SHA-512-256']) {
      for (const qop of ['auth', 'auth-int', '']) {
        // A session needs a cnonce, which goes with a qop.
        if (qop === '' && algorithm.endsWith('-sess')) continue;
        const options = { algorithms: [algorithm], qop };
        assert.equal(await granted(options, {}, algorithm), 200, `${algorithm} ${qop}`);
        assert.equal(await granted(options, { password: 'wrong' }, algorithm), 401, `${algorithm} ${qop}`);
      }
    }
    assert.equal(await granted({ qop: 'auth,auth-int' }, { qop: 'auth-int' }), 200);
    assert.equal(await granted({ qop: 'auth' }, { qop: '' }), 200, 'RFC 2069, as a public client does');
    assert.equal(await granted({ username: 'a', password: 'b' }, { username: 'a', password: 'b' }), 200);
  });

  it('HW-1 refuses what is wrong in an answer', async () => {
    assert.equal(await granted({}, { username: 'someone' }), 401, 'user');
    assert.equal(await granted({}, { uri: '/other' }), 401, 'uri');
    assert.equal(await granted({}, { method: 'POST' }), 401, 'method');
    assert.equal(await granted({}, { qop: 'auth-int' }), 401, 'qop not offered');
    const session = await started({ auth: { qop: 'auth-int' } });
    await session.probe();
    const body = JSON.stringify({ UUID: session.camera.channels[0]?.uuid });
    assert.equal((await session.call(SNAP, body, { body: 'another' })).status, 401, 'body');
    assert.equal((await session.call(SNAP, body)).status, 200);
    assert.equal((await session.bare(SNAP, body, { Authorization: 'Digest nonsense' })).status, 401);
    assert.equal((await session.bare(SNAP, body, { Authorization: 'Bearer x' })).status, 401);
    assert.equal(session.camera.counters['refused'], 3);
  });

  it('HW-1 takes Basic only when it offers it', async () => {
    const header = (pair: string) => ({ Authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
    const path = '/SDCAPI/V1.0/Rest/DeviceID';
    const session = await started({ auth: { basic: true } });
    assert.equal((await session.bare(path, undefined, header('ApiAdmin:simulated'))).status, 200);
    assert.equal((await session.bare(path, undefined, header('ApiAdmin:wrong'))).status, 401);
    const strict = await started();
    assert.equal((await strict.bare(path, undefined, header('ApiAdmin:simulated'))).status, 401);
  });

  it('HW-1 keeps a nonce while its count rises, its life lasts and its uses are left', async () => {
    let now = 0;
    const session = await started({ auth: { nonceLifeMs: 1_000, nonceUses: 3 }, now: () => now });
    const isStale = (reply: PlainReply) =>
      reply.status === 401 && parameter(reply.challenges[0] ?? '', 'stale') === 'true';
    assert.equal((await session.snap()).status, 200);
    assert.equal((await session.snap()).status, 200);
    session.nc = 1;
    assert.ok(isStale(await session.snap()), 'a count again');
    await session.probe();
    for (let use = 0; use < 3; use++) assert.equal((await session.snap()).status, 200);
    assert.ok(isStale(await session.snap()), 'used up');
    await session.probe();
    now = 1_001;
    const late = await session.snap();
    assert.ok(isStale(late), 'too old');
    session.use(late.challenges[0] ?? '');
    assert.equal((await session.snap()).status, 200, 'the challenge of a stale reply serves');
    assert.equal(session.camera.counters['stale'], 3);
    assert.equal(session.camera.counters['connections'], 1);
  });

  it('HW-1 hands out the next nonce and takes the used one back', async () => {
    const session = await started({ auth: { nextNonce: true } });
    const first = await session.snap();
    const [, next = ''] = /^nextnonce="([^"]+)"$/.exec(String(first.headers['authentication-info'])) ?? [];
    assert.equal((await session.snap()).status, 401, 'the old one is void');
    session.use(session.challenge.replace(/nonce="[^"]+"/, `nonce="${next}"`));
    assert.equal((await session.snap()).status, 200);
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
        ...['wrong-password', 'stale-nonces', 'always-stale', 'refuse', 'truncated', 'unfinished'],
      ],
    );
  });
});
