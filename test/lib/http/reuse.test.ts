import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { client, digestServer, md5Challenge, rawServer, USER } from './servers';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const GET = { method: 'GET', path: '/' } as const;
const POST = { method: 'POST', path: '/', body: 'x' } as const;

describe('connections: reused', () => {
  it('are closed when they were not used for a while, however long the server keeps them', async (t) => {
    // The server would keep them much longer.
    const server = await rawServer(t, (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=600\r\nContent-Length: 2\r\n\r\nok'),
    );
    const cloud = client(t, { baseUrl: server.url, keepAliveMs: 50 });
    await cloud.request(GET);
    if (server.connections[0]?.closed === false) await once(server.connections[0], 'close');
    await cloud.request(GET);
    assert.equal(server.connections.length, 2);
  });

  it('are not used when the server says that it closes', async (t) => {
    const server = await rawServer(t, (socket) =>
      socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'),
    );
    const cloud = client(t, { baseUrl: server.url });
    await cloud.request(GET);
    await cloud.request(GET);
    assert.equal(server.connections.length, 2);
  });

  for (const [how, die] of [
    ['closes', 'end'],
    ['resets', 'resetAndDestroy'],
  ] as const) {
    it(`the same request goes out once more when the server ${how} a reused one without a byte`, async (t) => {
      const server = await rawServer(t, (socket, number) =>
        number === 2 ? socket[die]() : socket.write(OK),
      );
      const cloud = client(t, { baseUrl: server.url });
      await cloud.request(GET);
      assert.equal((await cloud.request(GET)).body.toString(), 'ok');
      assert.deepEqual([server.requests(), server.connections.length], [3, 2]);
    });
  }

  it('a POST goes out once more only when its caller says that it may be repeated', async (t) => {
    for (const [repeatable, requests] of [
      [true, 3],
      [false, 2],
      [undefined, 2],
    ] as const) {
      const server = await rawServer(t, (socket, number) => (number === 2 ? socket.end() : socket.write(OK)));
      const cloud = client(t, { baseUrl: server.url });
      await cloud.request(POST);
      const second = cloud.request({ ...POST, ...(repeatable !== undefined && { repeatable }) });
      if (repeatable) assert.equal((await second).status, 200);
      else await assert.rejects(second, { code: 'UNREACHABLE' });
      assert.equal(server.requests(), requests);
    }
  });

  it('a new connection that dies gets no second try, although it follows a reused one', async (t) => {
    const server = await rawServer(t, (socket, number) => {
      if (number < 3) socket.write(OK);
      else socket.end();
    });
    const cloud = client(t, { baseUrl: server.url });
    await cloud.request(GET);
    await cloud.request(GET);
    const [socket] = server.connections;
    socket?.end();
    if (socket?.closed === false) await once(socket, 'close');
    await assert.rejects(cloud.request(GET), { code: 'UNREACHABLE' });
    assert.equal(server.requests(), 3);
  });

  it('there is no third try when a second reused connection is dead, too', async (t) => {
    const first: Socket[] = [];
    const server = await rawServer(t, (socket, number) => {
      if (number > 2) socket.end();
      else if (first.push(socket) === 2) for (const each of first) each.write(OK);
    });
    const cloud = client(t, { baseUrl: server.url, maxConnections: 2 });
    await Promise.all([cloud.request(GET), cloud.request(GET)]);
    await assert.rejects(cloud.request(GET), { code: 'UNREACHABLE' });
    assert.deepEqual([server.requests(), server.connections.length], [4, 2]);
  });

  it('there is no third try', async (t) => {
    const server = await rawServer(t, (socket, number) => (number > 1 ? socket.end() : socket.write(OK)));
    const cloud = client(t, { baseUrl: server.url });
    await cloud.request(GET);
    await assert.rejects(cloud.request(GET), { code: 'UNREACHABLE' });
    assert.equal(server.requests(), 3);
  });

  it('there is no second try once a byte of the reply has come', async (t) => {
    const server = await rawServer(t, (socket, number) => (number > 1 ? socket.end('H') : socket.write(OK)));
    const cloud = client(t, { baseUrl: server.url });
    await cloud.request(GET);
    await assert.rejects(cloud.request(GET), { code: 'UNREACHABLE' });
    assert.equal(server.requests(), 2);
  });

  it('a login goes with the second try, under a new nc', async (t) => {
    const server = await digestServer(t, { challenge: md5Challenge });
    const camera = client(t, { baseUrl: server.url, credentials: USER });
    await camera.request(GET);
    // Dies as a camera does that is restarted: the request arrives, an answer does not.
    const [socket] = server.connections;
    socket?.removeAllListeners('data').once('data', () => socket.resetAndDestroy());
    assert.equal((await camera.request(GET)).body.toString(), 'picture 3');
    assert.deepEqual(
      server.seen.map(({ authorization }) => authorization?.['nc']),
      [undefined, '00000001', '00000003'],
    );
  });
});
