import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { LenfocusServer } from '../../../lib/lenfocus';
import { SimulatedLenfocusCamera } from '../../../lib/simulators';
import { attach, fullPath } from '../../../nodes/shared/entrance';
import type { Red } from '../../../nodes/shared/red';

type Request = IncomingMessage & { originalUrl?: string };
type Handler = (request: Request, response: ServerResponse, next: () => void) => void;

/** Node-RED's server as nodes see it: handlers below `/nodes`, which is cut off as Express does. */
class FakeRed {
  readonly handlers: Handler[] = [];
  readonly server: Server = createServer((request: Request, response) => {
    request.originalUrl = request.url ?? '';
    request.url = request.originalUrl.slice('/nodes'.length);
    const next = (index: number): void => {
      const handler = this.handlers[index];
      if (handler) handler(request, response, () => next(index + 1));
      else response.writeHead(404, { 'x-url': request.url ?? '' }).end();
    };
    next(0);
  });
  readonly httpNode = { use: (handler: Handler) => void this.handlers.push(handler) };
  readonly settings: Record<string, unknown> = { httpNodeRoot: '/nodes/' };
  get red(): Red {
    return this as unknown as Red;
  }
}

/** The status that a WebSocket handshake is refused with. */
function upgrade(address: string): Promise<number | undefined> {
  const headers = { connection: 'Upgrade', upgrade: 'websocket' };
  return new Promise((resolve, reject) => {
    get(address, { headers, agent: false }, ({ statusCode }) => resolve(statusCode)).on('error', reject);
  });
}

describe("Node-RED's own server", () => {
  let fake: FakeRed;
  let url: string;
  const cleanUps: Array<() => unknown> = [];
  beforeEach(async () => {
    fake = new FakeRed();
    fake.server.listen(0, '127.0.0.1');
    await once(fake.server, 'listening');
    url = `http://127.0.0.1:${(fake.server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    fake.server.closeAllConnections();
    await Promise.all(cleanUps.splice(0).map((clean) => clean()));
    fake.server.close();
    await once(fake.server, 'close');
  });

  it('takes what is below the path of the cameras, and leaves all else alone', async () => {
    const server = new LenfocusServer({ basePath: fullPath(fake.red, 'cams/'), check: 'open' });
    const detach = attach(fake.red, server);
    let foreign = 0;
    fake.server.on('upgrade', (request, socket) => {
      if (request.url !== '/foreign') return;
      foreign++;
      socket.end('HTTP/1.1 418 x\r\n\r\n');
    });
    cleanUps.push(() => server.stop());
    await server.start();
    const camera = new SimulatedLenfocusCamera({ server: `${url}/nodes/cams`, retryMs: 50 });
    cleanUps.push(() => camera.stop());
    const online = once(camera, 'online');
    await camera.start();
    await online;
    const reported = once(server, 'report');
    assert.equal((await camera.pushFace()).status, 200);
    await reported;

    const other = await fetch(`${url}/nodes/other`);
    assert.deepEqual([other.status, other.headers.get('x-url')], [404, '/other']);
    assert.equal(await upgrade(`${url}/foreign`), 418);
    assert.equal(foreign, 1);

    await camera.stop();
    detach();
    await server.stop();
    assert.equal(
      (await fetch(`${url}/nodes/cams/api/v1/server/time`)).headers.get('x-url'),
      '/cams/api/v1/server/time',
    );
  });

  it('has one handler however often it is deployed', () => {
    for (let turn = 0; turn < 5; turn++) attach(fake.red, new LenfocusServer({ basePath: '/x' }))();
    assert.deepEqual([fake.handlers.length, fake.server.listenerCount('upgrade')], [1, 1]);
  });

  it('wants a path, and a server that serves nodes', () => {
    assert.throws(() => fullPath(fake.red, '/'), { code: 'BAD_INPUT' });
    fake.settings['httpNodeRoot'] = false;
    assert.throws(() => fullPath(fake.red, '/cams'), { code: 'BAD_INPUT' });
    const without = { settings: {} } as unknown as Red;
    assert.throws(() => attach(without, new LenfocusServer()), { code: 'BAD_INPUT' });
  });
});
