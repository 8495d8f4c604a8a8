import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SimulatedHuaweiCamera, type SimulatedHuaweiCameraOptions } from '../../../lib/simulators';
import cameraModule from '../../../nodes/huawei/huawei-camera';
import snapshotModule from '../../../nodes/huawei/huawei-snapshot';
import type { PictureMessage } from '../../../nodes/shared/picture-message';
import type { Message } from '../../../nodes/shared/red';
import { startRuntime, type Credentials, type Runtime } from '../support/runtime';

const modules = [cameraModule, snapshotModule];
const LOGIN = { username: 'ApiAdmin', password: 'simulated' };

interface CaughtError {
  message: string;
  code: string;
  cause: { platform?: { httpStatus?: number; code?: unknown; message?: string }; retryable?: boolean };
}

describe('huawei-snapshot', () => {
  let camera: SimulatedHuaweiCamera;
  let address: string;
  let uuid: string;
  let runtime: Runtime | undefined;

  async function simulate(options: SimulatedHuaweiCameraOptions = {}): Promise<void> {
    camera = new SimulatedHuaweiCamera({ channels: [{ name: 'Entrance' }, { name: 'Yard' }], ...options });
    address = (await camera.start()).url;
    uuid = camera.channels[0]?.uuid ?? '';
  }

  beforeEach(() => simulate());
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
    await camera.stop();
  });

  function flow(cameraFields: object = {}, snapshotFields: object = {}) {
    return [
      { id: 'tab', type: 'tab' },
      { id: 'cam', type: 'huawei-camera', name: 'front', address, timeout: 10, ...cameraFields },
      {
        id: 'n',
        type: 'huawei-snapshot',
        z: 'tab',
        camera: 'cam',
        uuid,
        wires: [['out']],
        ...snapshotFields,
      },
      { id: 'out', type: 'collect', z: 'tab', wires: [] },
      { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
      { id: 'caught', type: 'collect', z: 'tab', wires: [] },
    ];
  }

  async function start(
    cameraFields: object = {},
    snapshotFields: object = {},
    credentials: Credentials = { cam: LOGIN },
  ): Promise<Runtime> {
    runtime = await startRuntime(modules, flow(cameraFields, snapshotFields), credentials);
    return runtime;
  }

  async function caught(from: Runtime): Promise<CaughtError> {
    return ((await from.inbox('caught').next()) as Message & { error: CaughtError }).error;
  }

  it('HW-1 sends the picture in the message that asked for it, done once', async () => {
    const red = await start();
    red.send('n', { payload: 'go', topic: 'door', order: 7 });
    const msg = (await red.inbox('out').next()) as PictureMessage;
    assert.deepEqual(msg.payload.subarray(0, 3), Buffer.from('ffd8ff', 'hex'));
    assert.equal(msg.topic, 'door');
    assert.equal(msg['order'], 7);
    assert.equal(msg.picture.format, 'jpeg');
    assert.equal(msg.picture.width, 640);
    assert.equal(msg.picture.bytes, msg.payload.length);
    assert.deepEqual(
      { ...msg.picture.source, channel: undefined },
      {
        system: 'huawei',
        device: 'front',
        kind: 'snapshot',
        channel: undefined,
      },
    );
    assert.match(msg.filename, /^front-\d{8}T\d{9}Z-1\.jpg$/);
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.equal(red.completions('n').all.length, 1);
    assert.equal((await red.statuses('n').next()).text, 'status.taking');
    assert.equal((await red.statuses('n').next()).text, 'status.taken');
  });

  it('asks once per picture when it is warm', async () => {
    const red = await start();
    for (let turn = 0; turn < 4; turn++) {
      red.send('n', {});
      await red.inbox('out').next();
    }
    assert.equal(camera.counters['requests'], 5);
    assert.equal(camera.counters['connections'], 1);
  });

  it('sends several pictures of one reply as a sequence', async () => {
    await camera.stop();
    await simulate({ pictures: 3 });
    const red = await start();
    red.send('n', { topic: 'door' });
    const messages = [
      await red.inbox('out').next(),
      await red.inbox('out').next(),
      await red.inbox('out').next(),
    ];
    assert.deepEqual(
      messages.map(({ parts }) => {
        const { index, count } = parts as { index: number; count: number };
        return [index, count];
      }),
      [
        [0, 3],
        [1, 3],
        [2, 3],
      ],
    );
  });

  it('takes UUID and channel from where the dialog says', async () => {
    const red = await start({}, { uuid: 'which', uuidType: 'msg', channel: 'number', channelType: 'msg' });
    const [, yard] = camera.channels;
    red.send('n', { which: yard?.uuid, number: yard?.id });
    const { picture } = (await red.inbox('out').next()) as PictureMessage;
    assert.equal(picture.source.channel, String(yard?.id));
    red.send('n', {});
    assert.equal((await caught(red)).code, 'BAD_INPUT');
    red.send('n', { which: yard?.uuid, number: 'first' });
    assert.match((await caught(red)).message, /whole number such as 101, not “first”/);
  });

  it('tells what the camera refused, with its own code and text', async () => {
    const red = await start({}, { uuid: 'no-such-channel' });
    red.send('n', { payload: 1 });
    const error = await caught(red);
    assert.match(error.cause.platform?.message ?? '', /UUID/);
    assert.notEqual(error.cause.platform?.code, undefined);
    assert.equal(red.completions('n').all.length, 1);
  });

  it('tells a wrong password after one try', async () => {
    const red = await start({}, {}, { cam: { ...LOGIN, password: 'not-the-password' } });
    red.send('n', {});
    const error = await caught(red);
    assert.equal(error.code, 'AUTH_REJECTED');
    assert.equal(camera.counters['refused'], 1);
    assert.doesNotMatch(JSON.stringify(error), /not-the-password/);
    assert.match(
      String((await red.statuses('n').until(({ fill }) => fill === 'red')).text),
      /status\.AUTH_REJECTED$/,
    );
  });

  it('costs one clear error per trigger while the camera is off, and works when it is back', async () => {
    const red = await start();
    await camera.setFault('off');
    for (let turn = 0; turn < 3; turn++) {
      red.send('n', {});
      assert.equal((await caught(red)).code, 'UNREACHABLE');
    }
    await camera.setFault();
    red.send('n', {});
    await red.inbox('out').next();
    assert.equal(red.inbox('caught').all.length, 3);
  });

  it('never sends a half picture; whole ones of a broken reply go on', async () => {
    await camera.stop();
    await simulate({ pictures: 3 });
    const red = await start();
    await camera.setFault('unfinished');
    red.send('n', { topic: 'door' });
    const { picture, payload } = (await red.inbox('out').next()) as PictureMessage;
    assert.equal(picture.bytes, payload.length);
    assert.equal((await caught(red)).code, 'PARTLY_DONE');
    assert.equal(red.inbox('out').all.length, 1);
    assert.equal(red.completions('n').all.length, 1);
  });

  it('shares, queues or rejects what comes meanwhile', async () => {
    await camera.stop();
    await simulate({ latencyMs: 50 });
    const shared = await start({}, { whenBusy: 'share' });
    for (let n = 0; n < 3; n++) shared.send('n', { n });
    const messages = [
      await shared.inbox('out').next(),
      await shared.inbox('out').next(),
      await shared.inbox('out').next(),
    ];
    assert.equal(camera.counters['snapshots'], 1);
    const [first, second] = messages as PictureMessage[];
    first?.payload.fill(0);
    assert.equal(second?.payload[0], 0xff, 'the copies share no memory');

    await shared.deploy(flow({}, { whenBusy: 'queue' }));
    for (let n = 0; n < 3; n++) shared.send('n', { n });
    for (let n = 0; n < 3; n++) assert.equal((await shared.inbox('out').next())['n'], n);
    assert.equal(camera.counters['snapshots'], 4);

    await shared.deploy(flow({}, { whenBusy: 'reject' }));
    shared.send('n', { n: 0 });
    shared.send('n', { n: 1 });
    assert.equal((await caught(shared)).code, 'DEVICE_BUSY');
    assert.equal((await shared.inbox('out').next())['n'], 0);
  });

  it('takes user and password from the environment of its flow', async () => {
    process.env['SNAPFLOW_TEST_PASSWORD'] = 'simulated';
    const red = await start(
      { usernameType: 'cred', passwordType: 'env', passwordFrom: 'SNAPFLOW_TEST_PASSWORD' },
      {},
      { cam: { username: 'ApiAdmin' } },
    );
    delete process.env['SNAPFLOW_TEST_PASSWORD'];
    red.send('n', {});
    await red.inbox('out').next();
  });

  it('says that no camera is chosen', async () => {
    const red = await start({}, { camera: '' });
    red.send('n', {});
    assert.match((await caught(red)).message, /Choose the configuration/);
  });

  it('ends a running snapshot when the node is closed', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const red = await start({ address: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
    red.send('n', { payload: 1 });
    const [request] = (await once(silent, 'request')) as [IncomingMessage];
    const gone = once(request.socket, 'close');
    await red.deploy([{ id: 'tab', type: 'tab' }]);
    await gone;
    const { error } = (await red.completions('n').next()) as { error?: { code?: string } };
    assert.equal(error?.code, 'CLOSED');
    await new Promise((resolve) => silent.close(resolve));
  });
});
