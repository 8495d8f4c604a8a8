import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lanes, SharedPace } from '../../../lib/delivery';
import { FakeClock } from '../../support/fake-clock';
import { Sending } from './sending';

describe('shared pace', () => {
  it('two queues send to one device as slowly as one, in turn, and to others beside it', async () => {
    const clock = new FakeClock();
    const sending = new Sending(clock, (item) => item);
    const sharedPace = new SharedPace(10_000, clock);
    const open = () => new Lanes({ paceMs: 10_000, sharedPace, clock, send: sending.send });
    const [one, other] = [open(), open()];
    const all = ['a1', 'a2'].map((item) => one.add('a', item, 1));
    all.push(...['A1', 'A2'].map((item) => other.add('a', item, 1)), other.add('b', 'B1', 1));
    await clock.advance(60_000);
    await Promise.all(all);
    const toA = sending.starts.filter(({ item }) => /a/i.test(item)).map(({ at }) => at);
    assert.deepEqual(toA, [0, 10_000, 20_000, 30_000]);
    assert.equal(sending.starts.find(({ item }) => item === 'B1')?.at, 0);
    assert.ok(sending.log.indexOf('a1') < sending.log.indexOf('a2'));
    assert.ok(sending.log.indexOf('A1') < sending.log.indexOf('A2'));
    await Promise.all([one.close(), other.close()]);
  });

  it('TC-1 one queue waits longer after what the other sent over a slow new connection', async () => {
    const clock = new FakeClock();
    const sending = new Sending(clock);
    const sharedPace = new SharedPace(10_000, clock);
    const open = () => new Lanes({ paceMs: 10_000, sharedPace, clock, send: sending.send });
    const [one, other] = [open(), open()];
    const all = [one.add('a', 'a1', 1), other.add('a', 'A1', 1)];
    await clock.advance(400);
    sending.last.succeed();
    await clock.advance(9_999);
    assert.equal(sending.log, 'a1@0', 'it may have come late');
    await clock.advance(1);
    assert.equal(sending.log, 'a1@0 A1@10400');
    sending.last.succeed();
    await Promise.all(all);
    await Promise.all([one.close(), other.close()]);
  });

  it('remembers a device no longer than its pace, and nothing without one', async () => {
    const clock = new FakeClock();
    const pace = new SharedPace(1_000, clock);
    for (let n = 0; n < 500; n += 1) {
      pace.started(`device ${n}`);
      await clock.advance(100);
    }
    assert.ok(pace.size <= 11, `${pace.size}`);
    const none = new SharedPace(0, clock);
    none.started('a');
    assert.equal(none.size, 0);
    assert.ok(none.notBefore('a') <= clock.monotonic());
  });
});
