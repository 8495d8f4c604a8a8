import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { isSnapflowError } from '../../../lib/errors';
import { SimulatedHuaweiCamera, selfSignedCertificate, simulators } from '../../../lib/simulators';
import { jsonReply, type Exchange, type Reply } from '../../../lib/simulators/exchange';
import {
  SERVER_FAULTS,
  SimulatorServer,
  type ServedRequest,
  type SimulatorServerOptions,
} from '../../../lib/simulators/server';
import { send } from './plain-client';

/** Tells what it was asked. */
class Echo extends SimulatorServer {
  readonly faults = SERVER_FAULTS;
  asked?: () => void;

  constructor(options: SimulatorServerOptions = {}) {
    super('echo', options);
  }

  protected async answer({ method, path, query, body }: Exchange): Promise<Reply> {
    this.asked?.();
    const spoilt = await this.spoil(this.meetFault());
    if (path === '/defect') throw new Error('a defect');
    return spoilt ?? jsonReply(200, { method, path, query: [...query], body: body.toString() });
  }

  protected errorReply(status = 503): Reply {
    return { status, body: 'error' };
  }
}

const running: SimulatorServer[] = [];

async function started(options: SimulatorServerOptions = {}) {
  const echo = new Echo(options);
  running.push(echo);
  return { echo, ...(await echo.start()) };
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

describe('SimulatorServer', () => {
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
  });

  it('listens on loopback, hands over the request and counts', async () => {
    const { echo, url, port } = await started();
    assert.equal(url, `http://127.0.0.1:${port}`);
    const served = once(echo, 'request') as Promise<[ServedRequest]>;
    const reply = await send(`${url}/a%20b?c=1&c=2`, {
      method: 'POST',
      body: 'words',
      headers: { 'X-Y': 'z' },
    });
    assert.deepEqual(reply.json(), {
      method: 'POST',
      path: '/a%20b',
      query: [
        ['c', '1'],
        ['c', '2'],
      ],
      body: 'words',
    });
    const [entry] = await served;
    assert.equal(entry.status, 200);
    assert.equal(entry.target, '/a%20b?c=1&c=2');
    assert.equal(entry.headers['x-y'], 'z');
    assert.equal(entry.body.toString(), 'words');
    assert.deepEqual(echo.counters, { requests: 1, connections: 1 });
  });

  it('speaks TLS with a certificate of its own or the one given, and tells its fingerprint', async () => {
    const own = selfSignedCertificate({ commonName: 'given' });
    const { url, fingerprint } = await started({ tls: own });
    assert.equal(fingerprint, own.fingerprint);
    assert.equal((await send(url, { ca: own.cert })).status, 200);
    const made = await started({ tls: true });
    assert.match(made.url, /^https:/);
    assert.match(made.fingerprint ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    await assert.rejects(send(made.url), (error) => codeOf(error) === 'DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('starts once, ends at once with open connections, and starts again', async () => {
    const { echo, url, port } = await started();
    assert.equal((await echo.start()).port, port);
    await echo.setFault('slow', { ms: 3_600_000 });
    const idle = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(idle, 'connect');
    const arrived = new Promise<void>((resolve) => (echo.asked = resolve));
    const waiting = assert.rejects(send(url));
    await arrived;
    const ended = once(idle, 'close');
    await echo.stop();
    await Promise.all([ended, waiting]);
    await echo.stop();
    await echo.setFault();
    const again = await echo.start();
    assert.equal((await send(again.url)).status, 200);
  });

  it('says what to do about a port that is taken', async () => {
    const { port } = await started();
    await assert.rejects(started({ port }), (error) => {
      assert.ok(isSnapflowError(error));
      assert.equal(error.code, 'BAD_INPUT');
      assert.match(error.message, new RegExp(`port ${port} \\(EADDRINUSE\\)`));
      return true;
    });
  });

  it('refuses connections while off and comes back on the same port', async () => {
    const { echo, url, port } = await started();
    const open = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(open, 'connect');
    const broken = once(open, 'close');
    await echo.setFault('off');
    await broken;
    assert.equal(echo.fault, 'off');
    await assert.rejects(send(url), (error) => codeOf(error) === 'ECONNREFUSED');
    // Also when it is switched to and fro without waiting.
    await Promise.all([echo.setFault(), echo.setFault('off'), echo.setFault()]);
    assert.equal((await send(url)).status, 200);
  });

  it('can be switched off before it starts', async () => {
    const echo = new Echo();
    running.push(echo);
    await echo.setFault('off');
    const { url } = await echo.start();
    await assert.rejects(send(url), (error) => codeOf(error) === 'ECONNREFUSED');
    await echo.setFault();
    assert.equal((await send(url)).status, 200);
  });

  it('breaks connections, errs, answers nothing and answers garbage as told, so many times', async () => {
    const { echo, url } = await started();
    await echo.setFault('reset', { times: 1 });
    const served = once(echo, 'request') as Promise<[ServedRequest]>;
    await assert.rejects(send(url), (error) => codeOf(error) === 'ECONNRESET');
    assert.equal((await served)[0].status, undefined);
    assert.equal((await send(url)).status, 200, 'over by itself');
    await echo.setFault('error');
    assert.equal((await send(url)).status, 503);
    await echo.setFault('error', { status: 500, times: 2 });
    assert.deepEqual(
      [(await send(url)).status, (await send(url)).status, (await send(url)).status],
      [500, 500, 200],
    );
    await echo.setFault('empty');
    const empty = await send(url);
    assert.deepEqual([empty.status, empty.body.length], [200, 0]);
    await echo.setFault('garbage');
    const [one, two] = [await send(url), await send(url)];
    assert.equal(one.body.length, 512);
    assert.ok(!one.body.equals(two.body));
    await echo.setFault();
    assert.equal(echo.fault, undefined);
    assert.equal((await send(url)).json()['path'], '/');
  });

  it('waits before the answer when slow and as latency', async () => {
    const { echo, url } = await started();
    await echo.setFault('slow', { ms: 30 });
    const start = performance.now();
    assert.equal((await send(url)).status, 200);
    assert.ok(performance.now() - start >= 29, 'a timer never fires early');
    const late = await started({ latencyMs: 30 });
    const before = performance.now();
    await send(late.url);
    assert.ok(performance.now() - before >= 29);
  });

  it('knows only its faults', async () => {
    const { echo } = await started();
    await assert.rejects(echo.setFault('earthquake'), (error) => {
      assert.ok(isSnapflowError(error));
      assert.equal(error.code, 'BAD_INPUT');
      assert.match(error.message, /“earthquake”.*off, reset, slow, error, empty, garbage/);
      return true;
    });
  });

  it('answers 413 to a body over its limit and goes on', async () => {
    const { url } = await started({ maxRequestBytes: 10 });
    assert.equal((await send(url, { method: 'POST', body: 'x'.repeat(11) })).status, 413);
    assert.equal((await send(url, { method: 'POST', body: 'x'.repeat(10) })).status, 200);
  });

  it('shows a defect of its own as an answer, not as a crash', async () => {
    const { url } = await started();
    const reply = await send(`${url}/defect`);
    assert.equal(reply.status, 500);
    assert.match(reply.body.toString(), /a defect/);
  });

  it('is unmoved by a request line that is no path', async () => {
    const { url, port } = await started();
    for (const target of ['*', 'http://other/x', '//', '/%', '/?']) {
      const socket = connect(port, '127.0.0.1');
      socket.end(`OPTIONS ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      const [first] = (await once(socket, 'data')) as [Buffer];
      assert.match(first.toString(), /^HTTP\/1\.1 200 /, target);
      socket.destroy();
    }
    assert.equal((await send(url)).status, 200);
  });
});

describe('simulators', () => {
  it('makes each kind by its name, with the faults it announces', async () => {
    for (const kind of Object.values(simulators)) {
      const simulator = kind.create();
      assert.equal(simulator.faults, kind.faults);
      const names = kind.faults.map((fault) => fault.name);
      assert.equal(new Set(names).size, names.length);
      for (const name of names) await simulator.setFault(name);
    }
    assert.ok(simulators['huawei-camera'].create({ name: 'A' }) instanceof SimulatedHuaweiCamera);
  });
});
