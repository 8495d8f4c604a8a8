import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Lanes } from '../../../lib/delivery';
import { WakeList } from '../../../lib/delivery/wake-list';
import { SnapflowError, type ErrorCode } from '../../../lib/errors';
import { FakeClock } from '../../support/fake-clock';
import { fuzzRuns, fuzzSeed } from '../../support/fuzz';

const answer = fc.oneof(
  { weight: 4, arbitrary: fc.constant<'ok'>('ok') },
  {
    weight: 3,
    arbitrary: fc.constantFrom<ErrorCode>('UNREACHABLE', 'RATE_LIMITED', 'AUTH_REJECTED', 'TOO_LARGE'),
  },
  { weight: 1, arbitrary: fc.constantFrom<ErrorCode>('UNSUPPORTED_FORMAT', 'PARTLY_DONE', 'BAD_RESPONSE') },
);
const thing = fc.record({
  lane: fc.constantFrom('a', 'b', 'c', 'd'),
  afterMs: fc.integer({ min: 0, max: 8_000 }),
  takesMs: fc.integer({ min: 0, max: 6_000 }),
  answers: fc.array(answer, { maxLength: 4 }),
});

describe('lanes: whatever happens', () => {
  it('each thing ends once, in order, at its pace, and lanes, timers and room come back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(thing, { maxLength: 25 }),
        fc.integer({ min: 1, max: 3 }),
        async (things, parallel) => {
          const clock = new FakeClock();
          const starts: Array<{ index: number; lane: string; at: number }> = [];
          let running = 0;
          const lanes = new Lanes<number, string>({
            clock,
            paceMs: 5_000,
            maxConcurrentLanes: parallel,
            fix: (index) => Promise.resolve(index),
            async send(index, { attempt }) {
              const { lane, takesMs, answers } = things[index] as (typeof things)[number];
              starts.push({ index, lane, at: clock.monotonic() });
              assert.ok((running += 1) <= parallel);
              await new Promise<void>((resolve) => clock.setTimeout(resolve, takesMs));
              running -= 1;
              const code = answers[attempt - 1] ?? 'ok';
              if (code !== 'ok') throw new SnapflowError(code, 'for a test');
              return 'stored';
            },
          });
          const ends: number[] = [];
          const all = [];
          for (const [index, { lane, afterMs }] of things.entries()) {
            await clock.advance(afterMs);
            all.push(
              lanes.add(lane, index, 1).then(
                () => ends.push(index),
                () => ends.push(index),
              ),
            );
          }
          for (let round = 0; round < 200 && ends.length < things.length; round += 1) {
            await clock.advance(60_000);
            lanes.resume();
          }
          await Promise.all(all);
          for (const lane of ['a', 'b', 'c', 'd']) {
            const mine = starts.filter((start) => start.lane === lane);
            for (const [position, start] of mine.entries()) {
              const before = mine[position - 1];
              if (!before) continue;
              assert.ok(start.at - before.at >= 5_000, 'pace');
              assert.ok(start.index >= before.index, 'order of starts');
            }
            const ended = ends.filter((index) => things[index]?.lane === lane);
            assert.deepEqual(
              ended,
              [...ended].sort((x, y) => x - y),
              'order of ends',
            );
          }
          await clock.advance(5_000);
          assert.equal(lanes.laneCount, 0);
          assert.equal(clock.timers, 0);
          assert.deepEqual(lanes.state(), { waiting: 0, bytes: 0, sending: 0, held: [], retrying: 0 });
        },
      ),
      { seed: fuzzSeed, numRuns: fuzzRuns(60) },
    );
  });

  it('the wake list gives what is due, earliest first, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100 })),
        fc.integer({ min: -1, max: 101 }),
        (moments, now) => {
          const list = new WakeList<number>();
          for (const moment of moments) list.add(moment, moment);
          const sorted = [...moments].sort((a, b) => a - b);
          assert.equal(list.next, sorted[0]);
          assert.deepEqual(
            [...list.due(now)],
            sorted.filter((moment) => moment <= now),
          );
          assert.equal(
            list.next,
            sorted.find((moment) => moment > now),
          );
        },
      ),
      { seed: fuzzSeed },
    );
  });
});
