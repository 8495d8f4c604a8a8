import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signParameters } from '../../../../lib/lenfocus';

describe('the sign of chapter 三', () => {
  it('LF-3 gives the value of the document for its example', () => {
    const parameters = { sn: 'Y3CA123489', did: '876433', ts: 1658029108, appid: 'FUN790386' };
    assert.equal(signParameters(parameters, 'AABBCC112233'), 'C7C164B353F05DF3E219E82FC4619912');
  });

  it('LF-3 leaves out parameters without a visible value', () => {
    const parameters = { ts: 1658029108, sn: 'Y3CA123489', did: '876433', appid: 'FUN790386' };
    const sign = signParameters(parameters, 'AABBCC112233');
    assert.equal(
      signParameters({ ...parameters, a: '', b: ' \t', c: null, d: undefined }, 'AABBCC112233'),
      sign,
    );
    assert.notEqual(signParameters({ ...parameters, e: 0 }, 'AABBCC112233'), sign);
  });
});
