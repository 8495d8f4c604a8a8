import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { replay, weightsOf, type Recorded } from '../../../lib/filter';
import { judge } from './judging';
import { picture } from './pictures';

describe('a threshold tried on the last pictures', () => {
  const course = async (): Promise<Buffer[]> => [
    await picture(),
    await picture({ noise: 8 }),
    await picture({ intruder: true }),
    await picture({ intruder: true, noise: 8 }),
    await picture(),
  ];

  async function recorded(threshold: number): Promise<Recorded[]> {
    const { decide } = judge({ changed: { threshold } });
    const records: Recorded[] = [];
    for (const data of await course()) {
      const { seen, ...decision } = await decide(data);
      records.push({ device: 'camera', decision, ...(seen.grid && { grid: seen.grid }) });
    }
    return records;
  }
  const passing = (records: Recorded[], threshold: number) =>
    replay(records, threshold, weightsOf([])).map(({ pass }) => pass);

  it('does what a filter with that threshold would have done, whatever the threshold was then', async () => {
    for (const then of [0.05, 0.38, 0.95]) {
      const records = await recorded(then);
      assert.deepEqual(passing(records, 0.38), [true, false, true, false, true]);
      assert.deepEqual(passing(records, 0), [true, true, true, true, true]);
      assert.deepEqual(passing(records, 1), [true, false, false, false, false]);
    }
  });

  it('changes nothing about pictures that another rule decided on', () => {
    const decisions: Array<Recorded['decision']> = [
      { pass: true, reason: 'first' },
      { pass: false, reason: 'too-soon' },
      { pass: true, reason: 'alarm' },
    ];
    const records = decisions.map((decision) => ({ device: 'camera', decision }));
    assert.deepEqual(passing(records, 1), [true, false, true]);
  });
});
