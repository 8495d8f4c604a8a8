import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import { FakeClock, turn } from '../../../support/fake-clock';
import { isSnapflowError } from '../../../../lib/errors';
import { LenfocusServer, type LenfocusServerOptions } from '../../../../lib/lenfocus';
import { selfSignedCertificate } from '../../../../lib/simulators/certificate';
import { SimulatedLenfocusCamera } from '../../../../lib/simulators/lenfocus-camera';
import { RawDevice } from '../support/raw-device';
import { post } from '../support/post';
import { jpeg, SN, startServer } from '../support/setting';

const certificate = selfSignedCertificate({ commonName: 'devices' });
const FACE = '/api/v1/adapter/lenfocus/face/capture';

/** A server on a port that may be taken; not started. */
function serverOn(t: TestContext, port: number, options: LenfocusServerOptions = {}) {
  const clock = new FakeClock(Date.now());
  const server = new LenfocusServer({
    check: 'open',
    clock,
    ...options,
    listen: { host: '127.0.0.1', port, ...options.listen },
  });
  const errors: unknown[] = [];
  server.on('error', (error) => errors.push(error.code));
  t.after(() => server.stop());
  /** Lets time pass until it listens. */
  const listening = async () => {
    while (server.state().listen !== 'listening') await clock.advance(1_000).then(turn);
  };
  return { server, errors, clock, listening };
}

async function takePort(t: TestContext): Promise<{ port: number; free: () => Promise<void> }> {
  const taker = createTcpServer().listen(0, '127.0.0.1');
  await once(taker, 'listening');
  const free = () => new Promise<void>((resolve) => taker.close(() => resolve()));
  t.after(free);
  return { port: (taker.address() as AddressInfo).port, free };
}

describe('listening', () => {
  it('a port in use: an error, told once, and it comes up by itself when the port is free', async (t) => {
    const { port, free } = await takePort(t);
    const { server, errors, clock, listening } = serverOn(t, port);
    await server.start();
    assert.deepEqual([server.state().listen, errors], ['retrying', ['UNREACHABLE']]);
    for (let i = 0; i < 20; i++) await clock.advance(1_000);
    assert.deepEqual(errors, ['UNREACHABLE']);
    await free();
    await listening();
    assert.deepEqual([server.state().port, server.state().secure], [port, false]);
    await RawDevice.open(`ws://127.0.0.1:${port}/`).then((device) => device.end());
  });

  it('two servers change places on one port without a gap that cameras could not bridge', async (t) => {
    const first = await startServer(t);
    const camera = await first.camera();
    const { port = 0 } = first.server.state();
    const online = once(camera, 'online');
    await first.server.stop();
    const second = serverOn(t, port);
    await second.server.start();
    assert.equal(second.server.state().listen, 'listening', 'the port is free at once');
    await online;
    assert.equal(second.server.state().online, 1);
  });

  it('a stopped server tries no longer', async (t) => {
    const { port, free } = await takePort(t);
    const { server, clock } = serverOn(t, port);
    await server.start();
    await server.stop();
    await free();
    await clock.advance(20_000);
    assert.equal(server.state().listen, 'stopped');
    assert.equal(clock.timers, 0);
  });

  it('an address that is not of this machine is told as what it is', async (t) => {
    const { server, errors } = serverOn(t, 0, { listen: { port: 0, host: '203.0.113.1' } });
    await server.start();
    assert.deepEqual(errors, ['BAD_INPUT']);
  });

  it('options out of range are refused at once', () => {
    const bad: LenfocusServerOptions[] = [
      { tokenLifetimeS: 60 },
      { tokenLifetimeS: 7_201 },
      { heartbeatS: 0 },
      { offlineAfter: 1 },
      { clockWindowS: -1 },
      { zone: 'Asia/Shanghai' },
      { listen: { port: 70_000 } },
      { limits: { maxBodyBytes: 0 } },
    ];
    for (const options of bad) {
      assert.throws(
        () => new LenfocusServer(options),
        (error) => isSnapflowError(error) && error.code === 'BAD_INPUT',
        JSON.stringify(options),
      );
    }
  });

  it('tells what state it is in', async (t) => {
    const { server } = serverOn(t, 0);
    const told: string[] = [];
    server.on('state', ({ listen }) => told.push(listen));
    await server.start();
    await server.stop();
    assert.deepEqual(told, ['listening', 'stopped']);
  });
});

