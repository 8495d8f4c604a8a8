import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpClient } from '../../../lib/http';
import { client, digestServer, httpServer, md5Challenge, USER, type Seen } from './servers';

const SNAP = {
  method: 'POST',
  path: '/SDCAPI/V1.0/Storage/Snapshot/SnapAction?x=1',
  body: '{"UUID":"u"}',
} as const;

async function snap(camera: HttpClient, times = 1): Promise<string[]> {
  const bodies: string[] = [];
  for (let time = 0; time < times; time += 1) bodies.push((await camera.request(SNAP)).body.toString());
  return bodies;
}

const statuses = (seen: Seen[]) => seen.map(({ status }) => status);
const counts = (seen: Seen[]) => seen.map(({ authorization }) => authorization?.['nc']);

describe('login: one request for a warm call', () => {
  it('HW-1 takes N+1 requests on one connection for N snapshots, with rising nc', async (t) => {
    const server = await digestServer(t, {
      challenge: md5Challenge,
      reply: (_request, response) => setTimeout(() => response.end('picture'), 20),
    });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    assert.deepEqual(await snap(camera, 20), Array(20).fill('picture'));
    assert.equal(server.seen.length, 21);
    assert.equal(server.connections.length, 1);
    assert.deepEqual(statuses(server.seen), [401, ...Array<number>(20).fill(200)]);
    assert.deepEqual(
      counts(server.seen).slice(1),
      Array.from({ length: 20 }, (_, index) => (index + 1).toString(16).padStart(8, '0')),
    );
  });

  it('takes N+1 requests also when the server names each next nonce', async (t) => {
    let current = '';
    const server = await digestServer(t, {
      challenge: (nonce) => md5Challenge((current = nonce), false),
      accepts: (nonce) => nonce === current,
      acceptedHeaders: (newNonce) => ({
        'Authentication-Info': `nextnonce="${(current = newNonce())}", qop=auth`,
      }),
    });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    await snap(camera, 5);
    assert.deepEqual(statuses(server.seen), [401, 200, 200, 200, 200, 200]);
    assert.deepEqual(new Set(counts(server.seen).slice(1)), new Set(['00000001']));
  });

  it('signs calls made at once in the order in which they are sent', async (t) => {
    let current = '';
    const server = await digestServer(t, {
      challenge: (nonce) => md5Challenge((current = nonce), false),
      accepts: (nonce) => nonce === current,
      acceptedHeaders: (newNonce) => ({ 'Authentication-Info': `nextnonce="${(current = newNonce())}"` }),
    });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    await Promise.all(Array.from({ length: 10 }, () => camera.request(SNAP)));
    assert.equal(server.seen.length, 11);
    assert.equal(server.connections.length, 1);
  });

  it('never repeats an nc of a nonce over several connections', async (t) => {
    const server = await digestServer(t, { challenge: md5Challenge });
    const camera = client(t, { baseUrl: server.url, credentials: USER, maxConnections: 4 });
    await snap(camera);
    await Promise.all(Array.from({ length: 40 }, () => camera.request(SNAP)));
    assert.equal(server.seen.length, 42);
    assert.ok(server.connections.length <= 4);
    assert.deepEqual(
      counts(server.seen).slice(1).sort(),
      Array.from({ length: 41 }, (_, index) => (index + 1).toString(16).padStart(8, '0')),
    );
  });
});

