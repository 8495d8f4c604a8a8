import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wait } from '../../lib/wait';
import { FakeClock } from '../support/fake-clock';

describe('wait', () => {
  it('ends at its moment and leaves nothing behind', async () => {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const waiting = wait(clock, 1_000, 'onenet', signal);
    await clock.advance(999);
    assert.equal(clock.timers, 1);
    await clock.advance(1);
    await waiting;
    assert.equal(clock.timers, 0);
  });

  it('ends as closed when its signal aborts, before or meanwhile', async () => {
    const clock = new FakeClock();
    const aborting = new AbortController();
    const waiting = wait(clock, 1_000, 'onenet', aborting.signal);
    aborting.abort();
    await assert.rejects(waiting, { code: 'CLOSED', system: 'onenet' });
    await assert.rejects(wait(clock, 1_000, 'huawei', AbortSignal.abort()), {
      code: 'CLOSED',
      system: 'huawei',
    });
    assert.equal(clock.timers, 0);
  });
});
