import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAlarm } from '../../../lib/picture';

describe('alarms', () => {
  it('are what the source, or the report that the picture came with, calls so', () => {
    assert.equal(isAlarm({ source: { system: 'snapflow', device: 'x', kind: 'alarm' } }), true);
    assert.equal(
      isAlarm({ source: { kind: 'scene' }, meta: { kind: 'event', event: { type: { code: 2 } } } }),
      true,
    );
    assert.equal(isAlarm({ source: { kind: 'scene' }, meta: { kind: 'face' } }), false);
    for (const odd of [undefined, null, 'alarm', 5, {}, { source: null, meta: 'event' }])
      assert.equal(isAlarm(odd), false);
  });
});
