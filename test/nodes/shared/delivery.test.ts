/** The shared adapter by itself: a node of the test's own delivers to a platform of the test's own. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { SnapflowError } from '../../../lib/errors';
import { openDelivery } from '../../../nodes/shared/delivery/delivery';
import { keptMessage } from '../../../nodes/shared/delivery/kept-message';
import { openMemoryLanes } from '../../../nodes/shared/delivery/memory-lanes';
import type { OutboxConfig } from '../../../nodes/shared/delivery/outbox-config';
import type { Target } from '../../../nodes/shared/delivery/target';
import { onInput } from '../../../nodes/shared/input';
import { registerNode } from '../../../nodes/shared/node';
import type { NodeConfig, Red } from '../../../nodes/shared/red';
import { startRuntime, type Runtime } from '../support/runtime';

type Config = NodeConfig & { outbox?: OutboxConfig };

describe('delivery', () => {
  let userDir: string;
  let runtime: Runtime | undefined;
  before(() => {
    userDir = mkdtempSync(join(tmpdir(), 'snapflow-delivery-'));
  });
  after(() => rmSync(userDir, { recursive: true, force: true }));
  afterEach(() => runtime?.stop());

  async function start(outbox: OutboxConfig, target: Partial<Target<object, string>>): Promise<Runtime> {
    const deliverer = (RED: Red): void => {
      RED.settings['userDir'] = userDir;
      registerNode<Config>(RED, 'deliverer', (parts, config) => {
        const memory = openMemoryLanes({ system: 'snapflow', retry: { firstMs: 1 } });
        parts.life.own(() => memory.lanes.close());
        const deliver = openDelivery<object, string>(parts, config.outbox, {
          system: 'snapflow',
          memory,
          send: ({ body }) => Promise.resolve(body.toString()),
          proof: (payload) => ({ payload }),
          ...target,
        });
        onInput(parts, (msg, send) =>
          deliver(msg, send, () => Promise.resolve({ lane: 'a', body: msg.payload as Buffer, job: {} })),
        );
      });
    };
    runtime = await startRuntime(
      [deliverer],
      [
        { id: 'tab', type: 'tab' },
        { id: 'n', type: 'deliverer', z: 'tab', outbox, wires: [['out']] },
        { id: 'out', type: 'collect', z: 'tab', wires: [] },
        { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
        { id: 'caught', type: 'collect', z: 'tab', wires: [] },
      ],
    );
    return runtime;
  }

  for (const keep of ['memory', 'disk'] as const) {
    it(`makes a picture smaller once when the platform finds it too large (${keep})`, async () => {
      let fixed = 0;
      const red = await start(
        { keep, folder: `fix-${keep}` },
        {
          send({ body }) {
            if (body.length <= 3) return Promise.resolve(body.toString());
            return Promise.reject(new SnapflowError('TOO_LARGE', 'for a test'));
          },
          fix(body) {
            fixed += 1;
            return Promise.resolve(body.subarray(0, body[0] === 0x78 ? 4 : 3));
          },
        },
      );
      red.send('n', { payload: Buffer.from('abcdef') });
      assert.equal((await red.inbox('out').next()).payload, 'abc');
      assert.equal(fixed, 1);
      // Still too large: given up, not tried for ever.
      red.send('n', { payload: Buffer.from('xbcdef') });
      const { error } = (await red.inbox('caught').next()) as { error?: { code?: string } };
      assert.equal(error?.code, 'TOO_LARGE');
      assert.equal(fixed, 2);
    });

    it(`gives a too large picture up at once when nothing makes it smaller (${keep})`, async () => {
      let sent = 0;
      const red = await start(
        { keep, folder: `no-fix-${keep}` },
        {
          send() {
            sent += 1;
            return Promise.reject(new SnapflowError('TOO_LARGE', 'for a test'));
          },
        },
      );
      red.send('n', { payload: Buffer.from('abcdef') });
      const { error } = (await red.inbox('caught').next()) as { error?: { code?: string } };
      assert.equal(error?.code, 'TOO_LARGE');
      assert.equal(sent, 1);
    });
  }

  it('refuses orders to a queue in memory but resume, and says why', async () => {
    const red = await start({}, {});
    red.send('n', { outbox: 'resume' });
    assert.equal((await red.completions('n').next()).error, undefined);
    red.send('n', { outbox: 'list' });
    const { error } = (await red.inbox('caught').next()) as { error?: { code?: string; message?: string } };
    assert.equal(error?.code, 'BAD_INPUT');
    assert.match(error?.message ?? '', /in memory/);
  });

  it('gives up what is older than its limit, with TIMEOUT, and keeps it', async () => {
    const red = await start(
      { keep: 'disk', folder: 'old', hours: 0.0001 },
      { send: () => Promise.reject(new SnapflowError('UNREACHABLE', 'for a test')) },
    );
    red.send('n', { payload: Buffer.from('a'), topic: 'old' });
    const msg = (await red.inbox('caught').next()) as { topic?: unknown; error?: { code?: string } };
    assert.deepEqual([msg.topic, msg.error?.code], ['old', 'TIMEOUT']);
    red.send('n', { outbox: 'list' });
    assert.equal(((await red.inbox('out').next()).payload as { dead: number }).dead, 1);
  });
});

describe('what is kept of a message', () => {
  it('is what belongs to a picture, and what is named, as JSON', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const kept = keptMessage(
      {
        _msgid: '1',
        payload: Buffer.alloc(9),
        topic: 't',
        picture: { id: 'a', takenAt: new Date(0) },
        req: { secret: true },
        order: { n: 1 },
        circle,
      },
      ' order, circle, payload ,missing',
    );
    assert.deepEqual(kept, {
      _msgid: '1',
      topic: 't',
      picture: { id: 'a', takenAt: '1970-01-01T00:00:00.000Z' },
      order: { n: 1 },
    });
  });

  it('has a limit: what belongs together goes as a whole, a picture is kept without its meta', () => {
    const large = 'x'.repeat(500);
    const msg = { topic: 't', picture: { id: 'a', meta: { large } }, parts: { large }, note: large };
    assert.deepEqual(keptMessage(msg, 'note', 400), { topic: 't', picture: { id: 'a' } });
  });
});
