import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { Lifetime } from '../../../nodes/shared/lifetime';
import { fakeNode } from '../support/fake-node';

describe('the lifetime of a node', () => {
  it('ends what it owns, the last first, after its signal; and waits for it', async () => {
    const node = fakeNode();
    const life = new Lifetime(node);
    const ended: string[] = [];
    life.signal.addEventListener('abort', () => ended.push('signal'), { once: true });
    life.own(async () => {
      await new Promise(setImmediate);
      ended.push('first');
    });
    life.own(() => ended.push('second'));
    await node.close();
    assert.deepEqual(ended, ['signal', 'second', 'first']);
    assert.equal(getEventListeners(life.signal, 'abort').length, 0);
  });

  it('goes on when something owned fails, and tells', async () => {
    const node = fakeNode();
    const life = new Lifetime(node);
    let ended = false;
    life.own(() => (ended = true));
    life.own(() => {
      throw new Error('stuck');
    });
    await node.close();
    assert.equal(ended, true);
    assert.deepEqual(node.warnings, ['Error: stuck']);
  });

  it('is over within its limit even if something owned never ends', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const node = fakeNode();
    new Lifetime(node).own(() => new Promise(() => {}));
    const closed = node.close();
    t.mock.timers.tick(1000);
    await closed;
  });
});
