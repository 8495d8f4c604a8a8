import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { turn } from '../../../support/fake-clock';
import { failure } from '../sending';
import { MemoryFiles } from './memory-files';
import { setUp } from './set-up';
import { fuzzRuns, fuzzSeed } from '../../../support/fuzz';

interface Cut {
  disk: MemoryFiles;
  /** Names accepted, and those that had reached the target, when the power went. */
  accepted: Set<string>;
  reached: Set<string>;
}

/** Runs an outbox on a disk until its `operations`-th operation, where the power goes. */
async function runUntilCut(
  names: string[],
  disk: MemoryFiles,
  operations: number,
  chances: boolean[],
): Promise<Cut> {
  const accepted = new Set<string>();
  const reached = new Set<string>();
  const run = setUp({
    files: disk,
    rule: (name) => {
      if (name.endsWith('0')) return failure('UNSUPPORTED_FORMAT');
      reached.add(name);
      return 'stored';
    },
  });
  let cut: Cut | undefined;
  let chance = 0;
  disk.before = () => {
    if (disk.operations !== operations) return;
    cut = {
      disk: disk.afterPowerCut(() => chances[chance++ % chances.length] as boolean),
      accepted: new Set(accepted),
      reached: new Set(reached),
    };
  };
  const adding = names.map((name, index) =>
    run
      .add(name, `lane ${index % 3}`)
      .then(() => void accepted.add(name))
      .then(() => (index % 4 === 3 ? run.outbox.resend() : 0)),
  );
  await Promise.all(adding);
  for (let turns = 0; turns < 200 && run.outbox.state().waiting > 0; turns += 1) await turn();
  await run.outbox.close();
  return cut ?? { disk: disk.afterPowerCut(() => true), accepted, reached };
}

describe('outbox: power cuts', () => {
  it('whatever moment a power cut chooses: all that was accepted is delivered or a dead letter', async () => {
    let duplicates = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 160 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        async (count, operations, chances) => {
          const names = Array.from({ length: count }, (_, index) => `p${index}-${index % 5}`);
          const { disk, accepted, reached } = await runUntilCut(
            names,
            new MemoryFiles(),
            operations,
            chances,
          );
          const after = setUp({
            files: disk,
            rule: (name) => (name.endsWith('0') ? failure('UNSUPPORTED_FORMAT') : 'stored'),
          });
          await after.outbox.open();
          for (let turns = 0; turns < 200 && after.outbox.state().waiting > 0; turns += 1) await turn();
          const sent = new Set(after.delivered.map(({ meta }) => meta.name));
          const dead = new Set<string>();
          for (const { entry, reason } of await after.outbox.list()) {
            assert.equal(reason?.code, 'UNSUPPORTED_FORMAT');
            dead.add((await after.outbox.read(entry.id))?.meta.name ?? 'unreadable');
          }
          for (const name of accepted) {
            assert.ok(sent.has(name) || reached.has(name) || dead.has(name), `${name} is lost`);
          }
          for (const name of [...sent, ...dead]) assert.ok(names.includes(name), `${name} was never added`);
          for (const name of sent) if (reached.has(name)) duplicates += 1;
          assert.deepEqual(after.setAside, [], 'no file is torn');
          await after.add('one more');
          await after.outbox.close();
        },
      ),
      { seed: fuzzSeed, numRuns: fuzzRuns(400) },
    );
    console.log(`${duplicates} sent twice`);
  });
});
