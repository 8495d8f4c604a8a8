import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { HttpClient, type HttpClientOptions } from '../../../lib/http';
import { bodyOf, client, httpServer, listen, rawServer } from './servers';

const options = (more: Partial<HttpClientOptions>): HttpClientOptions => ({
  baseUrl: 'http://192.0.2.1',
  system: 'onenet',
  ...more,
});

describe('client: address', () => {
  for (const [suffix, path, url] of [
    ['', '/a?b=c', '/a?b=c'],
    ['/', '/', '/'],
    ['/api/v1', '/a', '/api/v1/a'],
    ['/api/v1//', '/a', '/api/v1/a'],
    ['  ', '//other.host/a', '//other.host/a'],
  ]) {
    it(`asks for ${url} with base "${suffix}" and path ${path}`, async (t) => {
      const server = await httpServer(t, (request, response) =>
        response.end(JSON.stringify([request.url, request.headers.host])),
      );
      const reply = await client(t, { baseUrl: server.url + suffix }).request({
        method: 'GET',
        path: path ?? '',
      });
      assert.deepEqual(JSON.parse(reply.body.toString()), [url, `127.0.0.1:${server.port}`]);
    });
  }

  const hasIPv6 = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ address }) => address === '::1'),
  );
  it('takes an IPv6 address', { skip: !hasIPv6 && 'no IPv6 on this machine' }, async (t) => {
    const server = await listen(
      t,
      createServer((request, response) => response.end(request.headers.host)),
      {
        host: '::1',
      },
    );
    const reply = await client(t, { baseUrl: server.url }).request({ method: 'GET', path: '/' });
    assert.equal(reply.body.toString(), `[::1]:${server.port}`);
  });

  for (const [baseUrl, message] of [
    ['', /not valid/],
    ['192.0.2.1', /Write it like http/],
    ['ftp://192.0.2.1', /not valid/],
    ['http://', /not valid/],
    ['http:///x', /not valid/],
    ['http://host:99999', /not valid/],
    ['http://a b', /not valid/],
    ['http://admin:geheim@192.0.2.1', /own fields.* 192\.0\.2\.1/],
    ['admin:geheim@192.0.2.1', /"192\.0\.2\.1"/],
    ['http://admin:geheim@', /not valid/],
    ['http://192.0.2.1/x?token=geheim', /must end before/],
    ['http://192.0.2.1/#geheim', /must end before/],
    ['host/x?token=geheim', /"host\/x"/],
  ] as const) {
    it(`refuses the address "${baseUrl}" and shows no secret of it`, () => {
      assert.throws(
        () => new HttpClient(options({ baseUrl })),
        (error: Error & { code?: string; system?: string }) => {
          assert.deepEqual([error.code, error.system], ['BAD_INPUT', 'onenet']);
          assert.match(error.message, message);
          assert.doesNotMatch(JSON.stringify(error) + error.message, /geheim/);
          return true;
        },
      );
    });
  }

  it('refuses a proxy that is none, a fingerprint that is none and limits out of range', () => {
    for (const [more, message] of [
      [{ proxy: 'socks5://192.0.2.1' }, /not valid/],
      [{ tls: { fingerprint: 'AB:CD' } }, /64 hex digits/],
      [{ timeoutMs: 0 }, /timeoutMs must be a whole number from 1/],
      [{ connectTimeoutMs: 1.5 }, /connectTimeoutMs .* not 1\.5/],
      [{ headersTimeoutMs: NaN }, /headersTimeoutMs .* not NaN/],
      [{ maxReplyBytes: 2 ** 31 }, /maxReplyBytes .* 2147483647/],
      [{ maxConnections: -1 }, /maxConnections/],
      [{ keepAliveMs: Infinity }, /keepAliveMs/],
    ] as const)
      assert.throws(() => new HttpClient(options(more)), { code: 'BAD_INPUT', message });
  });
});

