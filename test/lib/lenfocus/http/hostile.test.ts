/** What hostile or broken peers do to a port; beside each of them a device beats and reports as ever. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import type { LenfocusServerOptions } from '../../../../lib/lenfocus';
import { selfSignedCertificate } from '../../../../lib/simulators/certificate';
import { turn } from '../../../support/fake-clock';
import { openHandles } from '../../../support/handles';
import { post } from '../support/post';
import { jpeg, SN, startServer } from '../support/setting';

const FACE = '/api/v1/adapter/lenfocus/face/capture';
const certificate = selfSignedCertificate({ commonName: 'devices' });
const HANDSHAKE =
  'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

for (const transport of ['plain', 'TLS'] as const) {
  const serve = async (t: TestContext, options: LenfocusServerOptions = {}) => {
    const handles = openHandles();
    const tls = transport === 'TLS' ? { tls: certificate } : {};
    const setting = await startServer(t, { ...options, listen: { port: 0, ...tls } });
    const { server, url } = setting;
    const device = await setting.device();
    const token = await device.connect({ sn: SN });
    return {
      ...setting,
      token,
      open: async (): Promise<Socket> => {
        const address = { port: server.state().port ?? 0, host: '127.0.0.1' };
        const socket =
          transport === 'TLS' ? tlsConnect({ ...address, rejectUnauthorized: false }) : connect(address);
        socket.on('error', () => undefined);
        t.after(() => socket.destroy());
        await once(socket, transport === 'TLS' ? 'secureConnect' : 'connect');
        return socket;
      },
      /** The device beside them is served. */
      othersLive: async () => {
        assert.equal((await device.ask('/heartbeat', {}, token)).data.code, 200);
        const body = { data: { face_data: jpeg().toString('base64') } };
        assert.equal((await post(url + FACE, body, { token })).status, 200);
      },
      nothingLeft: async () => {
        device.end();
        await server.stop();
        const left = await openHandles.settled(handles);
        assert.ok(left <= handles, `${left} handles are open, ${handles} before`);
      },
    };
  };
  const head = (token: string, length: number) =>
    `POST ${FACE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${length}\r\n\r\n`;

  describe(`hostile peers (${transport})`, () => {
    it('who ends its half of the connection in a request, a body or a handshake is let go', async (t) => {
      const { errors, nothingLeft, open, othersLive, server, token } = await serve(t);
      for (const bytes of ['POST / HT', head(token, 100) + '{"half', HANDSHAKE.slice(0, 60), HANDSHAKE]) {
        const socket = await open();
        socket.resume();
        socket.end(bytes);
        await once(socket, 'close');
      }
      await othersLive();
      while (server.state().waiting > 0 || server.state().bytesInFlight > 0) await turn();
      assert.deepEqual(errors, []);
      await nothingLeft();
    });

    it('who sends its headers byte by byte is cut when their time is over', async (t) => {
      const { nothingLeft, open, othersLive } = await serve(t, { limits: { headerTimeoutMs: 400 } });
      const sockets = await Promise.all(Array.from({ length: 20 }, open));
      const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
      const drip = setInterval(() => {
        for (const socket of sockets) if (socket.writable) socket.write('X');
      }, 50);
      t.after(() => clearInterval(drip));
      for (const socket of sockets) socket.resume().write('POST / HTTP/1.1\r\nX-');
      await othersLive();
      await closed;
      clearInterval(drip);
      await othersLive();
      await nothingLeft();
    });

    it('a flood of handshakes and of requests without token costs the others nothing, and leaves nothing', async (t) => {
      const { nothingLeft, open, othersLive, server, url } = await serve(t);
      const flood = Array.from({ length: 100 }, async (_, index) => {
        if (index % 2 === 0) {
          assert.equal((await post(url + FACE, 'x'.repeat(20_000))).status, 401);
          return;
        }
        const socket = await open();
        socket.write(HANDSHAKE);
        assert.match(String(((await once(socket, 'data')) as [Buffer])[0]), / 101 /);
        socket.write(Buffer.from('8180000000007b', 'hex'));
        socket.destroy();
      });
      for (let i = 0; i < 5; i++) await othersLive();
      await Promise.all(flood);
      while (server.state().waiting > 0) await turn();
      assert.equal(server.state().bytesInFlight, 0);
      await nothingLeft();
    });

    it('headers without end, and ten thousand of them, are refused', async (t) => {
      const { nothingLeft, open, othersLive } = await serve(t);
      for (const bytes of [
        `GET / HTTP/1.1\r\nX: ${'y'.repeat(100_000)}`,
        'GET / HTTP/1.1\r\n' + 'a:b\r\n'.repeat(10_000),
      ]) {
        const socket = await open();
        socket.write(bytes);
        assert.match(String(((await once(socket, 'data')) as [Buffer])[0]), /^HTTP\/1\.1 4/);
        await once(socket, 'close');
      }
      await othersLive();
      await nothingLeft();
    });
  });
}
