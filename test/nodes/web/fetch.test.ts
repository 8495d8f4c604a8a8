import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SimulatedSnapshotCamera } from '../../../lib/simulators';
import type { PictureMessage } from '../../../nodes/shared/picture-message';
import type { Message } from '../../../nodes/shared/red';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import fetchModule from '../../../nodes/web/snapflow-fetch';
import { freePorts } from '../../support/node-red';
import { root } from '../support/package';
import { openResources } from '../support/resources';
import { startRuntime, type Credentials, type Flow, type Runtime } from '../support/runtime';

const LOGIN = { username: 'admin', password: 'simulated' };
const EMPTY: Flow = [{ id: 'empty', type: 'tab' }];

describe('snapflow-fetch', () => {
  let camera: SimulatedSnapshotCamera;
  let address: string;
  let fingerprint: string | undefined;
  let runtime: Runtime | undefined;

  beforeEach(async () => {
    camera = new SimulatedSnapshotCamera({ tls: true });
    ({ url: address, fingerprint } = await camera.start());
  });
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
    await camera.stop();
  });

  const usual = () => ({ address, auth: 'digest', tlsMode: 'pin', fingerprint, timeout: 10 });

  async function start(fields: object = {}, credentials: Credentials = { n: LOGIN }): Promise<Runtime> {
    runtime = await startRuntime(
      [fetchModule],
      [
        { id: 'tab', type: 'tab' },
        { id: 'n', type: 'snapflow-fetch', z: 'tab', path: '/p', wires: [['out']], ...usual(), ...fields },
        { id: 'out', type: 'collect', z: 'tab', wires: [] },
        { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
        { id: 'caught', type: 'collect', z: 'tab', wires: [] },
      ],
      credentials,
    );
    return runtime;
  }

  async function caught(from: Runtime): Promise<{ code: string; message: string }> {
    const { error } = (await from.inbox('caught').next()) as Message & {
      error: { code: string; message: string };
    };
    return error;
  }

  it('sends the picture in the message that asked for it, done once', async () => {
    const red = await start({ device: 'who', deviceType: 'msg' });
    red.send('n', { payload: 'go', topic: 'door', order: 7, who: 'Yard' });
    const msg = (await red.inbox('out').next()) as PictureMessage;
    assert.equal(msg.payload.subarray(0, 3).toString('hex'), 'ffd8ff');
    assert.deepEqual([msg.topic, msg['order'], msg.picture.width], ['door', 7, 640]);
    assert.deepEqual(msg.picture.source, { system: 'snapflow', device: 'Yard', kind: 'snapshot' });
    assert.match(msg.filename, /^Yard-\d{8}T\d{9}Z-1\.jpg$/);
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.equal((await red.statuses('n').next()).text, 'status.taking');
    assert.equal((await red.statuses('n').next()).text, 'status.taken');
  });

  it('shares a running snapshot of one address, takes others beside it', async () => {
    await camera.setFault('slow', { ms: 200 });
    const red = await start({ path: 'where', pathType: 'msg' });
    for (const where of ['/a', '/a', '/b']) red.send('n', { where });
    const messages = [];
    for (let count = 0; count < 3; count++) messages.push(await red.inbox('out').next());
    assert.equal(camera.counters['snapshots'], 2);
    assert.equal(new Set(messages.map(({ payload }) => payload)).size, 3);
  });

  it('takes the path from the message, and never another host with its login', async () => {
    const red = await start({ path: 'where', pathType: 'msg' });
    const other = new SimulatedSnapshotCamera({ auth: false });
    const { url } = await other.start();
    red.send('n', { where: `${url}/p` });
    assert.equal((await caught(red)).code, 'BAD_INPUT');
    assert.equal(other.counters['requests'], 0);
    await other.stop();
  });

  it('fetches whole addresses of messages when it has no login', async () => {
    const open = new SimulatedSnapshotCamera({ auth: false });
    const { url } = await open.start();
    const red = await start(
      { address: '', auth: 'none', tlsMode: 'verify', path: 'where', pathType: 'msg' },
      {},
    );
    red.send('n', { where: `${url}/p?x=1` });
    const { picture } = (await red.inbox('out').next()) as PictureMessage;
    assert.equal(picture.source.device, new URL(url).host);
    await open.stop();
  });

  it('tells failures to Catch nodes, and settings that cannot work at once', async () => {
    const red = await start({}, { n: { ...LOGIN, password: 'typed-wrongly' } });
    red.send('n', {});
    const error = await caught(red);
    assert.equal(error.code, 'AUTH_REJECTED');
    assert.doesNotMatch(JSON.stringify(error), /typed-wrongly/);
    await red.stop();
    const stream = await start({ address: 'rtsp://192.0.2.1/live' });
    stream.send('n', {});
    assert.match((await caught(stream)).message, /rtsp/);
  });

  it('tests, takes a picture and trusts from the dialog, with the stored login for the stored address only', async () => {
    const red = await start();
    const draft = (fields: object = {}, credentials: object = {}) => ({
      config: { id: 'n', type: 'snapflow-fetch', path: '/p', pathType: 'str', ...usual(), ...fields },
      credentials,
    });
    const taken = await red.post('/snapflow/web/snapshot', draft());
    assert.equal(taken.status, 200);
    const [picture] = taken.body['pictures'] as Array<{ width: number; data: string }>;
    assert.equal(picture?.width, 640);
    const tested = await red.post('/snapflow/web/test', draft({ path: 'where', pathType: 'msg' }));
    assert.deepEqual([tested.body['status'], tested.body['type']], [200, 'image/jpeg']);

    const refused = await red.post('/snapflow/web/test', draft({ tlsMode: 'verify', auth: 'none' }));
    assert.equal(refused.body['code'], 'CERTIFICATE_REJECTED');
    assert.equal((refused.body['details'] as { fingerprint: string }).fingerprint, fingerprint);

    const elsewhere = await red.post(
      '/snapflow/web/snapshot',
      draft({ address: 'https://127.0.0.1:9' }),
      'zh-CN',
    );
    assert.deepEqual([elsewhere.status, elsewhere.body['code']], [422, 'BAD_INPUT']);
    assert.match(String(elsewhere.body['message']), /\p{Script=Han}/u);
    const unknown = await red.post('/snapflow/web/snapshot', draft({ path: 'where', pathType: 'msg' }));
    assert.equal(unknown.body['code'], 'BAD_INPUT');
    const { presets } = (await red.post('/snapflow/web/presets', {})).body as {
      presets: Array<{ path: string }>;
    };
    assert.ok(presets.every(({ path }) => path.startsWith('/')));
  });
});

