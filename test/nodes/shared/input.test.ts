import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { SnapflowError } from '../../../lib/errors';
import { onInput, type Work } from '../../../nodes/shared/input';
import { registerNode } from '../../../nodes/shared/node';
import { startRuntime, type Runtime } from '../support/runtime';

const flow = [
  { id: 'tab', type: 'tab' },
  { id: 'n', type: 'worker', z: 'tab', wires: [['out']] },
  { id: 'out', type: 'collect', z: 'tab', wires: [] },
  { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
  { id: 'caught', type: 'collect', z: 'tab', wires: [] },
];

describe('a node takes messages', () => {
  let runtime: Runtime;

  async function start(work: Work): Promise<void> {
    runtime = await startRuntime(
      [(RED) => registerNode(RED, 'worker', (parts) => onInput(parts, work))],
      flow,
    );
  }

  afterEach(() => runtime.stop());

  it('and is done once when the work succeeds', async () => {
    await start((msg, send) => send(msg));
    runtime.send('n', { payload: 1 });
    assert.equal((await runtime.inbox('out').next()).payload, 1);
    const { error } = await runtime.completions('n').next();
    assert.equal(error, undefined);
    assert.equal(runtime.completions('n').all.length, 1);
  });

  it('and tells Catch nodes what failed: sentence, code and facts', async () => {
    await start(async () => {
      await Promise.resolve();
      throw new SnapflowError('PARTLY_DONE', 'The picture is empty (0 bytes).', {
        system: 'thingscloud',
        platform: { code: 4009, httpStatus: 400 },
        details: { url: 'x' },
      });
    });
    runtime.send('n', { payload: 1 });
    const { error } = (await runtime.inbox('caught').next()) as { error: Record<string, unknown> };
    assert.equal(error['message'], 'The picture is empty (0 bytes).');
    assert.equal(error['code'], 'PARTLY_DONE');
    assert.deepEqual(error['cause'], {
      system: 'thingscloud',
      retryable: false,
      platform: { code: 4009, httpStatus: 400 },
      details: { url: 'x' },
    });
    assert.equal(runtime.completions('n').all.length, 1);
    assert.equal(runtime.completions('n').all[0]?.error?.name, 'SnapflowError');
    assert.deepEqual(runtime.statuses('n').all.at(-1), {
      fill: 'red',
      shape: 'ring',
      text: '@snapflow/node-red-snapflow/snapflow:status.PARTLY_DONE',
    });
  });

  it('and survives work that throws at once, and things thrown that are no errors', async () => {
    await start((msg) => {
      throw msg.payload;
    });
    runtime.send('n', { payload: 'a word' });
    const first = (await runtime.inbox('caught').next()) as { error: Record<string, unknown> };
    assert.equal(first.error['message'], 'Error: a word');
    runtime.send('n', { payload: new TypeError('broken') });
    const second = (await runtime.inbox('caught').next()) as { error: Record<string, unknown> };
    assert.equal(second.error['message'], 'TypeError: broken');
  });
});

describe('a node that cannot be set up', () => {
  it('says why, and fails every message with it', async () => {
    const runtime = await startRuntime(
      [
        (RED) => {
          registerNode(RED, 'worker', () => {
            throw new SnapflowError('BAD_INPUT', 'The picture is empty (0 bytes).');
          });
        },
      ],
      flow,
    );
    runtime.send('n', { payload: 1 });
    const caught = (await runtime.inbox('caught').next()) as {
      error: { code: string };
    };
    assert.equal(caught.error.code, 'BAD_INPUT');
    assert.match(String(runtime.statuses('n').all[0]?.text), /status\.BAD_INPUT$/);
    await runtime.stop();
  });
});
