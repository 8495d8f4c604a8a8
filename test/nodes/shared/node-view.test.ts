import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Lifetime } from '../../../nodes/shared/lifetime';
import { NodeView, type NodeViewOptions, type ShownPicture } from '../../../nodes/shared/node-view';
import { shelfOf } from '../../../nodes/shared/node-view-route';
import type { Red } from '../../../nodes/shared/red';
import { FakeClock } from '../../support/fake-clock';
import { fakeNode, type FakeNode } from '../support/fake-node';

/** The smallest header that is a GIF of a size. */
function gif(width: number): Buffer {
  const bytes = Buffer.from('GIF89a\0\0\0\0\0\0\0', 'latin1');
  bytes.writeUInt16LE(width, 6);
  return bytes;
}

describe('the last picture of a node', () => {
  let told: Array<{ topic: string; data: Partial<ShownPicture>; retain: boolean }>;
  let RED: Red;
  let node: FakeNode;
  let clock: FakeClock;
  beforeEach(() => {
    told = [];
    RED = {
      httpAdmin: {},
      comms: {
        publish: (topic: string, data: object, retain: boolean) => told.push({ topic, data, retain }),
      },
    } as unknown as Red;
    node = fakeNode();
    clock = new FakeClock();
  });

  const view = (options: NodeViewOptions = {}) =>
    new NodeView(RED, node, new Lifetime(node), { on: true, clock, ...options });
  const kept = () => shelfOf(RED).get('n');

  it('is told to the editors in numbers, for those that open later too; its bytes stay here', () => {
    view().show({ payload: gif(3) });
    assert.deepEqual(told, [
      {
        topic: 'snapflow/view/n',
        data: { node: 'n', format: 'gif', width: 3, height: 0, bytes: 13, at: clock.now(), large: false },
        retain: true,
      },
    ]);
    assert.deepEqual(kept(), { data: gif(3), mime: 'image/gif', large: false });
  });

  it('is told at most once a second; the last one always is', async () => {
    const shown = view();
    for (let width = 1; width <= 95; width++) {
      shown.show({ payload: gif(width) });
      await clock.advance(30);
    }
    await clock.advance(1000);
    assert.deepEqual(
      told.map(({ data }) => data.width),
      [1, 34, 67, 95],
    );
    assert.equal(shelfOf(RED).size, 1);
    assert.deepEqual(kept()?.data, gif(95));
    await clock.advance(5000);
    assert.equal(told.length, 4);
    assert.equal(clock.timers, 0);
  });

  it('is a copy: the flow may change its own', () => {
    const data = gif(3);
    view().show({ payload: data });
    data.fill(0);
    assert.deepEqual(kept()?.data, gif(3));
  });

  it('is not replaced by what is no picture', async () => {
    const shown = view();
    shown.show({ payload: gif(3) });
    await clock.advance(1000);
    for (const payload of [Buffer.from('<html>'), Buffer.alloc(0), 'text', undefined, { data: gif(4) }]) {
      shown.show({ payload });
      await clock.advance(1000);
    }
    assert.equal(told.length, 1);
    assert.deepEqual(kept()?.data, gif(3));
  });

  it('is the last of several messages, which go on as they are', () => {
    const messages = [{ payload: gif(1) }, { payload: gif(2) }];
    assert.equal(view().of(messages), messages);
    assert.deepEqual(
      told.map(({ data }) => data.width),
      [2],
    );
  });

  it('is marked when it is large', () => {
    view({ maxShownBytes: 12 }).show({ payload: gif(3) });
    assert.equal(told[0]?.data.large, true);
    assert.equal(kept()?.large, true);
  });

  it('is nobody’s business while the option is off', async () => {
    const off = view({ on: false });
    assert.equal(off.of([{ payload: gif(3) }]).length, 1);
    await node.close();
    assert.deepEqual(told, []);
    assert.equal(kept(), undefined);
    assert.equal(clock.timers, 0);
  });

  it('is taken off everywhere when the node is closed, and nothing comes after', async () => {
    const shown = view();
    shown.show({ payload: gif(1) });
    shown.show({ payload: gif(2) });
    await node.close();
    assert.deepEqual(told.at(-1), { topic: 'snapflow/view/n', data: {}, retain: false });
    assert.equal(kept(), undefined);
    assert.equal(clock.timers, 0);
    shown.show({ payload: gif(3) });
    assert.equal(told.length, 2);
  });

  it('sits on the node of the subflow, as the editor draws it, and is fetched from the running one', () => {
    node._alias = 'drawn';
    view().show({ payload: gif(3) });
    assert.equal(told[0]?.topic, 'snapflow/view/drawn');
    assert.equal(told[0]?.data.node, 'n');
  });
});
