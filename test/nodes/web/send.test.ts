import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SimulatedHttpStore } from '../../../lib/simulators';
import type { Message } from '../../../nodes/shared/red';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import fetchModule from '../../../nodes/web/snapflow-fetch';
import sendModule from '../../../nodes/web/snapflow-send';
import { freePorts } from '../../support/node-red';
import { jpeg } from '../../lib/huawei/raw-camera';
import { root } from '../support/package';
import { openResources } from '../support/resources';
import { startRuntime, type Credentials, type Flow, type Runtime } from '../support/runtime';
import { sendFlow } from './send-flow';

const EMPTY: Flow = [{ id: 'empty', type: 'tab' }];
const picture = jpeg(64, 48);
const info = { id: 'a1', takenAt: '2026-11-29T08:09:10.123Z', source: { system: 'huawei', device: 'door' } };

describe('snapflow-send', () => {
  let store: SimulatedHttpStore;
  let address: string;
  let runtime: Runtime | undefined;

  beforeEach(async () => {
    store = new SimulatedHttpStore({ token: 'T0ken' });
    address = (await store.start()).url;
  });
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
    await store.stop();
  });

  async function start(
    fields: object = {},
    credentials: Credentials = { n: { token: 'T0ken' } },
  ): Promise<Runtime> {
    runtime = await startRuntime(
      [sendModule],
      sendFlow({ address, path: '/p/{device}-{id}.{ext}', auth: 'bearer', ...fields }),
      credentials,
    );
    return runtime;
  }

  it('sends the picture and passes the proof on, done once', async () => {
    const red = await start();
    red.send('n', { payload: picture, picture: info, topic: 'kept' });
    const msg = (await red.inbox('out').next()) as Message & { upload: Record<string, unknown> };
    assert.deepEqual([msg.topic, msg.payload], ['kept', { stored: '/p/door-a1.jpg', bytes: picture.length }]);
    const { url, status, pictureId, attempts, system } = msg.upload;
    assert.deepEqual(
      [url, status, pictureId, attempts, system],
      [`${address}/p/door-a1.jpg`, 201, 'a1', 1, 'snapflow'],
    );
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.deepEqual(store.files[0]?.data, picture);
  });

  it('sends again what a failure kept, in order, and holds what a wrong token stops', async () => {
    await store.setFault('error', { times: 1 });
    const red = await start();
    for (const id of ['1', '2']) red.send('n', { payload: picture, picture: { ...info, id } });
    const first = (await red.inbox('out').next()) as Message & { upload: { attempts: number } };
    assert.ok(first.upload.attempts > 1);
    await red.inbox('out').next();
    assert.deepEqual(
      store.files.map(({ path }) => path),
      ['/p/door-1.jpg', '/p/door-2.jpg'],
    );
    await store.setFault('wrong-password');
    red.send('n', { payload: picture, picture: { ...info, id: '3' } });
    await red.statuses('n').until(({ text = '' }) => /held/.test(text));
    await store.setFault();
    red.send('n', { outbox: 'resume' });
    await red.inbox('out').next();
    assert.equal(store.files.length, 3);
  });

  it('gives up what the server refuses, and what is no picture, with the reason', async () => {
    await store.setFault('error', { status: 422 });
    const red = await start({ content: 'form', fields: 'camera={device}\n\nx = y=z' });
    for (const payload of [picture, Buffer.from('this is no picture')]) {
      red.send('n', { payload, picture: info });
      const { error } = (await red.inbox('caught').next()) as Message & { error: { code: string } };
      assert.match(error.code, /DEVICE_REFUSED|UNSUPPORTED_FORMAT/);
    }
    await store.setFault();
    red.send('n', { payload: picture, picture: info });
    await red.inbox('out').next();
    assert.deepEqual(store.files[0]?.fields, { camera: 'door', x: 'y=z' });
  });

  it('keeps pictures on disk without its secrets, when told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'snapflow-send-'));
    try {
      await store.setFault('off');
      const red = await start({ outbox: { keep: 'disk', folder } });
      red.send('n', { payload: picture, picture: info });
      assert.equal((await red.completions('n').next()).error, undefined);
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) =>
        one.isFile(),
      );
      for (const file of files) {
        assert.doesNotMatch(readFileSync(join(file.parentPath, file.name), 'latin1'), /T0ken/);
      }
      await store.setFault();
      const msg = (await red.inbox('out').next()) as Message & { upload: { pictureId: string } };
      assert.equal(msg.upload.pictureId, 'a1');
    } finally {
      await runtime?.stop();
      runtime = undefined;
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('says what is missing', async () => {
    const red = await start({}, {});
    assert.match((await red.statuses('n').next()).text ?? '', /BAD_INPUT/);
    await red.stop();
    const other = await start({ content: 'form', fields: 'no field' });
    assert.match((await other.statuses('n').next()).text ?? '', /BAD_INPUT/);
  });
});

describe('the example snapflow-send', () => {
  it('sends pictures of the simulated camera through an outage, and leaves nothing when it is deployed anew', async () => {
    const ports = await freePorts('18104', '18105');
    let text = readFileSync(join(root, 'examples/snapflow-send.json'), 'utf8');
    for (const [from, to] of Object.entries(ports)) text = text.replaceAll(from, String(to));
    const flow = (JSON.parse(text) as Flow)
      .filter(({ type }) => !['comment', 'inject', 'catch'].includes(type))
      .map((node) => (node.type === 'debug' ? { ...node, type: 'collect' } : node));
    const idOf = (name: string) => flow.find((node) => node.name?.startsWith(name))?.id ?? '';
    const runtime = await startRuntime([fetchModule, sendModule, simulatorModule], []);
    try {
      await runtime.deploy(flow);
      await runtime.deploy(EMPTY);
      const before = openResources();
      await runtime.deploy(flow);
      for (const name of ['simulated camera', 'simulated store']) {
        await runtime.statuses(idOf(name)).until(({ fill }) => fill === 'green');
      }
      runtime.send(idOf('Entrance'), {});
      const sent = runtime.inbox(idOf('sent'));
      assert.equal(((await sent.next()) as Message & { upload: { status: number } }).upload.status, 201);
      runtime.send(idOf('simulated store'), { fault: { name: 'error', times: 1 } });
      await runtime.statuses(idOf('simulated store')).until(({ fill }) => fill === 'yellow');
      runtime.send(idOf('Entrance'), {});
      assert.ok(((await sent.next()) as Message & { upload: { attempts: number } }).upload.attempts > 1);
      await runtime.deploy(EMPTY);
      assert.deepEqual(openResources(), before);
    } finally {
      await runtime.stop();
    }
  });
});