describe('login: which challenge is answered', () => {
  for (const [named, hash, session] of [
    ['MD5', 'md5', false],
    ['MD5-sess', 'md5', true],
    ['SHA-256', 'sha256', false],
    ['SHA256', 'sha256', false],
    ['SHA-256-sess', 'sha256', true],
    ['SHA-512-256', 'sha512-256', false],
    ['SHA-512-256-sess', 'sha512-256', true],
  ] as const) {
    for (const qop of ['', 'qop=" auth-int , auth ", ']) {
      it(`HW-1 logs in with ${named}, ${qop || 'no qop, '}warm from the second call`, async (t) => {
        const server = await digestServer(t, {
          hash,
          session,
          challenge: (nonce) => md5Challenge(nonce, false, `${qop}algorithm=${named}, opaque="o=,"`),
        });
        const camera = client(t, { baseUrl: server.url, credentials: USER });
        await snap(camera, 2);
        assert.deepEqual(statuses(server.seen), [401, 200, 200]);
        assert.equal(server.seen[2]?.authorization?.['opaque'], 'o=,');
      });
    }
  }

  for (const [how, join] of [
    ['one header', (challenges: string[]) => challenges.join(', ')],
    ['several headers', (challenges: string[]) => challenges],
  ] as const) {
    it(`HW-1 takes the strongest of several challenges in ${how}, beside Basic with another realm`, async (t) => {
      const server = await digestServer(t, {
        hash: 'sha256',
        challenge: (nonce) =>
          join([
            'Basic realm="web, not = this"',
            `Digest realm="SDC", nonce="${nonce}", qop="auth", algorithm=MD5`,
            `Digest realm="SDC", nonce="${nonce}", qop="auth", algorithm=SHA-256`,
            `Digest realm="SDC", nonce="${nonce}", qop="auth", algorithm=SHA-999`,
          ]),
      });
      const camera = client(t, { baseUrl: server.url, credentials: USER, allowBasic: true });
      await snap(camera);
      assert.equal(server.seen[1]?.authorization?.['algorithm'], 'SHA-256');
    });
  }

  it('HW-1 signs path and query exactly as sent, below a path prefix', async (t) => {
    const server = await digestServer(t, { challenge: md5Challenge });
    const camera = client(t, { baseUrl: `${server.url}/api/`, credentials: USER });
    await camera.request({ method: 'GET', path: '/a%20b?x=%2F&y=1' });
    assert.equal(server.seen[1]?.authorization?.['uri'], '/api/a%20b?x=%2F&y=1');
  });

  it('answers Basic only when it is allowed, without being asked again', async (t) => {
    let requests = 0;
    const right = `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString('base64')}`;
    const server = await httpServer(t, (request, response) => {
      requests += 1;
      if (request.headers.authorization === right) response.end('in');
      else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
    });
    const refusing = client(t, { baseUrl: server.url, credentials: USER });
    await assert.rejects(snap(refusing), { code: 'AUTH_REJECTED', message: /in the clear/ });
    assert.equal(requests, 1);
    const allowed = client(t, { baseUrl: server.url, credentials: USER, allowBasic: true });
    assert.deepEqual(await snap(allowed, 3), ['in', 'in', 'in']);
    assert.equal(requests, 1 + 4);
  });

  it('says which logins a server offers when none is supported', async (t) => {
    const server = await digestServer(t, {
      challenge: () => ['NTLM', 'Digest realm=r, nonce=n, algorithm=SHA-384'],
    });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    await assert.rejects(snap(camera), { code: 'AUTH_REJECTED', message: /ntlm, digest SHA-384/ });
    assert.equal(server.seen.length, 1);
  });

  it('gives a 401 back as a value when it has no credentials', async (t) => {
    const server = await digestServer(t, { challenge: md5Challenge, refusedBody: '{"errcode":401}' });
    const cloud = client(t, { baseUrl: server.url });
    const reply = await cloud.request(SNAP);
    assert.deepEqual([reply.status, reply.body.toString()], [401, '{"errcode":401}']);
  });
});

