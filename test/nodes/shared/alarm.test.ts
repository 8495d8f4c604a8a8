import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAlarmMessage } from '../../../nodes/shared/alarm';

describe('messages about alarms', () => {
  it('are what a flow says, whatever the source says', () => {
    const picture = { source: { kind: 'alarm' } };
    assert.equal(isAlarmMessage({ picture }), true);
    assert.equal(isAlarmMessage({ picture, alarm: false }), false);
    assert.equal(isAlarmMessage({ payload: '', alarm: true }), true);
    assert.equal(isAlarmMessage({ alarm: 'yes' }), false);
  });
});
