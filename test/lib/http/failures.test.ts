import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { isSnapflowError, type SnapflowError } from '../../../lib/errors';
import type { HttpStreamReply } from '../../../lib/http';
import { describeFailure } from '../../../lib/http/failure';
import { client, httpServer, listen, rawServer } from './servers';

const GET = { method: 'GET', path: '/secret/path?token=geheim', redactedPath: '/***' } as const;
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** The error of a call that must fail; it never shows the path. */
async function failure(call: Promise<unknown>): Promise<SnapflowError> {
  const error: unknown = await call.then(
    () => assert.fail('the call did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(isSnapflowError(error), String(error));
  assert.doesNotMatch(JSON.stringify(error) + error.message, /geheim|secret/);
  return error;
}

/** Reads a body that never gets beyond its first word. */
async function readHalf(reply: HttpStreamReply): Promise<void> {
  for await (const chunk of reply.body) assert.equal(String(chunk), 'half');
}

/** Takes connections and reads what comes, without a word. */
function silentServer(): Server {
  return createServer((socket) => socket.resume());
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('failures: unreachable', () => {
  it('a refused connection, with host and port', async (t) => {
    const port = await closedPort();
    const error = await failure(client(t, { baseUrl: `http://127.0.0.1:${port}` }).request(GET));
    assert.deepEqual([error.code, error.retryable, error.system], ['UNREACHABLE', true, 'snapflow']);
    assert.match(error.message, new RegExp(`^127\\.0\\.0\\.1:${port} refused the connection`));
    assert.equal((error.cause as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  });

  it('a name that does not exist', async (t) => {
    const error = await failure(client(t, { baseUrl: 'http://camera.invalid' }).request(GET));
    assert.equal(error.code, 'UNREACHABLE');
    assert.match(error.message, /camera\.invalid:80 was not found \(DNS\)/);
  });

  for (const [how, end] of [
    ['closed', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['closed in the status line', (socket: Socket) => socket.end('HTTP/1.1 2')],
    ['closed in the headers', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
    [
      'closed in the body',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
    ],
    [
      'reset in the body',
      (socket: Socket) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', () => socket.resetAndDestroy()),
    ],
    [
      'closed in a last chunk',
      (socket: Socket) =>
        socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf'),
    ],
    [
      'closed in a chunk',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf'),
    ],
  ] as const) {
    it(`a new connection ${how}: no second try`, async (t) => {
      const server = await rawServer(t, end);
      const error = await failure(client(t, { baseUrl: server.url }).request(GET));
      assert.equal(error.code, 'UNREACHABLE');
      assert.match(error.message, /closed the connection without a complete answer/);
      assert.equal(error.details?.['request'], 'GET /***');
      assert.equal(server.requests(), 1);
    });
  }

  it('is named without its query when no redacted path is given', async (t) => {
    const server = await rawServer(t, (socket) => socket.end());
    const error = await failure(
      client(t, { baseUrl: server.url }).request({ method: 'GET', path: '/a?key=geheim' }),
    );
    assert.equal(error.details?.['request'], 'GET /a');
  });
});

describe('failures: in words', () => {
  const peer = { system: 'huawei' as const, address: '192.0.2.1:443' };
  const words = (code: string, message = 'm') => {
    const error = describeFailure(Object.assign(new Error(message), { code }), peer);
    return [error.code, error.retryable, error.message];
  };

  for (const [codes, code, retryable, message] of [
    [
      ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ETIMEDOUT'],
      'UNREACHABLE',
      true,
      /There is no way to 192\.0\.2\.1:443/,
    ],
    [['ENOTFOUND', 'EAI_AGAIN'], 'UNREACHABLE', true, /not found \(DNS\)/],
    [['EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET'], 'UNREACHABLE', true, /closed the connection/],
    [
      ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'],
      'AUTH_REJECTED',
      false,
      /client certificate/,
    ],
    [['ERR_SSL_WRONG_VERSION_NUMBER'], 'UNREACHABLE', false, /does not speak TLS/],
    [['UND_ERR_INVALID_ARG'], 'BAD_INPUT', false, /cannot be sent: m\.$/],
    [['ESOMETHING'], 'UNREACHABLE', true, /failed \(ESOMETHING\)/],
  ] as const) {
    it(`${codes.join(', ')}`, () => {
      for (const given of codes) {
        const [made, may, sentence] = words(given);
        assert.deepEqual([made, may], [code, retryable]);
        assert.match(String(sentence), message);
      }
    });
  }

  it('something that is no error', () => {
    assert.equal(describeFailure('odd', peer).code, 'UNREACHABLE');
    assert.match(describeFailure(new Error('odd'), peer).message, /failed \(odd\)/);
  });
});

describe('failures: not HTTP', () => {
  for (const garbage of [
    'SSH-2.0-dropbear\r\n',
    '\u0015\u0003\u0001\u0000\u0002\u0002F',
    'HTTP/1.1 abc\r\n\r\n',
    'HTTP/1.1 200 OK\r\nBad Header\r\n\r\n',
  ]) {
    it(`${JSON.stringify(garbage)} is BAD_RESPONSE`, async (t) => {
      const server = await rawServer(t, (socket) => socket.write(garbage));
      const error = await failure(client(t, { baseUrl: server.url }).request(GET));
      assert.deepEqual([error.code, error.retryable], ['BAD_RESPONSE', false]);
      assert.match(error.message, /did not answer with HTTP/);
    });
  }

  it('bytes that come on an idle connection do not become the next reply', async (t) => {
    const server = await rawServer(t, (socket, number) => socket.write(number === 1 ? OK + OK : OK));
    const cloud = client(t, { baseUrl: server.url });
    for (let time = 0; time < 2; time += 1) assert.equal((await cloud.request(GET)).body.toString(), 'ok');
    assert.equal(server.connections.length, 2);
  });
});

/** From here on time passes only by `tick`. */
function stopClock(t: TestContext): (milliseconds: number) => void {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  return (milliseconds) => t.mock.timers.tick(milliseconds);
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setImmediate(resolve));
}

describe('failures: time', () => {
  it('no connection: a server that takes TCP and never speaks TLS', async (t) => {
    const tick = stopClock(t);
    const server = await listen(t, silentServer());
    const call = failure(client(t, { baseUrl: `https://127.0.0.1:${server.port}` }).request(GET));
    await until(() => server.connections.length === 1);
    tick(10_000);
    const error = await call;
    assert.deepEqual([error.code, error.details?.['phase']], ['TIMEOUT', 'connect']);
    assert.match(error.message, /^No connection to 127\.0\.0\.1:\d+ within 10 s/);
    if (server.connections[0]?.closed === false) await once(server.connections[0], 'close');
  });

  it('no headers, or only a part of them', async (t) => {
    const tick = stopClock(t);
    for (const part of ['', 'HTTP/1.1 200 OK\r\nContent-']) {
      const server = await rawServer(t, (socket) => socket.write(part));
      const call = failure(client(t, { baseUrl: server.url, headersTimeoutMs: 1500 }).request(GET));
      await until(() => server.requests() === 1);
      tick(1500);
      const error = await call;
      assert.deepEqual([error.code, error.details?.['phase']], ['TIMEOUT', 'headers']);
      assert.match(error.message, /did not begin to answer within 1\.5 s/);
    }
  });

  it('a body that stops: the whole call ends, and says where it stood', async (t) => {
    const tick = stopClock(t);
    const server = await rawServer(t, (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
    );
    const reply = await client(t, { baseUrl: server.url }).stream(GET);
    tick(60_000);
    const error = await failure(readHalf(reply));
    assert.deepEqual([error.code, error.details?.['phase']], ['TIMEOUT', 'body']);
    assert.match(error.message, /not done within 60 s; it was reading the reply/);
  });

  it('a call that never gets its turn, overriding the time of its client', async (t) => {
    const tick = stopClock(t);
    const server = await rawServer(t, () => undefined);
    const cloud = client(t, { baseUrl: server.url });
    const first = failure(cloud.request(GET));
    const second = failure(cloud.request({ ...GET, timeoutMs: 50 }));
    await until(() => server.requests() === 1);
    tick(50);
    const error = await second;
    assert.deepEqual([error.code, error.details?.['phase']], ['TIMEOUT', 'queue']);
    assert.equal(server.requests(), 1);
    await cloud.close();
    assert.equal((await first).code, 'CLOSED');
  });

  it('does not count the time that a large body needs to leave as waiting for headers', async (t) => {
    const tick = stopClock(t);
    const body = Buffer.alloc(30_000_000);
    let received = 0;
    const server = await listen(
      t,
      createServer((socket) => {
        socket.once('data', () => socket.pause());
        socket.on('data', (chunk) => {
          received += chunk.length;
          if (received > body.length) socket.write(OK);
        });
      }),
    );
    const cloud = client(t, { baseUrl: server.url, timeoutMs: 200_000 });
    const call = cloud.request({ method: 'POST', path: '/', body });
    await until(() => received > 0);
    for (let times = 0; times < 4; times += 1) tick(30_000);
    server.connections[0]?.resume();
    assert.equal((await call).status, 200);
  });

  it('does not call again by itself', async (t) => {
    const tick = stopClock(t);
    const server = await rawServer(t, () => undefined);
    for (const requests of [1, 2]) {
      const call = failure(client(t, { baseUrl: server.url }).request(GET));
      // Whatever was called before this call has arrived when this one has.
      await until(() => server.requests() === requests);
      tick(30_000);
      assert.equal((await call).code, 'TIMEOUT');
      const socket = server.connections.at(-1);
      if (socket?.closed === false) await once(socket, 'close');
    }
    assert.equal(server.connections.length, 2);
  });

  it('frees the connection for the next call', async (t) => {
    const tick = stopClock(t);
    const server = await rawServer(t, (socket, number) => number > 1 && socket.write(OK));
    const cloud = client(t, { baseUrl: server.url });
    const first = failure(cloud.request(GET));
    const second = cloud.request(GET);
    await until(() => server.requests() === 1);
    tick(30_000);
    assert.equal((await first).code, 'TIMEOUT');
    assert.equal((await second).status, 200);
    assert.equal(server.connections.length, 2);
  });
});

describe('failures: size', () => {
  it('a Content-Length over the cap ends the call before the body', async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n'),
    );
    const error = await failure(client(t, { baseUrl: server.url, maxReplyBytes: 1000 }).request(GET));
    assert.deepEqual([error.code, error.retryable], ['TOO_LARGE', false]);
    assert.match(error.message, /larger than the limit of 1000 bytes/);
  });

  it('a body without a length is counted, up to the last byte that is allowed', async (t) => {
    const server = await httpServer(t, (request, response) => {
      response.write(Buffer.alloc(500));
      response.end(Buffer.alloc(Number(request.url?.slice(1))));
    });
    const cloud = client(t, { baseUrl: server.url, maxReplyBytes: 10_000_000 });
    const call = { method: 'GET', maxReplyBytes: 1000 } as const;
    assert.equal((await cloud.request({ ...call, path: '/500' })).body.length, 1000);
    assert.equal((await failure(cloud.request({ ...call, path: '/501' }))).code, 'TOO_LARGE');
    const reply = await cloud.stream({ ...call, path: '/501' });
    const error = await failure(
      (async () => {
        for await (const chunk of reply.body) assert.ok(chunk.length);
      })(),
    );
    assert.equal(error.code, 'TOO_LARGE');
    assert.equal((await cloud.request({ method: 'GET', path: '/9000' })).body.length, 9500);
  });

  it('headers without an end', async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`),
    );
    const error = await failure(client(t, { baseUrl: server.url }).request(GET));
    assert.deepEqual([error.code, error.message.endsWith('has too many headers.')], ['TOO_LARGE', true]);
  });
});

describe('failures: ended by the caller', () => {
  it('a signal that is aborted already sends nothing', async (t) => {
    const server = await rawServer(t, (socket) => socket.write(OK));
    const cloud = client(t, { baseUrl: server.url });
    const error = await failure(cloud.request({ ...GET, signal: AbortSignal.abort(new Error('why')) }));
    assert.deepEqual([error.code, String(error.cause)], ['CLOSED', 'Error: why']);
    assert.equal(server.connections.length, 0);
  });

  it('a signal ends a call while it connects, waits for headers, reads the body, or waits its turn', async (t) => {
    const silent = await listen(t, silentServer());
    const half = await rawServer(t, (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
    );
    for (const [baseUrl, place] of [
      [`https://127.0.0.1:${silent.port}`, silent],
      [silent.url, silent],
      [half.url, half],
    ] as const) {
      const abort = new AbortController();
      const cloud = client(t, { baseUrl });
      const call = failure(cloud.request({ ...GET, signal: abort.signal }));
      const waiting = failure(cloud.request({ ...GET, signal: abort.signal }));
      const before = place.connections.length;
      await until(() => place.connections.length > before);
      abort.abort();
      assert.equal((await call).code, 'CLOSED');
      assert.equal((await waiting).code, 'CLOSED');
    }
  });

  it('close ends running and waiting calls with CLOSED and every connection, and may be called twice', async (t) => {
    const server = await rawServer(t, (socket, number) => (number > 1 ? undefined : socket.write(OK)));
    const cloud = client(t, { baseUrl: server.url, maxConnections: 2 });
    await cloud.request(GET);
    const calls = [1, 2, 3, 4].map(() => failure(cloud.request(GET)));
    await until(() => server.requests() === 3);
    const closing = cloud.close();
    assert.equal(cloud.close(), closing);
    for (const call of calls) assert.equal((await call).code, 'CLOSED');
    await closing;
    for (const socket of server.connections) if (!socket.closed) await once(socket, 'close');
    assert.equal((await failure(cloud.request(GET))).code, 'CLOSED');
    assert.equal(server.requests(), 3);
  });

  it('close ends a body that is being read, and a connection that is being made', async (t) => {
    const half = await rawServer(t, (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
    );
    const reading = client(t, { baseUrl: half.url });
    const reply = await reading.stream(GET);
    const silent = await listen(t, silentServer());
    const connecting = client(t, {
      baseUrl: `https://127.0.0.1:${silent.port}`,
      connectTimeoutMs: 600_000,
    });
    const call = failure(connecting.request(GET));
    await until(() => silent.connections.length > 0);
    await Promise.all([reading.close(), connecting.close()]);
    const error = await failure(readHalf(reply));
    assert.equal(error.code, 'CLOSED');
    assert.equal((await call).code, 'CLOSED');
    for (const socket of [...half.connections, ...silent.connections])
      if (!socket.closed) await once(socket, 'close');
  });

  it('close without a call does nothing', async (t) => {
    await client(t, { baseUrl: 'http://192.0.2.1' }).close();
  });
});
