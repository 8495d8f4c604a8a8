import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { insideOf } from '../../../lib/filter/time-window';

/** 2026-11-23 is a Monday. */
const at = (text: string) => new Date(text).getTime();

describe('time windows', () => {
  it('within a day, from the first minute up to before the last', () => {
    const isInside = insideOf({ from: '08:30', to: '17:00', days: [1, 2, 3, 4, 5], zone: 'Asia/Shanghai' });
    assert.equal(isInside(at('2026-11-23T08:29:59+08:00')), false);
    assert.equal(isInside(at('2026-11-23T08:30:00+08:00')), true);
    assert.equal(isInside(at('2026-11-23T16:59:59+08:00')), true);
    assert.equal(isInside(at('2026-11-23T17:00:00+08:00')), false);
    assert.equal(isInside(at('2026-11-22T12:00:00+08:00')), false, 'Sunday');
  });

  it('over midnight belong to the day they begin on', () => {
    const isInside = insideOf({ from: '22:00', to: '06:00', days: [7], zone: 'UTC' });
    assert.equal(isInside(at('2026-11-22T21:59:00Z')), false);
    assert.equal(isInside(at('2026-11-22T22:00:00Z')), true);
    assert.equal(isInside(at('2026-11-23T05:59:00Z')), true, 'Monday morning');
    assert.equal(isInside(at('2026-11-23T06:00:00Z')), false);
    assert.equal(isInside(at('2026-11-23T23:00:00Z')), false, 'Monday evening');
    assert.equal(isInside(at('2026-11-22T05:00:00Z')), false, 'Sunday morning belongs to Saturday');
  });

  it('of the whole day when both ends are the same', () => {
    const isInside = insideOf({ from: '00:00', to: '00:00', days: [6], zone: 'UTC' });
    assert.equal(isInside(at('2026-11-21T00:00:00Z')), true);
    assert.equal(isInside(at('2026-11-21T23:59:59Z')), true);
    assert.equal(isInside(at('2026-11-22T00:00:00Z')), false);
  });

  it('follow the clock of their zone when summer time begins and ends', () => {
    const isInside = insideOf({ from: '03:00', to: '04:00', zone: 'Europe/Berlin' });
    assert.equal(isInside(at('2026-03-29T01:30:00Z')), true, '3:30 summer time');
    assert.equal(isInside(at('2026-03-28T02:30:00Z')), true, '3:30 winter time');
    assert.equal(isInside(at('2026-03-29T02:30:00Z')), false);
  });
});
