import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lifetime } from '../../../nodes/shared/lifetime';
import type { Red } from '../../../nodes/shared/red';
import { Status } from '../../../nodes/shared/status';
import { fakeNode } from '../support/fake-node';

const RED = { _: (key: string, values: object) => `${key} ${JSON.stringify(values)}` } as unknown as Red;

describe('a status', () => {
  it('is sent when it says something new, as a locale key', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const node = fakeNode();
    const status = new Status(RED, node, new Lifetime(node));
    status.word('ok', 'status.taken');
    t.mock.timers.tick(600);
    status.word('ok', 'status.taken');
    t.mock.timers.tick(600);
    assert.deepEqual(node.looks, [{ fill: 'green', shape: 'dot', text: 'status.taken' }]);
  });

  it('is sent at most twice a second; the last one always arrives', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const node = fakeNode();
    const status = new Status(RED, node, new Lifetime(node));
    for (let count = 1; count <= 50; count++) {
      status.text('waiting', 'status.waiting', { count });
      t.mock.timers.tick(20);
    }
    t.mock.timers.tick(500);
    assert.deepEqual(
      node.looks.map(({ text }) => text),
      ['{"count":1}', '{"count":25}', '{"count":50}'].map((values) => `status.waiting ${values}`),
    );
  });

  it('says nothing more, and leaves no timer behind, when the node is closed', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const node = fakeNode();
    const status = new Status(RED, node, new Lifetime(node));
    status.word('ok', 'one');
    status.word('ok', 'two');
    await node.close();
    t.mock.timers.tick(1000);
    status.word('ok', 'three');
    t.mock.timers.tick(1000);
    assert.deepEqual(
      node.looks.map(({ text }) => text),
      ['one'],
    );
  });
});