describe('login: refused', () => {
  it('HW-1 ends after one try of a wrong password, in each call, with the words of the server', async (t) => {
    const server = await digestServer(t, {
      challenge: md5Challenge,
      refusedBody: '{"StatusString":"locked"}',
    });
    const camera = client(t, {
      baseUrl: server.url,
      credentials: { username: 'ApiAdmin', password: 'wrong' },
    });
    for (const requests of [2, 4]) {
      await assert.rejects(snap(camera), (error: Error & { platform?: unknown; code?: string }) => {
        assert.equal(error.code, 'AUTH_REJECTED');
        assert.deepEqual(error.platform, { httpStatus: 401, message: '{"StatusString":"locked"}' });
        assert.ok(!JSON.stringify(error).includes('wrong"'));
        return true;
      });
      assert.equal(server.seen.length, requests);
      const tries = server.seen.filter(({ authorization }) => authorization !== undefined);
      assert.equal(tries.length, requests / 2);
    }
    assert.equal(server.connections.length, 1);
  });

  it('shows no page of markup and no bytes as words of the server', async (t) => {
    for (const refusedBody of ['<html>no</html>', Buffer.from([0xff, 0xd8, 0, 1]), '']) {
      const server = await digestServer(t, { challenge: md5Challenge, refusedBody });
      const camera = client(t, { baseUrl: server.url, credentials: { username: 'u', password: 'wrong' } });
      await assert.rejects(snap(camera), { code: 'AUTH_REJECTED', platform: { httpStatus: 401 } });
    }
  });

  it('HW-1 answers stale=true once, with the new nonce and no new try of the password', async (t) => {
    const taken = new Set(['n1=,==', 'n2=,==']);
    const server = await digestServer(t, { challenge: md5Challenge, accepts: (nonce) => taken.has(nonce) });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    await snap(camera);
    taken.delete('n1=,==');
    await snap(camera);
    assert.deepEqual(statuses(server.seen), [401, 200, 401, 200]);
    assert.equal(server.seen[3]?.authorization?.['nc'], '00000001');
    assert.equal(server.connections.length, 1);
  });

  it('ends when the server calls every nonce stale', async (t) => {
    const server = await digestServer(t, { challenge: md5Challenge, accepts: () => false });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    await assert.rejects(snap(camera), { code: 'AUTH_REJECTED' });
    assert.deepEqual(statuses(server.seen), [401, 401, 401]);
  });

  it('tries once more when a known nonce is refused without a word of stale, and then no more', async (t) => {
    const taken = new Set(['n1=,==', 'n2=,==']);
    const server = await digestServer(t, {
      challenge: md5Challenge,
      saysStale: false,
      accepts: (nonce) => taken.has(nonce),
    });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    await snap(camera);
    taken.delete('n1=,==');
    await snap(camera);
    assert.deepEqual(statuses(server.seen), [401, 200, 401, 200]);
    taken.clear();
    await assert.rejects(snap(camera), { code: 'AUTH_REJECTED' });
    assert.equal(server.seen.length, 6);
  });

  it('logs in with one-time nonces: two requests for each call', async (t) => {
    let current = '';
    const server = await digestServer(t, {
      challenge: (nonce, stale) => md5Challenge((current = nonce), stale),
      accepts: (nonce, count) => nonce === current && count === '00000001',
    });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    await snap(camera, 3);
    assert.equal(server.seen.length, 6);
  });

  it('keeps the connection after a 401 with a body, and gives it up when that body has no end', async (t) => {
    const server = await digestServer(t, { challenge: md5Challenge, refusedBody: Buffer.alloc(60_000, 'a') });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    await snap(camera);
    assert.equal(server.connections.length, 1);
    const endless = await digestServer(t, {
      challenge: md5Challenge,
      refusedBody: Buffer.alloc(20_000_000, 'a'),
    });
    const patient = client(t, { baseUrl: endless.url, credentials: USER });
    assert.deepEqual(await snap(patient), ['picture 2']);
    assert.equal(endless.connections.length, 2);
  });
});

describe('login: bodies', () => {
  const upload = (bytes: number) => ({ method: 'POST', path: '/u', body: Buffer.alloc(bytes, 'b') }) as const;
  const sent = (seen: Seen[]) => seen.map(({ bytes, contentLength }) => [bytes, contentLength]);

  it('never sends a body over 4 KB before the server has asked for a login', async (t) => {
    const server = await digestServer(t, { challenge: md5Challenge });
    const cloud = client(t, { baseUrl: server.url, credentials: USER });
    await cloud.request(upload(300_000));
    await cloud.request(upload(300_000));
    assert.deepEqual(sent(server.seen), [
      [0, '0'],
      [300_000, '300000'],
      [300_000, '300000'],
    ]);
    assert.equal(server.connections.length, 1);
  });

  it('sends a body of 4 KB whole at once', async (t) => {
    const server = await digestServer(t, { challenge: md5Challenge });
    const cloud = client(t, { baseUrl: server.url, credentials: USER });
    await cloud.request(upload(4096));
    assert.deepEqual(sent(server.seen), [
      [4096, '4096'],
      [4096, '4096'],
    ]);
  });

  it('hashes the body for auth-int also after a bodyless question', async (t) => {
    const server = await digestServer(t, {
      challenge: (nonce) => md5Challenge(nonce, false, 'qop="auth-int"'),
    });
    const cloud = client(t, { baseUrl: server.url, credentials: USER });
    await cloud.request(upload(5000));
    assert.deepEqual(statuses(server.seen), [401, 200]);
  });

  it('sends the body without a login to a server that asks for none, and asks it once', async (t) => {
    const lengths: Array<string | undefined> = [];
    const server = await httpServer(t, (request, response) => {
      lengths.push(request.headers['content-length']);
      request
        .resume()
        .on('end', () => response.writeHead(request.headers['content-length'] === '0' ? 400 : 200).end());
    });
    const cloud = client(t, { baseUrl: server.url, credentials: USER });
    assert.equal((await cloud.request(upload(5000))).status, 200);
    assert.equal((await cloud.request(upload(5000))).status, 200);
    assert.deepEqual(lengths, ['0', '5000', '5000']);
  });

  it('follows no redirect, so that no credentials reach another host', async (t) => {
    const other = await digestServer(t, { challenge: md5Challenge });
    const server = await digestServer(t, {
      challenge: md5Challenge,
      reply: (_request, response) => response.writeHead(302, { location: other.url }).end(),
    });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    const reply = await camera.request(SNAP);
    assert.deepEqual([reply.status, reply.headers['location']], [302, other.url]);
    assert.equal(other.connections.length, 0);
  });
});
