import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { TurnShare, type Pausable } from '../../../lib/server/turn-share';

const MiB = 1024 * 1024;
const CHUNK = 65_536;

class Body implements Pausable {
  size = 0;
  paused = false;
  constructor(
    readonly startedAt: number,
    readonly wanted: number,
  ) {}
  pause(): void {
    assert.equal(this.paused, false, 'paused once');
    this.paused = true;
  }
  resume(): void {
    assert.equal(this.paused, true, 'only what is paused is resumed');
    this.paused = false;
  }
  /** What a socket brings until it is stopped. */
  read(share: TurnShare): void {
    while (!this.paused && this.size < this.wanted) {
      const bytes = Math.min(CHUNK, this.wanted - this.size);
      this.size += bytes;
      share.received(this, bytes, this.size === this.wanted);
    }
  }
}

describe('turns of the event loop', () => {
  it('LF-2.1 bodies that came first go on first, and what is whole never waits', async () => {
    const share = new TurnShare();
    const bodies = [3, 1, 2, 4].map((startedAt) => new Body(startedAt, 3 * MiB));
    for (const body of bodies) body.read(share);
    assert.deepEqual(
      bodies.map((body) => [body.paused, body.size >= MiB]),
      [
        [true, true],
        [true, false],
        [true, false],
        [true, false],
      ],
    );
    const small = new Body(5, CHUNK);
    small.read(share);
    assert.equal(small.paused, false, 'it is whole');
    await turn();
    assert.deepEqual(
      bodies.map((body) => body.paused),
      [true, false, false, true],
    );
    share.end(bodies[3] as Body);
    assert.equal(bodies[3]?.paused, false, 'given up, it does not wait');
  });

  it('LF-2.1 however many come, each comes to its end and no turn takes much more than its share', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 * MiB }), { minLength: 1, maxLength: 24 }),
        async (sizes) => {
          const share = new TurnShare();
          const bodies = sizes.map((wanted, index) => new Body(index, wanted));
          for (let open: Body[] = bodies; open.length > 0;) {
            const before = total(bodies);
            for (const body of open) body.read(share);
            assert.ok(total(bodies) > before, 'nobody goes on');
            assert.ok(total(bodies) - before <= MiB + bodies.length * CHUNK);
            open = open.filter((body) => body.size < body.wanted);
            await turn();
          }
          assert.ok(bodies.every((body) => !body.paused));
        },
      ),
      { numRuns: 50 },
    );
  });
});

function total(bodies: readonly Body[]): number {
  return bodies.reduce((sum, body) => sum + body.size, 0);
}
