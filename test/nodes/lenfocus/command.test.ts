import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Scene } from '../../../lib/simulators';
import type { PictureMessage } from '../../../nodes/shared/picture-message';
import { Bench, COMMAND, SN } from './bench';

const stored = (fields: Record<string, readonly [type: string, value: string]>) =>
  JSON.stringify(
    Object.fromEntries(Object.entries(fields).map(([name, [type, value]]) => [name, { type, value }])),
  );

const PERIOD = { start: ['str', '2020-01-01 00:00:00'], end: ['msg', 'until'] } as const;

describe('lenfocus-command', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.stop());

  it('LF-1.9 asks a camera and sends its answer, done once', async () => {
    const red = await bench.start({}, [
      { ...COMMAND, operation: 'reboot', fields: stored({ delayMs: ['num', '50'] }) },
    ]);
    const camera = await bench.online();
    red.send('n', { topic: 'mine', order: 7 });
    const msg = await red.inbox('out').next();
    assert.deepEqual(msg.payload, { done: true });
    assert.deepEqual([msg.topic, msg['order']], ['mine', 7]);
    const command = msg['command'] as { operation: string; device: { sn: string; name: string } };
    assert.equal(command.operation, 'reboot');
    assert.deepEqual([command.device.sn, command.device.name], [SN, 'Door']);
    assert.equal(camera.counters['commands'], 1);
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.equal((await red.statuses('n').until(({ fill }) => fill === 'green')).text, 'status.answered');
  });

  it('LF-1.6 sends the values of each type, groups too, and nothing that is not given', async () => {
    const fields = stored({
      normal: ['bool', 'true'],
      onDisconnect: ['msg', 'offline'],
      onAlarm: ['bool', 'false'],
      audio: ['bool', 'true'],
      fileMinutes: ['num', '5'],
      whenFull: ['choice', '1'],
      faceServer: ['none', ''],
      'preRecord.enable': ['jsonata', 'offline = 1'],
      'preRecord.seconds': ['num', '10'],
      delayMs: ['num', '50'],
    });
    const red = await bench.start({}, [{ ...COMMAND, operation: 'setRecording', fields }]);
    const camera = await bench.online();
    red.send('n', { offline: 1 });
    await red.inbox('out').next();
    assert.deepEqual(camera.device.settings.recording, {
      normal_record: 1,
      disconnect_record: 1,
      alarm_record: 0,
      audio_enable: 1,
      file_len: 5,
      strategy: 1,
      pre_record: { enable: 1, duration: 10 },
    });
  });

  it('LF-1.8 fetches a paged list whole', async () => {
    const fields = stored({ ...PERIOD, pageSize: ['num', '20'] });
    const red = await bench.start({ limits: '{"maxListItems": 45}' }, [
      { ...COMMAND, operation: 'videoList', fields },
      { ...COMMAND, id: 'whole', operation: 'videoList', fields, whole: true },
    ]);
    await bench.online({ videos: 60 });
    const ask = async (id: string) => {
      red.send(id, { until: '2099-01-01 00:00:00' });
      return (await red.inbox('out').next()).payload as {
        total: number;
        items: unknown[];
        complete: boolean;
      };
    };
    const page = await ask('n');
    assert.deepEqual([page.items.length, page.total, page.complete], [20, 60, false]);
    const list = await ask('whole');
    assert.deepEqual([list.items.length, list.total, list.complete], [45, 60, false]);
  });

  it('LF-1.12 LF-1.15 takes a photo from the payload, and refuses a delete without id before it is sent', async () => {
    const person = stored({
      personId: ['msg', 'id'],
      name: ['str', '李四'],
      gender: ['choice', '1'],
      age: ['num', '30'],
      category: ['choice', '1'],
      photo: ['msg', 'payload'],
    });
    const red = await bench.start({}, [
      { ...COMMAND, operation: 'addPerson', fields: person },
      { ...COMMAND, id: 'delete', operation: 'deletePerson', fields: stored({ personId: ['msg', 'id'] }) },
    ]);
    const camera = await bench.online();
    red.send('n', { id: '42', payload: new Scene({ name: 'face' }).picture() });
    assert.deepEqual((await red.inbox('out').next()).payload, { done: true });
    const { commands } = camera.counters;
    red.send('delete', {});
    assert.equal((await bench.caught()).code, 'BAD_INPUT');
    assert.equal(camera.counters['commands'], commands);
  });

  it('X-LF reads a picture off the camera as any source sends one', async () => {
    const red = await bench.start({}, [
      { ...COMMAND, operation: 'faceCaptures', fields: stored(PERIOD) },
      { ...COMMAND, id: 'read', operation: 'readFile', fields: stored({ path: ['msg', 'path'] }) },
    ]);
    const camera = await bench.online();
    await camera.pushFace();
    red.send('n', { until: '2099-01-01 00:00:00' });
    const { items } = (await red.inbox('out').next()).payload as {
      items: Array<{ files: { face: string } }>;
    };
    red.send('read', { path: items[0]?.files.face });
    const msg = (await red.inbox('out').next()) as PictureMessage;
    assert.equal(msg.picture.format, 'jpeg');
    assert.equal(msg.payload.length, msg.picture.bytes);
    assert.deepEqual(msg['file'], { path: items[0]?.files.face, bytes: msg.payload.length });
  });

  it('asks any uri with free JSON, addressed by did', async () => {
    const fields = stored({
      uri: ['str', '/person/list'],
      param: ['json', '{"page_num": 1, "page_size": 5}'],
    });
    const red = await bench.start({}, [
      { ...COMMAND, device: 'who', deviceType: 'msg', operation: 'custom', fields },
    ]);
    await bench.online();
    red.send('n', { who: 77 });
    assert.equal(typeof (await red.inbox('out').next()).payload, 'object');
  });

  for (const { what, fields, msg, code } of [
    { what: 'an offline camera', fields: {}, msg: { who: 'NOBODY' }, code: 'DEVICE_OFFLINE' },
    { what: 'no camera', fields: {}, msg: {}, code: 'BAD_INPUT' },
    {
      what: 'a value out of its range',
      fields: { delayMs: ['num', '-1'] },
      msg: { who: SN },
      code: 'BAD_INPUT',
    },
  ] as const) {
    it(`says at once what is wrong: ${what}`, async () => {
      const red = await bench.start({}, [
        { ...COMMAND, device: 'who', deviceType: 'msg', operation: 'reboot', fields: stored(fields) },
      ]);
      await bench.online();
      red.send('n', msg);
      assert.equal((await bench.caught()).code, code);
      assert.equal((await red.statuses('n').until(({ fill }) => fill === 'red')).text?.includes(code), true);
    });
  }

  it('tells what the camera refused, with its code', async () => {
    const red = await bench.start({}, [{ ...COMMAND, operation: 'reboot' }]);
    await (await bench.online()).setFault('refuse');
    red.send('n', {});
    const error = await bench.caught();
    assert.equal(error.code, 'DEVICE_REFUSED');
    assert.equal(error.cause.platform?.code, 420);
  });

  it('gives a deaf camera up after the timeout', async () => {
    const red = await bench.start({}, [{ ...COMMAND, operation: 'reboot', timeout: '0.2' }]);
    await (await bench.online()).setFault('deaf');
    red.send('n', {});
    assert.equal((await bench.caught()).code, 'TIMEOUT');
  });

  it('waits for an offline camera when it is set so', async () => {
    const red = await bench.start({}, [
      { ...COMMAND, operation: 'reboot', whenOffline: 'wait', waitFor: 30 },
    ]);
    red.send('n', {});
    await bench.online();
    assert.deepEqual((await red.inbox('out').next()).payload, { done: true });
  });

  it('fails what is under way when it is closed', async () => {
    const red = await bench.start({}, [{ ...COMMAND, operation: 'reboot' }]);
    const camera = await bench.online();
    await camera.setFault('deaf');
    red.send('n', {});
    while ((camera.counters['commands'] ?? 0) === 0) await new Promise((resolve) => setImmediate(resolve));
    await red.deploy([{ id: 'tab', type: 'tab' }]);
    assert.match(String((await red.completions('n').next()).error), /stopped|closed|CLOSED/i);
  });
});
