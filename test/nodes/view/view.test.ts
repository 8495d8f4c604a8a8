import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ShownPicture } from '../../../nodes/shared/node-view';
import type { Red } from '../../../nodes/shared/red';
import viewModule from '../../../nodes/view/snapflow-view';
import { Inbox } from '../support/inbox';
import { startRuntime, type Flow, type Runtime } from '../support/runtime';

interface Told {
  topic: string;
  data: Partial<ShownPicture>;
  retain: boolean;
}

/** A GIF of a size in pixels and in bytes. */
function gif(width: number, bytes = 13): Buffer {
  const data = Buffer.alloc(bytes);
  data.write('GIF89a', 'latin1');
  data.writeUInt16LE(width, 6);
  return data;
}

const flow = (fields: object = {}): Flow => [
  { id: 'tab', type: 'tab' },
  { id: 'n', type: 'snapflow-view', z: 'tab', view: true, wires: [['out']], ...fields },
  { id: 'out', type: 'collect', z: 'tab', wires: [] },
];

describe('snapflow-view', () => {
  let runtime: Runtime;
  let told: Inbox<Told>;
  let permissions: string[];
  let base: string;
  let closeServer: () => Promise<void>;

  beforeEach(async () => {
    told = new Inbox();
    permissions = [];
    const listening = (RED: Red): void => {
      const guarded: Red = {
        ...RED,
        comms: { publish: (topic, data, retain) => told.put({ topic, data, retain }) },
        auth: {
          needsPermission(permission) {
            permissions.push(permission);
            return (request, response, next) => {
              if (request.headers.authorization === 'Bearer t') next();
              else response.status(401).json({});
            };
          },
        },
      };
      viewModule(guarded);
    };
    runtime = await startRuntime([listening], flow());
    const server = await runtime.listen();
    base = `http://127.0.0.1:${server.port}/snapflow/view/`;
    closeServer = () => server.close();
  });
  afterEach(async () => {
    await closeServer();
    await runtime.stop();
  });

  const get = (path: string) => fetch(base + path, { headers: { authorization: 'Bearer t' } });

  it('lets every message through as it came, done once', async () => {
    for (const payload of [gif(3), 'text', Buffer.from('no picture')]) {
      runtime.send('n', { payload, topic: 'door', other: { n: 1 } });
      const { payload: passed, topic, other } = await runtime.inbox('out').next();
      assert.deepEqual({ passed, topic, other }, { passed: payload, topic: 'door', other: { n: 1 } });
      assert.equal((await runtime.completions('n').next()).error, undefined);
    }
    assert.equal(runtime.completions('n').all.length, 3);
    assert.equal((await runtime.statuses('n').next()).text, 'status.noPicture');
  });

  it('offers its last picture to users who may read the flows, typed by its bytes, for no cache', async () => {
    runtime.send('n', { payload: gif(7), picture: { mime: 'text/html' } });
    const { topic, data } = await told.next();
    assert.equal(topic, 'snapflow/view/n');
    assert.equal(data.width, 7);
    const reply = await get('n');
    assert.equal(reply.status, 200);
    assert.deepEqual(Buffer.from(await reply.arrayBuffer()), gif(7));
    const header = (name: string) => reply.headers.get(name);
    assert.equal(header('content-type'), 'image/gif');
    assert.equal(header('content-length'), '13');
    assert.equal(header('x-content-type-options'), 'nosniff');
    assert.equal(header('cache-control'), 'no-store');
    assert.equal(header('cross-origin-resource-policy'), 'same-origin');
    assert.match(header('content-security-policy') ?? '', /sandbox/);
  });

  it('shows it to nobody else', async () => {
    runtime.send('n', { payload: gif(7) });
    await told.next();
    assert.equal((await fetch(`${base}n`)).status, 401);
    assert.deepEqual(permissions, ['flows.read']);
  });

  it('sends more than 8 MiB only when asked for the whole', async () => {
    const large = gif(7, 8 * 1024 * 1024 + 1);
    runtime.send('n', { payload: large });
    assert.equal((await told.next()).data.large, true);
    const refused = await get('n');
    assert.equal(refused.status, 413);
    assert.deepEqual(await refused.json(), { code: 'TOO_LARGE' });
    const whole = await get('n?whole=1');
    assert.equal(whole.status, 200);
    assert.equal((await whole.arrayBuffer()).byteLength, large.length);
  });

  it('has none before the first picture, after a redeploy, or of other nodes', async () => {
    assert.equal((await get('n')).status, 404);
    runtime.send('n', { payload: gif(7) });
    await told.next();
    assert.equal((await get('out')).status, 404);
    assert.equal((await get('__proto__')).status, 404);
    await runtime.deploy(flow({ name: 'again' }));
    assert.deepEqual(await told.next(), { topic: 'snapflow/view/n', data: {}, retain: false });
    assert.equal((await get('n')).status, 404);
  });

  it('keeps nothing while its option is off', async () => {
    await runtime.deploy(flow({ view: false }));
    runtime.send('n', { payload: gif(7) });
    await runtime.inbox('out').next();
    assert.equal((await get('n')).status, 404);
    assert.deepEqual(told.all, []);
  });
});
