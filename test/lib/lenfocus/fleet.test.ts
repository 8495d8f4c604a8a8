/** The short form of `npm run soak -- lenfocus-fleet`. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleetRounds } from '../../soak/lenfocus-fleet';

describe('a fleet', () => {
  for (const [words, cameras, tls] of [
    ['200 cameras', 200, false],
    ['50 cameras over TLS', 50, true],
  ] as const) {
    it(
      `${words} that sign, report and obey, one killed after the other: all are back, nothing is lost, mixed up or left open`,
      { timeout: 120_000 },
      async () => {
        const kills = 20;
        const report = await fleetRounds({ cameras, kills, everyMs: 0, tls });
        assert.deepEqual(report.errors, []);
        assert.deepEqual([report.kills, report.mixedUp], [kills, 0]);
        assert.ok(report.sent > 0 && report.received === report.sent, `${report.received} of ${report.sent}`);
        assert.ok(report.connects >= cameras + kills, String(report.connects));
        for (const outcome of Object.keys(report.outcomes)) {
          assert.ok(['done', 'DEVICE_OFFLINE'].includes(outcome), outcome);
        }
        const [before, after] = report.handles;
        assert.ok(after <= before, `${after} handles, ${before} before`);
      },
    );
  }
});
