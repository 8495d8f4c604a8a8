import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { killRounds } from '../../../soak/outbox-kill';

describe('outbox: kill -9', () => {
  it('at random moments: nothing that was accepted is lost or spoilt, duplicates are counted', async () => {
    const report = await killRounds(10);
    console.log(JSON.stringify(report));
    assert.deepEqual(report.lost, []);
    assert.deepEqual(report.spoilt, []);
    assert.ok(report.accepted > 0 && report.reached > 0);
  });
});
