import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { describe, it, type TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { SnapflowError } from '../../../lib/errors';
import { normalizeFingerprint, type TlsSettings } from '../../../lib/http';
import { selfSignedCertificate } from '../../../lib/simulators/certificate';
import { client, digestServer, listen, md5Challenge, USER } from './servers';

const DAY_MS = 86_400_000;
const GET = { method: 'GET', path: '/' } as const;
const camera = selfSignedCertificate({ commonName: 'camera' });
const other = selfSignedCertificate({ commonName: 'other' });
const expired = selfSignedCertificate({
  commonName: 'expired',
  notBefore: new Date(Date.now() - 9 * DAY_MS),
  notAfter: new Date(Date.now() - DAY_MS),
});
const early = selfSignedCertificate({ commonName: 'early', notBefore: new Date(Date.now() + DAY_MS) });
const named = selfSignedCertificate({ commonName: 'named', altNames: ['camera.example'] });

/** An https server that notes the name asked for and every request. */
async function secureServer(t: TestContext, options: ServerOptions) {
  const names: string[] = [];
  const requests: string[] = [];
  const SNICallback: ServerOptions['SNICallback'] = (name, done) => {
    names.push(name);
    done(null);
  };
  const server = createServer({ keepAliveTimeout: 0, SNICallback, ...options }, (request, response) => {
    requests.push(request.url ?? '');
    response.end('in');
  });
  server.on('tlsClientError', () => undefined);
  return { ...(await listen(t, server, { scheme: 'https' })), names, requests };
}

async function rejected(call: Promise<unknown>): Promise<SnapflowError> {
  return call.then(
    () => assert.fail('the certificate was accepted'),
    (error: unknown) => error as SnapflowError,
  );
}

describe('tls: verified', () => {
  it('HW-1 refuses a self-signed certificate before a byte is sent, and says which one it was', async (t) => {
    const server = await secureServer(t, camera);
    const refusing = client(t, {
      baseUrl: server.url,
      credentials: USER,
      allowBasic: true,
      system: 'huawei',
    });
    for (let time = 0; time < 2; time += 1) {
      const error = await rejected(refusing.request({ method: 'POST', path: '/', body: 'x' }));
      assert.deepEqual(
        [error.code, error.system, error.retryable],
        ['CERTIFICATE_REJECTED', 'huawei', false],
      );
      assert.match(error.message, /it is self-signed/);
      assert.ok(error.message.includes(camera.fingerprint));
      const { fingerprint, subject, validTo, reason } = error.details ?? {};
      assert.deepEqual(
        [fingerprint, subject, reason],
        [camera.fingerprint, 'CN=camera', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      );
      assert.ok(new Date(String(validTo)) > new Date());
    }
    assert.deepEqual(server.requests, []);
  });

  it('accepts it by its authority, and logs in over one connection', async (t) => {
    const server = await secureServer(t, camera);
    const trusting = client(t, { baseUrl: server.url, tls: { ca: camera.cert } });
    for (let time = 0; time < 3; time += 1) assert.equal((await trusting.request(GET)).body.toString(), 'in');
    assert.equal(server.connections.length, 1);
  });

  for (const [what, certificate, reason] of [
    ['an expired one', expired, 'CERT_HAS_EXPIRED'],
    ['one from the future', early, 'CERT_NOT_YET_VALID'],
    ['one for another name', named, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const) {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      it(`refuses ${what} although its authority is known, each time (${maxVersion})`, async (t) => {
        const server = await secureServer(t, { ...certificate, maxVersion });
        const refusing = client(t, { baseUrl: server.url, tls: { ca: [certificate.cert] } });
        // A second connection could resume the TLS session of the first, and so evade the check of the name.
        for (let time = 0; time < 2; time += 1) {
          const error = await rejected(refusing.request(GET));
          assert.deepEqual([error.code, error.details?.['reason']], ['CERTIFICATE_REJECTED', reason]);
        }
        assert.deepEqual(server.requests, []);
      });
    }
  }

  it('checks against the server name of the settings, and asks for it', async (t) => {
    const server = await secureServer(t, named);
    const tls: TlsSettings = { ca: named.cert, servername: 'camera.example' };
    assert.equal((await client(t, { baseUrl: server.url, tls }).request(GET)).status, 200);
    const error = await rejected(
      client(t, { baseUrl: server.url, tls: { ...tls, servername: 'b.example' } }).request(GET),
    );
    assert.equal(error.code, 'CERTIFICATE_REJECTED');
    assert.deepEqual(server.names, ['camera.example', 'b.example']);
  });

  it('asks for the name of the address, and for none when that is an IP', async (t) => {
    const server = await secureServer(t, camera);
    const tls = { ca: camera.cert };
    await client(t, { baseUrl: `https://localhost:${server.port}`, tls: { ...tls, servername: '' } }).request(
      GET,
    );
    await client(t, { baseUrl: server.url, tls }).request(GET);
    assert.deepEqual(server.names, ['localhost']);
  });
});

describe('tls: pinned or off', () => {
  for (const [what, certificate] of [
    ['self-signed', camera],
    ['expired', expired],
    ['made for another name', named],
  ] as const) {
    it(`HW-1 trusts exactly the pinned certificate, although ${what}`, async (t) => {
      const server = await secureServer(t, certificate);
      const tls = { fingerprint: certificate.fingerprint.toLowerCase().replaceAll(':', '') };
      assert.equal((await client(t, { baseUrl: server.url, tls }).request(GET)).status, 200);
    });
  }

  it('refuses any other than the pinned one before a byte is sent, also a valid one and also when off', async (t) => {
    const server = await secureServer(t, other);
    for (const more of [{}, { ca: other.cert }, { rejectUnauthorized: false }]) {
      const tls = { fingerprint: camera.fingerprint, ...more };
      const refusing = client(t, { baseUrl: server.url, credentials: USER, allowBasic: true, tls });
      for (let time = 0; time < 2; time += 1) {
        const error = await rejected(refusing.request({ method: 'POST', path: '/', body: 'x' }));
        assert.equal(error.code, 'CERTIFICATE_REJECTED');
        assert.deepEqual(
          [error.details?.['reason'], error.details?.['fingerprint'], error.details?.['subject']],
          ['FINGERPRINT_MISMATCH', other.fingerprint, 'CN=other'],
        );
      }
    }
    assert.deepEqual(server.requests, []);
  });

  it('reads fingerprints as people paste them', () => {
    const plain = camera.fingerprint.replaceAll(':', '');
    for (const pasted of [
      camera.fingerprint,
      plain.toLowerCase(),
      ` ${camera.fingerprint}\n`,
      `sha256 Fingerprint=${camera.fingerprint}`,
      plain.replace(/(....)/g, '$1 '),
    ])
      assert.equal(normalizeFingerprint(pasted), camera.fingerprint);
    for (const wrong of ['', plain.slice(2), `${plain}00`, plain.replace(/.$/, 'G'), camera.cert])
      assert.throws(() => normalizeFingerprint(wrong, 'huawei'), { code: 'BAD_INPUT', system: 'huawei' });
  });

  it('accepts any certificate when the check is off', async (t) => {
    for (const certificate of [camera, expired, named]) {
      const server = await secureServer(t, certificate);
      const reply = await client(t, { baseUrl: server.url, tls: { rejectUnauthorized: false } }).request(GET);
      assert.equal(reply.status, 200);
    }
  });
});

describe('tls: login', () => {
  const pinned = { fingerprint: camera.fingerprint };

  it('HW-1 takes N+1 requests on one connection over https, too', async (t) => {
    const plain = await digestServer(t, { challenge: md5Challenge });
    let requests = 0;
    const server = createServer({ ...camera, keepAliveTimeout: 0 }, (request, response) => {
      requests += 1;
      const { method = '', url = '', headers } = request;
      void client(t, { baseUrl: plain.url })
        .request({
          method: method as 'GET',
          path: url,
          headers: headers.authorization === undefined ? {} : { authorization: headers.authorization },
        })
        .then(({ status, headers, body }) => {
          response.writeHead(status, { 'www-authenticate': headers['www-authenticate'] ?? [] }).end(body);
        });
    });
    const place = await listen(t, server, { scheme: 'https' });
    const snapping = client(t, { baseUrl: place.url, credentials: USER, tls: pinned });
    for (let time = 0; time < 5; time += 1) assert.equal((await snapping.request(GET)).status, 200);
    assert.deepEqual([requests, place.connections.length], [6, 1]);
  });

  it('answers Basic over https unless it is forbidden', async (t) => {
    const server = createServer({ ...camera, keepAliveTimeout: 0 }, (request, response) => {
      if (request.headers.authorization?.startsWith('Basic ')) response.end('in');
      else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
    });
    const place = await listen(t, server, { scheme: 'https' });
    const options = { baseUrl: place.url, credentials: USER, tls: pinned };
    assert.equal((await client(t, options).request(GET)).status, 200);
    await assert.rejects(client(t, { ...options, allowBasic: false }).request(GET), {
      code: 'AUTH_REJECTED',
    });
  });
});

describe('tls: settings', () => {
  it('shows a client certificate to a server that wants one', async (t) => {
    const mine = selfSignedCertificate({ commonName: 'me' });
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const server = createServer(
        { ...camera, requestCert: true, rejectUnauthorized: false, maxVersion },
        (request, response) => response.end((request.socket as TLSSocket).getPeerX509Certificate()?.subject),
      );
      const place = await listen(t, server, { scheme: 'https' });
      const tls = { ca: camera.cert, key: mine.key, cert: mine.cert };
      assert.equal((await client(t, { baseUrl: place.url, tls }).request(GET)).body.toString(), 'CN=me');
    }
  });

  it('says that a server may want a client certificate', async (t) => {
    const server = await secureServer(t, {
      ...camera,
      requestCert: true,
      rejectUnauthorized: true,
      maxVersion: 'TLSv1.2',
    });
    const error = await rejected(client(t, { baseUrl: server.url, tls: { ca: camera.cert } }).request(GET));
    assert.deepEqual([error.code, error.retryable, server.requests], ['UNREACHABLE', false, []]);
    assert.match(error.message, /No TLS handshake .*some servers want a client certificate/);
  });

  it('refuses a key, a certificate or an authority that cannot be read, at each call', async (t) => {
    for (const tls of [{ cert: 'x' }, { key: camera.key, cert: other.cert }, { pfx: Buffer.from('x') }]) {
      const broken = client(t, { baseUrl: 'https://127.0.0.1:1', tls });
      for (let time = 0; time < 2; time += 1)
        await assert.rejects(broken.request(GET), { code: 'BAD_INPUT', message: /cannot be used/ });
    }
  });

  it('speaks to old firmware when the lowest version allows it, and hints at it when not', async (t) => {
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      const server = await secureServer(t, {
        ...camera,
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      const tls = { fingerprint: camera.fingerprint };
      const old = client(t, { baseUrl: server.url, tls: { ...tls, minVersion: version } });
      assert.equal((await old.request(GET)).status, 200);
      const error = await rejected(client(t, { baseUrl: server.url, tls }).request(GET));
      assert.deepEqual([error.code, error.retryable], ['UNREACHABLE', false]);
      assert.match(error.message, /No TLS handshake .*lower minimum TLS version/);
    }
  });

  it('tells https and http apart', async (t) => {
    const plain = await listen(t, createHttpServer(), { scheme: 'https' });
    const error = await rejected(client(t, { baseUrl: plain.url }).request(GET));
    assert.deepEqual([error.code, error.retryable], ['UNREACHABLE', false]);
    assert.match(error.message, /does not speak TLS/);
    const secure = await secureServer(t, camera);
    const reverse = await rejected(client(t, { baseUrl: secure.url.replace('https', 'http') }).request(GET));
    assert.ok(['BAD_RESPONSE', 'UNREACHABLE'].includes(reverse.code), reverse.code);
  });
});
