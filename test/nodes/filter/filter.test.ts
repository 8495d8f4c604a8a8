import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Message } from '../../../nodes/shared/red';
import { describeError } from '../../../lib/texts';
import { until } from '../../support/fake-clock';
import { openResources } from '../support/resources';
import type { Runtime } from '../support/runtime';
import { EMPTY, flowOf, message, start, stop } from './support';

interface Told {
  reason: string;
  distance?: number;
  threshold?: number;
}

describe('snapflow-filter', () => {
  let runtime: Runtime;
  afterEach(() => stop(runtime));

  /** What became of a message: `passed` or `held`, and what it tells. */
  async function outcome(msg: Message): Promise<[string, Told]> {
    runtime.send('n', msg);
    const ended = await runtime.completions('n').next();
    assert.equal(ended.error, undefined);
    // A message is told to be done before it arrives.
    const arrived = (output: string) =>
      runtime.inbox(output).all.find((one) => one._msgid === ended.msg._msgid);
    await until(() => arrived('passed') !== undefined || arrived('held') !== undefined);
    const output = arrived('passed') ? 'passed' : 'held';
    return [output, arrived(output)?.['filter'] as Told];
  }
  const said = async (msg: Message): Promise<string> => {
    const [output, { reason }] = await outcome(msg);
    return `${output} ${reason}`;
  };

  it('sends what passes to the first output and what is held back to the second, with the reason', async () => {
    runtime = await start({ useChanged: true, threshold: '0.38' });
    assert.deepEqual(await outcome(await message()), ['passed', { reason: 'first', threshold: 0.38 }]);
    const [output, told] = await outcome(await message({ noise: 8 }));
    assert.deepEqual([output, told.reason], ['held', 'unchanged']);
    assert.ok((told.distance ?? 1) < 0.38);
    const msg = await message({ intruder: true }, { topic: 'kept', other: 1 });
    assert.deepEqual((await outcome(msg))[1].reason, 'changed');
    const sent = runtime.inbox('passed').all[1];
    assert.deepEqual([sent?.topic, sent?.['other'], sent?.payload], ['kept', 1, msg.payload]);
  });

  it('shows the last picture that passed, when asked to', async () => {
    runtime = await start({ useChanged: true, threshold: 0.38, view: true });
    const msg = await message();
    assert.equal(await said(msg), 'passed first');
    assert.equal(await said(await message({ noise: 8 })), 'held unchanged');
    assert.equal((await runtime.shown('n').next()).bytes, (msg.payload as Buffer).length);
    assert.equal(runtime.shown('n').all.length, 1);
  });

  it('compares pictures of the same device, channel and kind; without them those of the same topic', async () => {
    runtime = await start({ useChanged: true, threshold: 0.38 });
    const from = (source: object) => message({}, { picture: { source } });
    assert.equal(await said(await from({ system: 'lenfocus', device: 'a', kind: 'face' })), 'passed first');
    assert.equal(await said(await from({ system: 'lenfocus', device: 'a', kind: 'scene' })), 'passed first');
    assert.equal(await said(await from({ system: 'lenfocus', device: 'a', kind: 'face' })), 'held unchanged');
    assert.equal(await said(await message({}, { picture: undefined, topic: 'yard' })), 'passed first');
    assert.equal(await said(await message({}, { picture: 'odd', topic: 'gate' })), 'passed first');
    assert.equal(await said(await message({}, { picture: null, topic: 'yard' })), 'held unchanged');
  });

  it('knows what a report says of a picture, and any property of the message', async () => {
    const meta = {
      kind: 'event',
      event: { type: { code: 2, en: 'Area intrusion' } },
      face: { name: 'Li Lei', personId: '7', score: 88 },
      vehicle: { plate: { number: 'B-12345' } },
    };
    const conditions = [
      { field: 'kind', operator: 'is', value: 'event' },
      { field: 'kind', operator: 'is', value: 'alarm' },
      { field: 'kind', operator: 'is', value: 'scene' },
      { field: 'alarmType', operator: 'is', value: '2,5' },
      { field: 'name', operator: 'contains', value: 'lei' },
      { field: 'plate', operator: 'is', value: 'b-12345' },
      { field: 'score', operator: 'at-least', value: '80' },
      { field: 'property', property: 'door.state', operator: 'is', value: 'open' },
    ];
    runtime = await start({ conditions });
    const source = { system: 'lenfocus', device: 'a', kind: 'scene' };
    const msg = await message({}, { picture: { source, meta }, door: { state: 'open' } });
    assert.equal(await said({ ...msg }), 'passed alarm');
    assert.equal(await said({ ...msg, door: undefined }), 'held property');
    assert.equal(
      await said({ ...msg, picture: { source }, report: meta }),
      'held kind',
      'told to be no alarm',
    );
    assert.equal(await said({ ...msg, picture: { source }, report: meta, alarm: true }), 'passed alarm');
  });

  it('counts pictures for each person, and lets alarms pass', async () => {
    runtime = await start({ useAtMost: true, atMost: '60', per: 'person' });
    const of = (personId: string, facts: object = {}) =>
      message({}, { report: { face: { personId } }, ...facts });
    assert.equal(await said(await of('1')), 'passed first');
    assert.equal(await said(await of('2')), 'passed matched');
    assert.equal(await said(await of('1')), 'held too-soon');
    assert.equal(await said(await of('1', { alarm: true })), 'passed alarm');
  });

  it('remembers over a redeploy, and forgets on request', async () => {
    runtime = await start({ useChanged: true, threshold: 0.38 });
    assert.equal(await said(await message()), 'passed first');
    await runtime.deploy(flowOf({ useChanged: true, threshold: 0.38 }));
    assert.equal(await said(await message({ noise: 6 })), 'held unchanged');
    await runtime.deploy(flowOf({ useChanged: true, threshold: 0.3 }), 'nodes');
    assert.equal(await said(await message({ noise: 6 })), 'held unchanged');
    runtime.send('n', { reset: true });
    assert.equal((await runtime.completions('n').next()).error, undefined);
    assert.equal(await said(await message()), 'passed first');
    assert.equal(runtime.inbox('passed').all.length, 2, 'the request itself goes nowhere');
  });

  for (const type of ['full', 'nodes'] as const) {
    it(`loses no picture that waits in a burst or for its turn over a redeploy (${type}), with one done each`, async () => {
      runtime = await start({ useChanged: true, threshold: 0.38, useBurst: true, burst: '60' });
      const dull = await message({ noise: 3 });
      const sharp = await message({ noise: 14 });
      const other = await message({}, { picture: undefined, topic: 'yard' });
      runtime.send('n', dull);
      runtime.send('n', sharp);
      assert.equal((await runtime.completions('n').next()).error, undefined);
      // This one is being looked at while the filter is closed.
      runtime.send('n', other);
      await new Promise(setImmediate);
      await runtime.deploy(flowOf({ useChanged: true, threshold: 0.38, useBurst: true, burst: '0.1' }), type);
      const passed = [await runtime.inbox('passed').next(), await runtime.inbox('passed').next()];
      assert.deepEqual(
        new Set(passed.map(({ payload }) => payload)),
        new Set([sharp.payload, other.payload]),
      );
      assert.ok(passed.every(({ filter }) => (filter as Told).reason === 'sharpest'));
      for (let count = 0; count < 2; count++) {
        assert.equal((await runtime.completions('n').next()).error, undefined);
      }
      // It was remembered when it passed, not when it was left behind.
      assert.equal(await said(await message({ noise: 6 })), 'held unchanged');
      assert.deepEqual([runtime.inbox('passed').all.length, runtime.completions('n').all.length], [2, 4]);
    });
  }

  it('gives the best of a burst when it is taken out of the flow, with one done each, and leaves nothing', async () => {
    runtime = await start({ useBurst: true, burst: '60' });
    await runtime.deploy(EMPTY);
    const before = openResources();
    const flow = flowOf({ useBurst: true, burst: '60' });
    await runtime.deploy(flow);
    runtime.send('n', await message({ noise: 3 }));
    runtime.send('n', await message({ noise: 14 }));
    const [worse] = [await runtime.completions('n').next()];
    assert.equal(worse.error, undefined);
    assert.equal(((await runtime.inbox('held').next())['filter'] as Told).reason, 'not-sharpest');
    // Only the filter goes: what is behind it still takes the picture.
    await runtime.deploy(
      flowOf().filter(({ id }) => id !== 'n'),
      'nodes',
    );
    assert.equal((await runtime.completions('n').next()).error, undefined);
    assert.equal(((await runtime.inbox('passed').next())['filter'] as Told).reason, 'sharpest');
    await runtime.deploy(EMPTY);
    assert.deepEqual(openResources(), before);
    assert.equal(runtime.completions('n').all.length, 2);
  });

  it('tells what is no picture, or a broken one, to Catch nodes', async () => {
    runtime = await start({ useChanged: true, threshold: 0.38 });
    for (const [payload, code] of [
      ['text', 'BAD_INPUT'],
      [Buffer.from('<html>no picture</html>'), 'UNSUPPORTED_FORMAT'],
      [(await message()).payload, undefined],
      [((await message()).payload as Buffer).subarray(0, 300), 'BAD_INPUT'],
    ] as const) {
      runtime.send('n', { payload });
      const { error } = await runtime.completions('n').next();
      assert.equal((error as { code?: string } | undefined)?.code, code);
    }
    await until(() => runtime.inbox('caught').all.length === 3);
  });

  it('whose rules make no sense says so at every message', async () => {
    runtime = await start({ useAtMost: true, atMost: 'often' });
    runtime.send('n', await message());
    const { error } = await runtime.completions('n').next();
    assert.match(
      describeError(error, 'en-US'),
      /time between two pictures must be a number from 0.1 to 86400/,
    );
  });

  it('shows the reason as its status, and only when it changes', async () => {
    runtime = await start({ useChanged: true, threshold: 0.38 });
    await said(await message());
    assert.deepEqual(await runtime.statuses('n').next(), {
      fill: 'green',
      shape: 'dot',
      text: 'reason.first',
    });
    await said(await message({ noise: 5 }));
    await said(await message({ noise: 6 }));
    assert.deepEqual(await runtime.statuses('n').next(), {
      fill: 'grey',
      shape: 'ring',
      text: 'reason.unchanged',
    });
    assert.equal(runtime.statuses('n').all.length, 2);
  });
});
