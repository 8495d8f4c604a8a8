import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failure } from '../sending';
import { setUp } from './set-up';

const MINUTE = 60_000;

describe('outbox: a long outage', () => {
  it('two hours without the cloud, then all is delivered in order under its pace, with 0 × 429', async () => {
    const devices = Array.from({ length: 12 }, (_, n) => `device-${n}`);
    const lastTaken = new Map<string, number>();
    const stored = new Map<string, string[]>(devices.map((device) => [device, []]));
    let online = true;
    let tooOften = 0;
    let attempts = 0;
    const { clock, outbox, add } = setUp({
      paceMs: 10_000,
      maxConcurrentLanes: 5,
      retry: { firstMs: 1_000, maxMs: MINUTE, jitter: 0.5 },
      random: () => (attempts * 0.618) % 1,
      rule: (name) => {
        attempts += 1;
        if (!online) return failure('UNREACHABLE');
        const [device = ''] = name.split(' ');
        const now = clock.monotonic();
        if (now - (lastTaken.get(device) ?? -Infinity) < 10_000) {
          tooOften += 1;
          return failure('RATE_LIMITED');
        }
        lastTaken.set(device, now);
        stored.get(device)?.push(name);
        return 'stored';
      },
    });
    const taken = new Map<string, string[]>(devices.map((device) => [device, []]));
    const takeFor = async (minutes: number): Promise<void> => {
      for (let minute = 0; minute < minutes; minute += 1) {
        for (const device of devices) {
          const name = `${device} ${taken.get(device)?.length}`;
          taken.get(device)?.push(name);
          await add(name, device, {}, 1_000);
        }
        await clock.advance(MINUTE);
      }
    };
    await takeFor(2);
    online = false;
    attempts = 0;
    await takeFor(120);
    assert.equal(outbox.state().waiting, 12 * 120);
    assert.equal(outbox.state().retrying, 12);
    assert.ok(attempts < 12 * 260, `${attempts} attempts in two hours`);
    online = true;
    await takeFor(30);
    assert.equal(
      outbox.state().waiting,
      0,
      'thirty minutes for what 122 × 10 s and what came meanwhile need',
    );
    assert.equal(tooOften, 0);
    assert.deepEqual(stored, taken, 'all of it, once, in order');
    await outbox.close();
  });
});