describe('the example snapflow-fetch', () => {
  it('takes pictures by URL and by message, and leaves nothing when it is deployed anew', async () => {
    const ports = await freePorts('18101');
    const text = readFileSync(join(root, 'examples/snapflow-fetch.json'), 'utf8');
    const flow = (JSON.parse(text.replaceAll('18101', String(ports['18101']))) as Flow)
      .filter(({ type }) => !['comment', 'inject'].includes(type))
      .map((node) => (node.type === 'debug' ? { ...node, type: 'collect' } : node));
    const idOf = (name: string) => flow.find((node) => node.name?.startsWith(name))?.id ?? '';
    // With a catch node from the start: only then does the helper load that type.
    const runtime = await startRuntime(
      [fetchModule, simulatorModule],
      flow.filter(({ type }) => type === 'catch'),
    );
    try {
      await runtime.deploy(flow);
      await runtime.deploy(EMPTY);
      const before = openResources();
      await runtime.deploy(flow);
      await runtime.statuses(idOf('simulated')).until(({ fill }) => fill === 'green');
      runtime.send(idOf('Entrance'), {});
      assert.equal(
        ((await runtime.inbox(idOf('picture')).next()) as PictureMessage).picture.source.device,
        'Entrance',
      );
      runtime.send(idOf('path'), { path: '/ISAPI/Streaming/channels/201/picture', device: 'Yard' });
      assert.equal(
        ((await runtime.inbox(idOf('picture')).next()) as PictureMessage).picture.source.device,
        'Yard',
      );
      runtime.send(idOf('simulated'), { fault: 'login-page' });
      await runtime.statuses(idOf('simulated')).until(({ fill }) => fill === 'yellow');
      runtime.send(idOf('Entrance'), {});
      const { error } = (await runtime.inbox(idOf('error ')).next()) as Message & { error: { code: string } };
      assert.equal(error.code, 'BAD_RESPONSE');
      await runtime.deploy(EMPTY);
      assert.deepEqual(openResources(), before);
    } finally {
      await runtime.stop();
    }
  });
});
