import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '../../support/fake-clock';
import { judge } from './judging';
import { picture } from './pictures';

describe('what a filter remembers', () => {
  it('outlives it, as JSON of some kilobytes for each device', async () => {
    const options = { changed: {}, atMost: { everyMs: 60_000 } };
    const first = judge(options);
    assert.equal(await first.says(await picture()), '+first');
    const json = JSON.stringify(first.filter.save());
    assert.ok(json.length < 4_500, `${json.length}`);

    const clock = new FakeClock(first.clock.now() + 40_000);
    const second = judge(options, clock);
    second.filter.restore(JSON.parse(json));
    assert.equal(await second.says(await picture()), '-too-soon');
    await clock.advance(20_000);
    assert.equal(await second.says(await picture({ noise: 6 })), '-unchanged');
    assert.equal(await second.says(await picture({ intruder: true })), '+changed');
  });

  it('counts from now on when the clock was set back in between', async () => {
    const first = judge({ atMost: { everyMs: 60_000 } });
    await first.decide(await picture());
    const clock = new FakeClock(first.clock.now() - 3_600_000);
    const second = judge({ atMost: { everyMs: 60_000 } }, clock);
    second.filter.restore(first.filter.save());
    assert.equal(await second.says(await picture()), '-too-soon');
    await clock.advance(60_000);
    assert.equal(await second.says(await picture()), '+matched');
  });

  it('is forgotten on request', async () => {
    const { says, filter } = judge({ changed: {} });
    await says(await picture());
    filter.reset();
    assert.equal(await says(await picture()), '+first');
  });

  it('is what nobody else wrote there', async () => {
    for (const odd of [
      undefined,
      null,
      'text',
      7,
      [],
      {},
      { version: 2, passed: {}, rates: {} },
      { version: 1, passed: null, rates: {} },
      { version: 1, passed: { camera: 5 }, rates: {} },
      { version: 1, passed: { camera: { at: 'x', grid: 5 } }, rates: { camera: 'x' } },
      { version: 1, passed: { camera: { at: 1, grid: 'AAAA' } }, rates: {} },
    ]) {
      const { says, filter } = judge({ changed: {} });
      filter.restore(odd);
      assert.match(await says(await picture()), /^\+(first|matched)$/);
    }
  });

  it('is bounded: the device that was not seen for longest is forgotten', async () => {
    const { says, filter } = judge({ changed: {}, maxDevices: 3 });
    const data = await picture();
    for (const device of ['a', 'b', 'c', 'a', 'd']) await says(data, { device });
    assert.equal(await says(data, { device: 'a' }), '-unchanged');
    assert.equal(await says(data, { device: 'b' }), '+first');
    assert.equal(Object.keys(filter.save().passed).length, 3);
  });
});
