import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SimulatedOnenet } from '../../../lib/simulators';
import type { Red } from '../../../nodes/shared/red';
import type { PictureMessage } from '../../../nodes/shared/picture-message';
import { startRuntime, type Reply, type Runtime } from '../support/runtime';
import { fieldsOf, flowWith, modules, type CaughtError } from './support';

const KEY = { acc: { apiKey: 'simulated-key' } };
const CHANNEL = { deviceId: '500000', channelId: '1' };

describe('OneNET nodes on the simulator', () => {
  let cloud: SimulatedOnenet;
  let url: string;
  let runtime: Runtime;
  let userDir: string;
  /** Gives the runtime a user directory, as a real one has. */
  const withUserDir = (RED: Red): void => {
    RED.settings['userDir'] = userDir;
  };

  beforeEach(async () => {
    userDir = mkdtempSync(join(tmpdir(), 'snapflow-onenet-'));
    cloud = new SimulatedOnenet();
    ({ url } = await cloud.start());
  });
  afterEach(async () => {
    await runtime.stop();
    await cloud.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  async function start(type: string, operation: string, values: Record<string, string>, more: object = {}) {
    const node = { type, operation, fields: fieldsOf({ ...CHANNEL, ...values }), ...more };
    runtime = await startRuntime([withUserDir, ...modules], flowWith(url, node), KEY);
  }

  function store(at: number): string {
    const device = cloud.world.device('500000');
    const channel = device.channel('1');
    return cloud.world.devicePicture(device, channel, { data: channel.camera.picture(at), at });
  }

  async function caught(): Promise<CaughtError> {
    return (await runtime.inbox('caught').next())['error'] as CaughtError;
  }

  it('X-ON-a takes a picture on a device and sends it as a picture message', async () => {
    await start('onenet-command', 'takePicture', {}, { view: true });
    runtime.send('n', { topic: 'gate' });
    const msg = (await runtime.inbox('out').next()) as PictureMessage;
    assert.equal(msg.topic, 'gate');
    assert.equal(msg.picture.source.system, 'onenet');
    assert.equal(msg.picture.bytes, msg.payload.length);
    assert.match(msg.filename, /\.jpg$/);
    assert.equal((await runtime.shown('n').next()).bytes, msg.payload.length);
  });

  it('ON-5.2 sends a list as a sequence whose last message has the count, up to the cap', async () => {
    for (let index = 0; index < 5; index++) store(Date.now() - index * 1000);
    await start('onenet-picture', 'listPictures', { pageSize: '2', cap: '4' });
    runtime.send('n', { topic: 'all', parts: { id: 'outer' } });
    const parts: { id: string; index: number; count?: number; parts: object }[] = [];
    for (let index = 0; index < 4; index++) {
      const msg = await runtime.inbox('out').next();
      assert.equal(msg.topic, 'all');
      parts.push(msg.parts as (typeof parts)[number]);
    }
    assert.deepEqual(
      parts.map(({ index, count }) => [index, count]),
      [
        [0, undefined],
        [1, undefined],
        [2, undefined],
        [3, 4],
      ],
    );
    assert.equal(new Set(parts.map(({ id }) => id)).size, 1);
    assert.deepEqual(parts[0]?.parts, { id: 'outer' });
    assert.equal((await runtime.completions('n').next()).error, undefined);
  });

  it('ON-5.2w watches: each new picture once, without a message, also across a restart', async () => {
    const first = store(Date.now() + 1500);
    await start('onenet-picture', 'watchPictures', { intervalSeconds: '1' }, { view: true });
    const seen = (await runtime.inbox('out').next()) as PictureMessage;
    assert.equal(seen.picture.name, first);
    assert.equal(seen.topic, 'onenet/500000/picture');
    assert.equal((await runtime.shown('n').next()).bytes, seen.payload.length);
    runtime.send('n', {});
    assert.equal((await caught()).code, 'BAD_INPUT');
    await runtime.stop();

    const second = store(Date.now() + 2000);
    await start('onenet-picture', 'watchPictures', { intervalSeconds: '1' });
    assert.equal(((await runtime.inbox('out').next()) as PictureMessage).picture.name, second);
  });

  it('ON-5.1 uploads through lanes: again after an outage, the proof beside the answer', async () => {
    await start('onenet-picture', 'uploadPicture', { picture: 'msg.payload' }, { view: true });
    const payload = cloud.world.device('500000').channel('1').camera.picture(Date.now());
    await cloud.setFault('error', { times: 1 });
    runtime.send('n', { payload, picture: { id: 'abc', takenAt: '2026-01-02T03:04:05.000Z' } });
    const msg = await runtime.inbox('out').next();
    const { attempts, system, pictureId } = msg['upload'] as Record<string, unknown>;
    assert.deepEqual([attempts, system, pictureId], [2, 'onenet', 'abc']);
    assert.equal((await runtime.shown('n').next()).bytes, payload.length);
    assert.match((msg.payload as { name: string }).name, /^1767323045-/);
    assert.equal(cloud.world.device('500000').channel('1').pictures.size, 1);

    runtime.send('n', { payload: Buffer.from('no picture') });
    assert.equal((await caught()).code, 'UNSUPPORTED_FORMAT');
  });

  it('ON-1.4 tells Catch nodes the code, and the platform’s own', async () => {
    await start('onenet-device', 'getDevice', { deviceId: 'msg.device' });
    runtime.send('n', {});
    const missing = await caught();
    assert.equal(missing.code, 'BAD_INPUT');
    runtime.send('n', { device: '7' });
    const error = await caught();
    assert.equal(error.code, 'NOT_FOUND');
    assert.notEqual(error.cause.platform?.code, undefined);
    assert.match(
      String((await runtime.statuses('n').until(({ fill }) => fill === 'red')).text),
      /status\.\w+$/,
    );
  });

  it('says at once that an operation is unknown or belongs to another node', async () => {
    await start('onenet-file', 'movePtz', {});
    runtime.send('n', {});
    assert.equal((await caught()).code, 'BAD_INPUT');
  });

  describe('their dialogs', () => {
    const draft = (address = url, credentials: object = {}) => ({
      config: { id: 'acc', type: 'onenet-account', address, timeout: 10 },
      credentials,
    });
    const ask = (path: string, body: object = {}, language?: string): Promise<Reply> =>
      runtime.post(
        `/snapflow/onenet/${path}`,
        { node: 'n', account: draft(), fields: fieldsOf(CHANNEL), ...body },
        language,
      );
    beforeEach(() => start('onenet-device', 'getDevice', {}));

    it('test the account', async () => {
      const { status, body } = await runtime.post('/snapflow/onenet/test', draft());
      assert.equal(status, 200);
      assert.equal((body['device'] as { deviceId: string }).deviceId, '500000');
      const refused = await runtime.post(
        '/snapflow/onenet/test',
        draft(url, { apiKey: 'typed-wrongly' }),
        'zh-CN',
      );
      assert.equal(refused.body['code'], 'AUTH_REJECTED');
      assert.match(String(refused.body['message']), /\p{Script=Han}/u);
      assert.doesNotMatch(JSON.stringify(refused.body), /typed-wrongly/);
    });

    it('use the stored key for the stored address only', async () => {
      const { status, body } = await runtime.post('/snapflow/onenet/test', draft('http://127.0.0.1:9'));
      assert.deepEqual([status, body['code']], [422, 'BAD_INPUT']);
    });

    it('list devices and channels to pick from', async () => {
      assert.deepEqual((await ask('devices')).body['choices'], [
        { value: '500000', label: 'camera · 500000' },
      ]);
      assert.deepEqual((await ask('channels')).body['choices'], [{ value: '1', label: 'ch1 · 1' }]);
    });

    it('try an operation, but none that changes something at the platform', async () => {
      const thumbnail = await ask('try', { operation: 'takeThumbnail' });
      assert.equal((thumbnail.body['pictures'] as Array<{ mime: string }>)[0]?.mime, 'image/jpeg');
      const moved = await ask('try', {
        operation: 'movePtz',
        fields: fieldsOf({ ...CHANNEL, movement: 'up' }),
      });
      assert.equal((moved.body['value'] as { state: string }).state, 'answered');
      const refused = await ask('try', { operation: 'deleteDevice' });
      assert.equal(refused.body['code'], 'BAD_INPUT');
      assert.ok(cloud.world.devices.has('500000'));
    });
  });
});
