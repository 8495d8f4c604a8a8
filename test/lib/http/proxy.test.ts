import assert from 'node:assert/strict';
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { SnapflowError } from '../../../lib/errors';
import { selfSignedCertificate } from '../../../lib/simulators/certificate';
import { bodyOf, client, digestServer, listen, md5Challenge, rawServer, USER } from './servers';

const GET = { method: 'GET', path: '/x?y=1' } as const;
const camera = selfSignedCertificate({ commonName: 'camera' });

interface ProxyOptions {
  /** Status of every answer to a CONNECT; 200 opens the tunnel. */
  connectStatus?: number;
  requestStatus?: number;
  /** Whether the proxy itself is asked by https. */
  secure?: boolean;
}

/** A proxy that passes on requests in absolute form and tunnels, and notes what it was asked. */
async function proxyServer(
  t: TestContext,
  { connectStatus = 200, requestStatus, secure = false }: ProxyOptions = {},
) {
  const asked: Array<{ line: string; login: string | undefined; host: string | undefined }> = [];
  const note = (request: IncomingMessage) =>
    asked.push({
      line: `${request.method} ${request.url}`,
      login: request.headers['proxy-authorization'],
      host: request.headers.host,
    });
  const onRequest: RequestListener = (request, response) => {
    note(request);
    if (requestStatus !== undefined) {
      response.writeHead(requestStatus).end('no');
      return;
    }
    const { 'proxy-authorization': _login, ...headers } = request.headers;
    void bodyOf(request).then((body) => {
      httpRequest(request.url ?? '', { method: request.method, headers }, (reply) => {
        response.writeHead(reply.statusCode ?? 500, reply.rawHeaders);
        reply.pipe(response);
      }).end(body);
    });
  };
  const server = secure
    ? createServer({ ...camera, keepAliveTimeout: 0 }, onRequest)
    : createHttpServer({ keepAliveTimeout: 0 }, onRequest);
  server.on('tlsClientError', () => undefined);
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    note(request);
    socket.on('error', () => undefined);
    if (connectStatus !== 200) {
      socket.end(`HTTP/1.1 ${connectStatus} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const target = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
  });
  return { ...(await listen(t, server, { scheme: secure ? 'https' : 'http' })), asked };
}

async function secureServer(t: TestContext, options: ServerOptions = {}) {
  const requests: string[] = [];
  const server = createServer({ ...camera, keepAliveTimeout: 0, ...options }, (request, response) => {
    requests.push(request.url ?? '');
    response.end('in');
  });
  server.on('tlsClientError', () => undefined);
  return { ...(await listen(t, server, { scheme: 'https' })), requests };
}

async function failure(call: Promise<unknown>): Promise<SnapflowError> {
  return call.then(
    () => assert.fail('the call did not fail'),
    (error: unknown) => error as SnapflowError,
  );
}

describe('proxy: http', () => {
  it('passes requests on in absolute form, with a login at the target in N+1 requests', async (t) => {
    const target = await digestServer(t, { challenge: md5Challenge });
    const proxy = await proxyServer(t);
    const cloud = client(t, {
      baseUrl: target.url,
      credentials: USER,
      proxy: proxy.url.replace('//', '//me:ge%20heim@'),
    });
    for (let time = 0; time < 3; time += 1)
      await cloud.request({ method: 'POST', path: '/x?y=1', body: 'b' });
    assert.deepEqual(
      target.seen.map(({ status, bytes }) => [status, bytes]),
      [
        [401, 1],
        [200, 1],
        [200, 1],
        [200, 1],
      ],
    );
    assert.deepEqual(proxy.asked[3], {
      line: `POST ${target.url}/x?y=1`,
      login: `Basic ${Buffer.from('me:ge heim').toString('base64')}`,
      host: `127.0.0.1:${target.port}`,
    });
    assert.equal(proxy.connections.length, 1);
  });

  it('repeats a request on a dead reused connection', async (t) => {
    const proxy = await rawServer(t, (socket, number) =>
      number === 2 ? socket.end() : socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    );
    const cloud = client(t, { baseUrl: 'http://target.invalid', proxy: proxy.url });
    for (let time = 0; time < 2; time += 1) assert.equal((await cloud.request(GET)).body.toString(), 'ok');
    assert.equal(proxy.requests(), 3);
  });

  it('says that the proxy refused its user', async (t) => {
    const proxy = await proxyServer(t, { requestStatus: 407 });
    const error = await failure(
      client(t, { baseUrl: 'http://target.invalid', proxy: proxy.url }).request(GET),
    );
    assert.equal(error.code, 'AUTH_REJECTED');
    assert.match(error.message, new RegExp(`^The proxy 127\\.0\\.0\\.1:${proxy.port} refused its user`));
  });

  it('is never taken from the environment', async (t) => {
    const proxy = await proxyServer(t);
    const target = await digestServer(t, { challenge: md5Challenge });
    const before = { ...process.env };
    t.after(() => (process.env = before));
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'])
      process.env[name] = proxy.url;
    await client(t, { baseUrl: target.url, credentials: USER }).request(GET);
    assert.deepEqual([target.seen.length, proxy.connections.length], [2, 0]);
  });
});

describe('proxy: https', () => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
    it(`tunnels to the target, whose certificate is checked as without a proxy (${maxVersion})`, async (t) => {
      const target = await secureServer(t, { maxVersion });
      const proxy = await proxyServer(t);
      const options = { baseUrl: target.url, proxy: proxy.url.replace('//', '//me:50%@') };
      for (const tls of [
        { ca: camera.cert },
        { fingerprint: camera.fingerprint },
        { rejectUnauthorized: false },
      ]) {
        const cloud = client(t, { ...options, tls });
        for (let time = 0; time < 2; time += 1)
          assert.equal((await cloud.request(GET)).body.toString(), 'in');
      }
      assert.deepEqual(
        proxy.asked,
        Array(3).fill({
          line: `CONNECT 127.0.0.1:${target.port}`,
          login: `Basic ${Buffer.from('me:50%').toString('base64')}`,
          host: `127.0.0.1:${target.port}`,
        }),
      );
      assert.equal(target.requests.length, 6);
      for (const tls of [
        {},
        { fingerprint: 'AA'.repeat(32) },
        { ca: camera.cert, servername: 'b.example' },
      ]) {
        const cloud = client(t, { ...options, tls });
        for (let time = 0; time < 2; time += 1) {
          const error = await failure(cloud.request(GET));
          assert.deepEqual(
            [error.code, error.details?.['fingerprint']],
            ['CERTIFICATE_REJECTED', camera.fingerprint],
          );
        }
      }
      assert.equal(target.requests.length, 6);
    });

  for (const [status, code, message] of [
    [407, 'AUTH_REJECTED', /refused its user or password.*407/],
    [403, 'UNREACHABLE', /did not open a way to the target \(HTTP 403\)/],
    [502, 'UNREACHABLE', /HTTP 502/],
  ] as const) {
    it(`names the proxy that answers ${status}`, async (t) => {
      const proxy = await proxyServer(t, { connectStatus: status });
      const cloud = client(t, {
        baseUrl: 'https://target.invalid',
        proxy: proxy.url.replace('//', '//me:geheim@'),
      });
      const error = await failure(cloud.request(GET));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.match(error.message, new RegExp(`The proxy 127\\.0\\.0\\.1:${proxy.port} `));
      assert.doesNotMatch(JSON.stringify(error) + error.message, /geheim/);
    });
  }

  it('names the proxy that cannot be reached, ends its connection or is no proxy', async (t) => {
    const closing = await rawServer(t, (socket) => socket.end());
    const babble = await rawServer(t, (socket) => socket.end('SSH-2.0-x\r\n'));
    for (const [proxy, code] of [
      ['http://127.0.0.1:1', 'UNREACHABLE'],
      [closing.url, 'UNREACHABLE'],
      [babble.url, 'BAD_RESPONSE'],
    ] as const) {
      for (const scheme of ['http', 'https']) {
        const cloud = client(t, { baseUrl: `${scheme}://target.invalid`, proxy });
        const error = await failure(cloud.request(GET));
        assert.equal(error.code, code, error.message);
        assert.ok(error.message.includes(new URL(proxy).host), error.message);
      }
    }
    assert.deepEqual([closing.requests(), babble.requests()], [2, 2]);
  });

  it('ends in time, and by close, when the proxy says nothing', async (t) => {
    const silent = await listen(
      t,
      createTcpServer((socket) => socket.resume()),
    );
    const options = { baseUrl: 'https://target.invalid', proxy: silent.url };
    const error = await failure(client(t, { ...options, connectTimeoutMs: 50 }).request(GET));
    assert.deepEqual([error.code, error.details?.['phase']], ['TIMEOUT', 'connect']);
    const cloud = client(t, options);
    const call = failure(cloud.request(GET));
    while (silent.connections.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await cloud.close();
    assert.equal((await call).code, 'CLOSED');
    for (const socket of silent.connections)
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  });
});

describe('proxy: itself by https', () => {
  it('tunnels http and https when its certificate is accepted, and gets nothing when not', async (t) => {
    const secure = await secureServer(t);
    const plain = await digestServer(t, { challenge: md5Challenge });
    const proxy = await proxyServer(t, { secure: true });
    for (const target of [secure, plain]) {
      const options = { baseUrl: target.url, proxy: proxy.url, credentials: USER };
      const trusting = client(t, { ...options, tls: { ca: camera.cert } });
      for (let time = 0; time < 2; time += 1) assert.equal((await trusting.request(GET)).status, 200);
      const error = await failure(client(t, options).request(GET));
      assert.equal(error.code, 'CERTIFICATE_REJECTED');
      assert.match(error.message, new RegExp(`certificate of 127\\.0\\.0\\.1:${proxy.port} `));
    }
    assert.deepEqual(
      proxy.asked.map(({ line }) => line),
      [`CONNECT 127.0.0.1:${secure.port}`, `CONNECT 127.0.0.1:${plain.port}`],
    );
    assert.deepEqual([secure.requests.length, plain.seen.length], [2, 3]);
  });
});
