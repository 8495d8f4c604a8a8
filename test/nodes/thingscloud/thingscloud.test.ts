import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { makePicture } from '../../../lib/picture';
import { SimulatedThingsCloud, type SimulatedThingsCloudOptions } from '../../../lib/simulators';
import { outboxKey } from '../../../nodes/shared/delivery/words';
import type { Message } from '../../../nodes/shared/red';
import projectModule from '../../../nodes/thingscloud/thingscloud-project';
import uploadModule from '../../../nodes/thingscloud/thingscloud-upload';
import { startRuntime, type Credentials, type Flow, type Runtime } from '../support/runtime';

const modules = [projectModule, uploadModule];
const TOKEN = 'device-token-1';
const SECRETS: Credentials = { project: { projectKey: 'simulated-key' }, n: { accessToken: TOKEN } };

/** A GIF of one pixel, distinguishable by a number in its comment. */
function gif(number: number): Buffer {
  return Buffer.concat([
    Buffer.from('GIF89a\x01\0\x01\0\0\0\0\x21\xfe\x01', 'latin1'),
    Buffer.from([number, 0, 0x3b]),
  ]);
}

interface CaughtError {
  message: string;
  code: string;
  cause: { platform?: { code?: unknown; httpStatus?: number } };
}

describe('thingscloud-upload', () => {
  let cloud: SimulatedThingsCloud;
  let endpoint: string;
  let runtime: Runtime | undefined;

  async function simulate(options: SimulatedThingsCloudOptions = {}): Promise<void> {
    cloud = new SimulatedThingsCloud({ paceMs: 0, ...options });
    endpoint = (await cloud.start()).url;
  }

  beforeEach(() => simulate());
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
    await cloud.stop();
  });

  function flow(project: object = {}, upload: object = {}): Flow {
    return [
      { id: 'tab', type: 'tab' },
      { id: 'project', type: 'thingscloud-project', endpoint, region: 'simulated', pace: 0, ...project },
      {
        id: 'n',
        type: 'thingscloud-upload',
        z: 'tab',
        project: 'project',
        identifier: 'photo',
        wires: [['out']],
        ...upload,
      },
      { id: 'out', type: 'collect', z: 'tab', wires: [] },
      { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
      { id: 'caught', type: 'collect', z: 'tab', wires: [] },
    ];
  }

  async function start(project: object = {}, upload: object = {}, secrets = SECRETS): Promise<Runtime> {
    runtime = await startRuntime(modules, flow(project, upload), secrets);
    return runtime;
  }

  async function caught(from: Runtime): Promise<CaughtError> {
    return ((await from.inbox('caught').next()) as Message & { error: CaughtError }).error;
  }

  it('TC-1 delivers the picture and sends the proof, done once', async () => {
    const red = await start();
    const picture = makePicture(gif(1), { source: { system: 'huawei', device: 'front' } }).info;
    red.send('n', { payload: gif(1), picture, topic: 'door', order: 7 });
    const msg = await red.inbox('out').next();
    assert.equal(cloud.pictures[0]?.identifier, 'photo');
    assert.deepEqual(cloud.pictures[0]?.data, gif(1));
    const answer = msg.payload as { result: number; image_url: string };
    assert.equal(answer.result, 1);
    const { waitedMs, tookMs, ...proof } = msg['upload'] as Record<string, unknown>;
    assert.deepEqual(proof, {
      system: 'thingscloud',
      url: answer.image_url,
      pictureId: picture.id,
      attempts: 1,
    });
    assert.ok(Number.isInteger(waitedMs) && Number.isInteger(tookMs));
    assert.deepEqual(msg['picture'], picture);
    assert.equal(msg.topic, 'door');
    assert.equal(msg['order'], 7);
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.equal(red.completions('n').all.length, 1);
    assert.equal((await red.statuses('n').next()).text, outboxKey('status.uploading'));
    assert.equal((await red.statuses('n').next()).text, outboxKey('status.uploaded'));
    assert.deepEqual(red.shown('n').all, []);
  });

  it('TC-1 shows the picture that it is given, when asked to', async () => {
    const red = await start({}, { view: true });
    red.send('n', { payload: gif(1) });
    assert.equal((await red.shown('n').next()).bytes, gif(1).length);
    await red.inbox('out').next();
  });

  it('takes token and identifier from the message', async () => {
    const red = await start(
      {},
      { accessTokenType: 'msg', accessTokenFrom: 'device.token', identifier: 'slot', identifierType: 'msg' },
      { project: { projectKey: 'simulated-key' } },
    );
    red.send('n', { payload: gif(1), device: { token: 'other-device' }, slot: 'a/b' });
    await red.inbox('out').next();
    assert.equal(cloud.pictures[0]?.identifier, 'a/b');
    assert.match(cloud.pictures[0]?.device ?? '', /^othe/);
    red.send('n', { payload: gif(1), slot: 'x' });
    assert.equal((await caught(red)).code, 'BAD_INPUT');
  });

  it('refuses what is no picture before it is sent', async () => {
    const red = await start({ maxPictureBytes: 16 });
    for (const [payload, code] of [
      ['text', 'BAD_INPUT'],
      [Buffer.alloc(0), 'BAD_INPUT'],
      [Buffer.from('<html>error page</html>'), 'UNSUPPORTED_FORMAT'],
      [gif(1), 'TOO_LARGE'],
    ] as const) {
      red.send('n', { payload });
      assert.equal((await caught(red)).code, code);
    }
    assert.equal(cloud.counters['requests'], 0);
  });

  it('reports PARTLY_DONE to Catch nodes and does not send again', async () => {
    const red = await start();
    cloud.nextError(4009);
    red.send('n', { payload: gif(1) });
    const error = await caught(red);
    assert.equal(error.code, 'PARTLY_DONE');
    assert.equal(error.cause.platform?.code, 4009);
    assert.equal(cloud.counters['uploads'], 1);
    assert.doesNotMatch(JSON.stringify(error), new RegExp(TOKEN));
    assert.match(String((await red.statuses('n').until(({ fill }) => fill === 'red')).text), /PARTLY_DONE$/);
  });

  it('keeps the order of a device, two upload nodes together', async () => {
    const second = {
      id: 'n2',
      type: 'thingscloud-upload',
      z: 'tab',
      project: 'project',
      identifier: 'photo',
      wires: [['out']],
    };
    runtime = await startRuntime(modules, [...flow({ pace: 0.01 }), second], {
      ...SECRETS,
      n2: { accessToken: TOKEN },
    });
    for (let number = 1; number <= 6; number++)
      runtime.send(number % 2 ? 'n' : 'n2', { payload: gif(number), number });
    for (let number = 1; number <= 6; number++)
      assert.equal((await runtime.inbox('out').next())['number'], number);
    assert.match(
      String((await runtime.statuses('n').until(({ text }) => /waiting/.test(text ?? ''))).text),
      /waiting/,
    );
  });

  it('holds a device whose key is refused, says so, and goes on when told', async () => {
    const red = await start();
    const warnings = new Promise<string>((resolve) => {
      red.node('n').warn = resolve;
    });
    cloud.nextError(1022);
    red.send('n', { payload: gif(1), number: 1 });
    red.send('n', { payload: gif(2), number: 2 });
    const held = await red.statuses('n').until(({ fill }) => fill === 'yellow');
    assert.equal(held.text, outboxKey('status.held'));
    assert.match(await warnings, /project key is wrong/);
    assert.equal(cloud.counters['uploads'], 1);
    red.send('n', { resume: true });
    assert.equal((await red.inbox('out').next())['number'], 1);
    assert.equal((await red.inbox('out').next())['number'], 2);
    assert.equal(red.inbox('caught').all.length, 0);
    assert.equal(red.completions('n').all.length, 3);
  });

  it('refuses what there is no room for, and keeps the rest', async () => {
    await cloud.setFault('slow', { ms: 100 });
    const red = await start({ maxWaiting: 2 });
    for (let number = 1; number <= 3; number++) red.send('n', { payload: gif(number), number });
    assert.equal((await caught(red)).code, 'QUEUE_FULL');
    assert.equal((await red.inbox('out').next())['number'], 1);
    assert.equal((await red.inbox('out').next())['number'], 2);
  });

  it('reports what waits as CLOSED when the project is closed: none vanishes', async () => {
    await cloud.setFault('slow', { ms: 60_000 });
    const red = await start();
    for (let number = 1; number <= 3; number++) red.send('n', { payload: gif(number), number });
    await red.statuses('n').next();
    await red.deploy([{ id: 'tab', type: 'tab' }]);
    for (let number = 1; number <= 3; number++) {
      const { error } = (await red.completions('n').next()) as { error?: { code?: string } };
      assert.equal(error?.code, 'CLOSED');
    }
  });

  it('goes on uploading when only the upload node is deployed again', async () => {
    await cloud.setFault('slow', { ms: 50 });
    const red = await start();
    for (let number = 1; number <= 3; number++) red.send('n', { payload: gif(number), number });
    await red.statuses('n').next();
    await red.deploy(flow({}, { name: 'changed' }), 'nodes');
    for (let number = 1; number <= 3; number++)
      assert.equal((await red.inbox('out').next())['number'], number);
  });

  it('says what is wrong with the project, on every message', async () => {
    const red = await start({ endpoint: '' });
    red.send('n', { payload: gif(1) });
    const error = await caught(red);
    assert.equal(error.code, 'BAD_INPUT');
    assert.match(error.message, /endpoint/);
  });
});