describe('client: request', () => {
  it('sends headers and body as given, always with a Content-Length and never chunked', async (t) => {
    const server = await httpServer(t, (request, response) => {
      void bodyOf(request).then((body) =>
        response.end(
          JSON.stringify({ raw: request.rawHeaders, method: request.method, bytes: body.toString('base64') }),
        ),
      );
    });
    const cloud = client(t, { baseUrl: server.url });
    for (const [body, length] of [
      [Buffer.from([0, 1, 255]), '3'],
      ['{"名":1}', '9'],
      [Buffer.alloc(0), '0'],
      [undefined, '0'],
      [Buffer.alloc(1_000_000, 'x'), '1000000'],
    ] as const) {
      for (const method of ['POST', 'PUT'] as const) {
        const reply = await cloud.request({
          method,
          path: '/',
          headers: { 'X-Name': 'a b', 'Content-Type': 'image/jpeg' },
          ...(body !== undefined && { body }),
        });
        const seen = JSON.parse(reply.body.toString()) as { raw: string[]; method: string; bytes: string };
        assert.equal(seen.method, method);
        assert.equal(seen.bytes, Buffer.from(body ?? '').toString('base64'));
        assert.deepEqual(seen.raw.slice(4), [
          'X-Name',
          'a b',
          'Content-Type',
          'image/jpeg',
          'content-length',
          length,
        ]);
      }
    }
  });

  for (const [name, value] of [
    ['X-A', 'b\r\nX-B: c'],
    ['X-A', 'b\nX-B: c'],
    ['X-A', '南门'],
    ['X A', 'b'],
    ['', 'b'],
    ['X-A:', 'b'],
    ['Content-Length', '3'],
    ['transfer-encoding', 'chunked'],
    ['HOST', 'other.host'],
    ['Connection', 'close'],
  ] as const) {
    it(`refuses the header ${JSON.stringify(name)}: ${JSON.stringify(value)} before anything is sent`, async (t) => {
      const server = await httpServer(t, (_request, response) => response.end());
      const cloud = client(t, { baseUrl: server.url });
      await assert.rejects(cloud.request({ method: 'POST', path: '/', headers: { [name]: value } }), {
        code: 'BAD_INPUT',
      });
      assert.equal(server.connections.length, 0);
    });
  }

  it('refuses an Authorization of its own beside credentials, and takes one without', async (t) => {
    const server = await httpServer(t, (request, response) => response.end(request.headers.authorization));
    const call = { method: 'GET', path: '/', headers: { Authorization: 'token x' } } as const;
    const both = client(t, { baseUrl: server.url, credentials: { username: 'u', password: 'p' } });
    await assert.rejects(both.request(call), { code: 'BAD_INPUT' });
    assert.equal((await client(t, { baseUrl: server.url }).request(call)).body.toString(), 'token x');
  });

  for (const path of ['', 'a', '/a b', '/南门', '/a#b', '/a\r\nX: y', 'http://other.host/']) {
    it(`refuses the path ${JSON.stringify(path)}`, async (t) => {
      const cloud = client(t, { baseUrl: 'http://127.0.0.1:1' });
      await assert.rejects(cloud.request({ method: 'GET', path }), {
        code: 'BAD_INPUT',
        message: /percent-encoded/,
      });
    });
  }

  it('gives any status back as a value, with lower-case headers', async (t) => {
    const server = await httpServer(t, (request, response) => {
      const status = Number(request.url?.slice(1));
      response
        .writeHead(status, { 'X-Kind': 'a', 'Set-Cookie': ['x', 'y'], Location: 'http://192.0.2.9/' })
        .end('b');
    });
    const cloud = client(t, { baseUrl: server.url });
    for (const status of [200, 201, 302, 307, 400, 401, 403, 404, 413, 429, 500, 503]) {
      const reply = await cloud.request({ method: 'GET', path: `/${status}` });
      assert.deepEqual(
        [reply.status, reply.body.toString(), reply.headers['x-kind'], reply.headers['set-cookie']],
        [status, 'b', 'a', ['x', 'y']],
      );
    }
    const empty = await cloud.request({ method: 'GET', path: '/204' });
    assert.deepEqual([empty.status, empty.body.length], [204, 0]);
    assert.equal(server.connections.length, 1);
  });

  it('passes over early hints', async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      ),
    );
    const reply = await client(t, { baseUrl: server.url }).request({ method: 'GET', path: '/' });
    assert.deepEqual([reply.status, reply.body.toString()], [200, 'ok']);
  });

  it('takes a reply that ends with its connection, and one in chunks', async (t) => {
    const server = await rawServer(t, (socket, number) => {
      if (number === 1) socket.end('HTTP/1.0 200 OK\r\n\r\nto the end');
      else
        socket.end(
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nin \r\n6\r\nchunks\r\n0\r\n\r\n',
        );
    });
    const cloud = client(t, { baseUrl: server.url });
    assert.equal((await cloud.request({ method: 'GET', path: '/' })).body.toString(), 'to the end');
    assert.equal((await cloud.request({ method: 'GET', path: '/' })).body.toString(), 'in chunks');
  });

  it('opens no more connections than allowed; more calls wait their turn, in order', async (t) => {
    let open = 0;
    let most = 0;
    const order: string[] = [];
    const server = await httpServer(t, (request, response) => {
      order.push(request.url ?? '');
      most = Math.max(most, (open += 1));
      setImmediate(() => {
        open -= 1;
        response.end();
      });
    });
    const cloud = client(t, { baseUrl: server.url, maxConnections: 2 });
    const paths = Array.from({ length: 12 }, (_, index) => `/${index}`);
    await Promise.all(paths.map((path) => cloud.request({ method: 'GET', path })));
    assert.ok(most <= 2 && server.connections.length <= 2);
    assert.deepEqual(order.toSorted(), paths.toSorted());
    order.length = 0;
    const camera = client(t, { baseUrl: server.url });
    await Promise.all(paths.map((path) => camera.request({ method: 'GET', path })));
    assert.deepEqual(order, paths);
  });
});

