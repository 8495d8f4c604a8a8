import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Bench, GUID, NUMBER } from './support';

describe('assetscontrols-photograph', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('AC-1 AC-2 photographs an asset by its number and sends the decoded answer, done once', async () => {
    const red = await bench.start();
    red.send('n', { payload: 'go', topic: 'gate', order: 7 });
    const msg = await red.inbox('out').next();
    const { at, file, response, ...rest } = msg.payload as Record<string, string>;
    assert.deepEqual(rest, {
      assetGuid: GUID,
      terminalId: GUID,
      terminalNumber: NUMBER,
      busyTries: 0,
    });
    assert.equal(response, `(${NUMBER},1,001,CAMERA,9,4,0,${file})`);
    assert.match(file ?? '', new RegExp(`^${NUMBER}_\\d+$`));
    assert.equal(new Date(at ?? '').toISOString(), at);
    assert.deepEqual([msg.topic, msg['order']], ['gate', 7]);
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.equal(red.completions('n').all.length, 1);
    assert.equal((await red.statuses('n').next()).text, 'status.instructing');
    assert.equal((await red.statuses('n').next()).text, 'status.instructed');
  });

  it('X-AC-b looks a number up once', async () => {
    const red = await bench.start();
    for (let turn = 1; turn <= 2; turn++) {
      red.send('n', {});
      await red.inbox('out').next();
    }
    assert.deepEqual(
      bench.sent('/OpenApi/Admin').map(({ FAssetID }) => FAssetID),
      [NUMBER],
    );
    assert.deepEqual(
      bench.sent('/OpenApi/Instruction').map(({ FAssetGUID }) => FAssetGUID),
      [GUID, GUID],
    );
  });

  it('AC-1 sends what the mode uses, and 0 for the rest', async () => {
    const fields = { count: '3', interval: '2', duration: '5', resolution: '1080p', cameraId: 'top' };
    const red = await bench.start();
    const node = (id: string, own: object) => ({
      id,
      type: 'assetscontrols-photograph',
      z: 'tab',
      account: 'account',
      asset: NUMBER,
      ...fields,
      ...own,
      wires: [],
    });
    await red.deploy([
      { id: 'tab', type: 'tab' },
      { id: 'account', type: 'assetscontrols-account', address: bench.url },
      node('capture', { mode: 'capture' }),
      node('one', { mode: 'capture', count: '1', interval: '' }),
      node('record', { mode: 'record', count: '' }),
      node('both', { mode: 'both' }),
    ]);
    const common = { FCameraID: 1, FResolution: 3 };
    for (const [id, wish] of [
      ['capture', { FType: 1, FCount: 3, FDuration: 0, FInterval: 2 }],
      ['one', { FType: 1, FCount: 1, FDuration: 0, FInterval: 0 }],
      ['record', { FType: 2, FCount: 0, FDuration: 5, FInterval: 0 }],
      ['both', { FType: 3, FCount: 3, FDuration: 5, FInterval: 2 }],
    ] as const) {
      red.send(id, {});
      await red.completions(id).next();
      assert.deepEqual(bench.wish, { ...common, ...wish }, id);
    }
  });

  it('takes asset, numbers and GUID from the message', async () => {
    const from = (name: string) => ({ [name]: `wish.${name}`, [`${name}Type`]: 'msg' });
    const red = await bench.start({
      mode: 'both',
      assetBy: 'guid',
      ...from('asset'),
      ...from('count'),
      ...from('interval'),
      ...from('duration'),
    });
    red.send('n', { wish: { asset: GUID, count: 2, interval: '4', duration: 6 } });
    await red.inbox('out').next();
    const { FCount, FInterval, FDuration } = bench.wish as Record<string, number>;
    assert.deepEqual([FCount, FInterval, FDuration], [2, 4, 6]);
    assert.equal(bench.sent('/OpenApi/Admin').length, 0);

    for (const wish of [
      { count: 2, interval: 4, duration: 6 },
      { asset: GUID, count: 0, duration: 6 },
      { asset: GUID, count: 2, duration: 6 },
      { asset: GUID, count: 1 },
      { asset: GUID, count: { much: true }, duration: 6 },
    ]) {
      red.send('n', { wish });
      assert.equal((await bench.caught()).code, 'BAD_INPUT', JSON.stringify(wish));
    }
    assert.equal(bench.cloud.counters['instructions'], 1);
  });

  /** With a token and a GUID a photograph is one request: what is on `times` is on the instruction. */
  const direct = (photograph: object = {}) =>
    bench.start(
      { assetBy: 'guid', asset: GUID, ...photograph },
      { login: 'token' },
      { secrets: { account: { token: 'simulated-token' } } },
    );

  it('AC-2 busy is an error, by default', async () => {
    const red = await direct();
    await bench.cloud.setFault('busy', { times: 1 });
    red.send('n', {});
    const error = await bench.caught();
    assert.deepEqual([error.code, error.cause.platform?.code], ['DEVICE_BUSY', 1]);
    assert.equal(red.inbox('out').all.length, 0);
    const { text } = await red.statuses('n').until(({ fill }) => fill === 'red');
    assert.match(String(text), /status\.DEVICE_BUSY$/);
  });

  it('AC-2 busy is tried again after a while, by setting, and shown', async () => {
    const red = await direct({ whenBusy: 'retry', busyPause: 0.6, busyTimes: '3' });
    await bench.cloud.setFault('busy', { times: 1 });
    red.send('n', {});
    await red.statuses('n').until(({ text }) => text === 'status.busy');
    const { payload } = await red.inbox('out').next();
    assert.equal((payload as { busyTries: number }).busyTries, 1);
    await red.statuses('n').until(({ text }) => text === 'status.instructed');
  });

  it('AC-2 a camera that stays busy is an error after the last try', async () => {
    const red = await direct({ whenBusy: 'retry', busyPause: 0.01, busyTimes: '2' });
    await bench.cloud.setFault('busy');
    red.send('n', {});
    assert.equal((await bench.caught()).code, 'DEVICE_BUSY');
    assert.equal(bench.cloud.counters['instructions'], 3);
  });

  it('a deploy ends the pause before the next try', async () => {
    const red = await direct({ whenBusy: 'retry', busyPause: 3600, busyTimes: '1' });
    await bench.cloud.setFault('busy');
    red.send('n', {});
    await red.statuses('n').until(({ text }) => text === 'status.busy');
    await red.deploy([{ id: 'empty', type: 'tab' }]);
    const { error } = await red.completions('n').next();
    assert.equal((error as Error & { code?: string }).code, 'CLOSED');
  });

  it('AC-1 result codes reach Catch nodes with their kind, and nothing is sent again', async () => {
    const red = await direct({ whenBusy: 'retry', busyPause: 0.01 });
    for (const [result, code, retryable] of [
      [102, 'BAD_INPUT', false],
      [104, 'AUTH_REJECTED', false],
      [105, 'PLATFORM_FAILED', false],
      [106, 'NOT_FOUND', false],
      [108, 'UNREACHABLE', false],
      [111, 'DEVICE_OFFLINE', true],
      [131, 'DEVICE_REFUSED', false],
      [138, 'TIMEOUT', false],
      [999, 'PLATFORM_FAILED', false],
    ] as const) {
      bench.cloud.nextResult(result);
      red.send('n', {});
      const { cause, ...error } = await bench.caught();
      assert.deepEqual([error.code, cause.platform?.code, cause.retryable], [code, result, retryable]);
      assert.doesNotMatch(JSON.stringify([error, cause]), /simulated-token/);
      const told = await red.statuses('n').until(({ fill }) => fill === 'red');
      assert.match(String(told.text), new RegExp(`status\\.${code}$`));
    }
    assert.equal(bench.cloud.counters['instructions'], 9);
  });

  it('an account that cannot be used fails every message with its reason', async () => {
    const red = await bench.start({}, { address: 'ftp://example.com' });
    red.send('n', {});
    const { code, message } = await bench.caught();
    assert.equal(code, 'BAD_INPUT');
    assert.match(message, /address/);
  });
});