describe('TLS', () => {
  it('cameras connect, report and obey over wss and https', async (t) => {
    const { camera, heard, server, url } = await startServer(t, { listen: { port: 0, tls: certificate } });
    assert.match(url, /^https:/);
    assert.equal(server.state().secure, true);
    const reports = heard('report');
    const device = await camera({ ca: certificate.cert });
    assert.equal((await device.pushFace()).status, 200);
    assert.equal(reports[0]?.pictures.length, 3);
    assert.deepEqual((await server.command(SN, 'clearPersons', {})).result, { done: true });
  });

  it('a bad certificate: an error, told once, and it comes up when the files are right', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'snapflow-'));
    t.after(() => rm(folder, { recursive: true }));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const { server, errors, clock, listening } = serverOn(t, 0, {
      listen: { port: 0, tls: { keyFile, certFile } },
    });
    await server.start();
    assert.deepEqual([server.state().listen, errors], ['retrying', ['CERTIFICATE_REJECTED']]);
    await writeFile(keyFile, 'no key');
    await writeFile(certFile, certificate.cert);
    while (errors.length < 2) await clock.advance(1_000).then(turn);
    assert.deepEqual(errors, ['CERTIFICATE_REJECTED', 'CERTIFICATE_REJECTED']);
    await writeFile(keyFile, certificate.key);
    await listening();
    assert.equal(server.state().secure, true);
  });

  it('a certificate that is renewed on disk is taken over without a restart', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'snapflow-'));
    t.after(() => rm(folder, { recursive: true }));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const write = async ({ key, cert }: { key: string; cert: string }) => {
      await writeFile(keyFile, key);
      await writeFile(certFile, cert);
    };
    await write(certificate);
    const { server, errors, clock } = serverOn(t, 0, {
      heartbeatS: 3_600,
      listen: { port: 0, tls: { keyFile, certFile } },
    });
    await server.start();
    const { port } = server.state();
    const shown = async () => {
      const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    assert.equal(await shown(), certificate.fingerprint);
    const device = await RawDevice.open(`wss://127.0.0.1:${port}/`);
    t.after(() => device.end());
    const token = await device.connect({ sn: SN });
    const renewed = selfSignedCertificate({ commonName: 'devices' });
    await write(renewed);
    await clock.advance(60_000);
    while ((await shown()) !== renewed.fingerprint) await turn();
    assert.equal((await device.ask('/heartbeat', {}, token)).data.code, 200, 'who is connected stays so');
    assert.deepEqual(errors, []);
  });

  it('plain HTTP, garbage and half a handshake on a TLS port hurt nobody', async (t) => {
    const { camera, server, errors } = await startServer(t, {
      listen: { port: 0, tls: certificate },
      limits: { headerTimeoutMs: 200 },
    });
    const { connect } = await import('node:net');
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01', Buffer.alloc(500, 7)]) {
      const socket = connect(server.state().port ?? 0, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(bytes);
      socket.resume();
      await once(socket, 'close');
    }
    await camera();
    assert.deepEqual(errors, []);
  });
});

describe('on a server that others listen for', () => {
  async function attached(t: TestContext, options: LenfocusServerOptions = {}) {
    const server = new LenfocusServer({ check: 'open', basePath: '/cameras', ...options });
    const host: Server = createServer((request, response) => {
      if (!server.handleRequest(request, response)) response.writeHead(418).end();
    });
    host.on('upgrade', (request, socket, head) => {
      if (!server.handleUpgrade(request, socket, head)) socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
    });
    host.listen(0, '127.0.0.1');
    await once(host, 'listening');
    t.after(() => host.close());
    await server.start();
    t.after(() => server.stop());
    return { server, host, url: `http://127.0.0.1:${(host.address() as AddressInfo).port}` };
  }

  it('cameras connect, report and obey below the base path', async (t) => {
    const { server, url } = await attached(t);
    assert.deepEqual([server.state().listen, server.state().port], ['attached', undefined]);
    const camera = new SimulatedLenfocusCamera({
      server: `${url}/cameras`,
      sn: SN,
      takePicture: () => jpeg(),
    });
    t.after(() => camera.stop());
    const online = once(camera, 'online');
    await camera.start();
    await online;
    assert.equal((await camera.pushFace()).status, 200);
    assert.deepEqual((await server.command(SN, 'clearPersons', {})).result, { done: true });
  });

  it('what is not below it is left to the others', async (t) => {
    const { url } = await attached(t);
    assert.equal((await post(url + FACE, {})).status, 418);
    assert.equal((await post(`${url}/cameras-2${FACE}`, {})).status, 418);
    await assert.rejects(RawDevice.open(`${url.replace('http', 'ws')}/other`), /418/);
    assert.equal((await post(`${url}/cameras${FACE}`, {})).status, 401);
  });

  it('a stopped server takes nothing, and lets its sockets go', async (t) => {
    const { server, url } = await attached(t);
    const device = await RawDevice.open(`${url.replace('http', 'ws')}/cameras`);
    await device.connect({ sn: SN });
    await server.stop();
    await device.closed;
    assert.equal((await post(`${url}/cameras${FACE}`, {})).status, 418);
  });
});
