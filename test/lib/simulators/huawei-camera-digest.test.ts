import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { DigestOptions } from '../../../lib/simulators/huawei-camera';
import { DigestGuard } from '../../../lib/simulators/digest';
import { SNAP, started, stopCameras } from './camera-session';
import { authorization, parameter, type DigestAnswer, type PlainReply } from './plain-client';

const granted = async (
  options: DigestOptions,
  answer: Partial<DigestAnswer> & { change?: (header: string) => string },
  algorithm?: string,
) => {
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

describe('SimulatedHuaweiCamera: digest', () => {
  afterEach(stopCameras);

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
    assert.equal(
      await granted({}, { change: (header) => header.replace('opaque="', 'opaque="x') }),
      401,
      'opaque',
    );
    assert.equal(await granted({}, { change: (header) => header.replace(/nc=\w+/, 'nc=1') }), 401, 'nc');
    for (const [what, offered] of [
      ['realm', (line: string) => line.replace('realm="SDC"', 'realm="other"')],
      ['algorithm', (line: string) => line.replace('SHA-256', 'SHA-512-256')],
    ] as const) {
      const misled = await started();
      await misled.probe();
      misled.use(offered(misled.challenge));
      assert.equal((await misled.call('/SDCAPI/V1.0/Rest/DeviceID')).status, 401, what);
    }
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

  it('HW-1 wants a cnonce with a qop, and remembers a thousand nonces', () => {
    const guard = new DigestGuard({}, () => 0);
    const [first = ''] = guard.challenges()['www-authenticate'] ?? [];
    const answer = { method: 'GET', uri: '/', username: 'ApiAdmin', password: 'simulated' };
    const judge = (header: string) =>
      guard.judge({ method: 'GET', target: '/', body: Buffer.alloc(0), authorization: header }).result;
    assert.equal(judge(authorization(first, { ...answer, cnonce: '' })), 'refused');
    assert.equal(judge(authorization(first, answer)), 'granted');
    for (let nonces = 0; nonces < 1_000; nonces += 2) guard.challenges();
    assert.equal(judge(authorization(first, { ...answer, nc: 2 })), 'stale', 'forgotten');
  });

  it('HW-1 hands out the next nonce and takes the used one back', async () => {
    const session = await started({ auth: { nextNonce: true } });
    const first = await session.snap();
    const [, next = ''] = /^nextnonce="([^"]+)"$/.exec(String(first.headers['authentication-info'])) ?? [];
    assert.equal((await session.snap()).status, 401, 'the old one is void');
    session.use(session.challenge.replace(/nonce="[^"]+"/, `nonce="${next}"`));
    assert.equal((await session.snap()).status, 200);
  });
});