describe('client: stream', () => {
  it('gives the body as it comes, with headers first', async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed\r\nContent-Length: 6\r\n\r\none'),
    );
    const reply = await client(t, { baseUrl: server.url }).stream({ method: 'GET', path: '/' });
    assert.equal(reply.headers['content-type'], 'multipart/mixed');
    const chunks: string[] = [];
    for await (const chunk of reply.body) {
      chunks.push(chunk.toString());
      if (chunks.length === 1) server.connections[0]?.write('two');
    }
    assert.deepEqual(chunks, ['one', 'two']);
  });

  it('loses nothing of a large body to a reader that comes late', async (t) => {
    const bytes = 24_000_000;
    const server = await httpServer(t, (_request, response) => response.end(Buffer.alloc(bytes, 'p')));
    const cloud = client(t, { baseUrl: server.url });
    const reply = await cloud.stream({ method: 'GET', path: '/' });
    await new Promise((resolve) => setImmediate(resolve));
    let received = 0;
    for await (const chunk of reply.body) {
      received += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(received, bytes);
  });

  it('discards a short rest and keeps the connection, gives a long one up', async (t) => {
    const server = await httpServer(t, (request, response) =>
      response.end(Buffer.alloc(request.url === '/long' ? 30_000_000 : 20_000)),
    );
    const cloud = client(t, { baseUrl: server.url });
    for (let time = 0; time < 2; time += 1)
      await (await cloud.stream({ method: 'GET', path: '/short' })).discard();
    assert.equal(server.connections.length, 1);
    await (await cloud.stream({ method: 'GET', path: '/long' })).discard();
    await cloud.request({ method: 'GET', path: '/short' });
    assert.equal(server.connections.length, 2);
  });

  it('frees its connection when the reader leaves early', async (t) => {
    const server = await httpServer(t, (_request, response) => response.write('x'));
    const cloud = client(t, { baseUrl: server.url });
    for (let time = 0; time < 3; time += 1) {
      const reply = await cloud.stream({ method: 'GET', path: '/' });
      for await (const chunk of reply.body) {
        assert.equal(chunk.toString(), 'x');
        break;
      }
    }
    assert.equal(server.connections.length, 3);
  });

  it('leaves no listener on the signal of a caller', async (t) => {
    const server = await httpServer(t, (_request, response) => response.end('x'));
    const cloud = client(t, { baseUrl: server.url });
    const { signal } = new AbortController();
    await cloud.request({ method: 'GET', path: '/', signal });
    await (await cloud.stream({ method: 'GET', path: '/', signal })).discard();
    const refused = client(t, { baseUrl: 'http://127.0.0.1:1' });
    await assert.rejects(refused.request({ method: 'GET', path: '/', signal }), { code: 'UNREACHABLE' });
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});
