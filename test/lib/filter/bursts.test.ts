import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../../support/fake-clock';
import { judge } from './judging';
import { blurred, picture } from './pictures';

describe('the sharpest of a burst', () => {
  it('passes when the burst ends; the others are held back as soon as a sharper one comes', async () => {
    const { says, clock, filter } = judge({ burstMs: 3_000 });
    const sharp = await picture();
    const settled: string[] = [];
    const send = (data: Buffer, name: string) =>
      void says(data).then((verdict) => settled.push(`${name}${verdict}`));
    send(await blurred(sharp, 3), 'a');
    await until(() => clock.timers === 1);
    await clock.advance(1_000);
    assert.deepEqual(settled, []);
    send(sharp, 'b');
    send(await blurred(sharp, 2), 'c');
    await untilDone(() => settled.length === 2);
    assert.deepEqual(settled.sort(), ['a-not-sharpest', 'c-not-sharpest']);
    await clock.advance(1_999);
    assert.equal(settled.length, 2);
    await clock.advance(1);
    assert.deepEqual(settled.slice(2), ['b+sharpest']);
    assert.equal(clock.timers, 0);
    filter.close();
  });

  it('is one for each device, and a new one begins after the end', async () => {
    const { says, clock } = judge({ burstMs: 1_000, changed: {} });
    const data = await picture();
    const both = [says(data), says(data, { device: 'other' })];
    await untilDone(() => clock.timers === 2);
    await clock.advance(1_000);
    assert.deepEqual(await Promise.all(both), ['+sharpest', '+sharpest']);
    assert.equal(await says(data), '-unchanged', 'compared with the one that passed');
    assert.equal(clock.timers, 0);
    const next = says(await picture({ intruder: true }));
    await untilDone(() => clock.timers === 1);
    await clock.advance(1_000);
    assert.equal(await next, '+sharpest');
  });

  it('ends at once when the filter is closed, and an alarm does not wait for it', async () => {
    const { says, clock, filter } = judge({ burstMs: 60_000 });
    const data = await picture();
    const waiting = says(data);
    await untilDone(() => clock.timers === 1);
    assert.equal(await says(data, { alarm: true }), '+alarm');
    const looked = says(data, { device: 'other' });
    await new Promise(setImmediate);
    filter.close();
    assert.equal(await waiting, '+sharpest');
    assert.equal(await looked, '+sharpest', 'it came to its burst when that was over');
    assert.equal(clock.timers, 0);
    await assert.rejects(says(data), { code: 'CLOSED' });
  });

  it('is told to be undecided when the filter is abandoned, and is not remembered', async () => {
    const { says, clock, filter } = judge({ burstMs: 60_000, changed: {} });
    const waiting = says(await picture());
    await untilDone(() => clock.timers === 1);
    const looked = says(await picture(), { device: 'other' });
    filter.abandon();
    await assert.rejects(waiting, { code: 'CLOSED' });
    await assert.rejects(looked, { code: 'CLOSED' });
    assert.deepEqual(filter.save().passed, {});
    assert.equal(clock.timers, 0);
  });
});

/** Decoding takes real time. */
async function untilDone(so: () => boolean): Promise<void> {
  for (let waited = 0; !so() && waited < 5_000; waited += 5)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(so(), 'It never came.');
}
