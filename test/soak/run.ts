/**
 * npm run soak: the long runs, one after the other. Without names all of them.
 *
 *     npm run soak -- [outbox-kill | outbox-full-disk | lenfocus-fleet | lenfocus-red-kill …]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Each with the arguments of its long form; the short forms are part of the tests. */
const RUNS: Record<string, string[]> = {
  'outbox-kill': ['200'],
  'outbox-full-disk': [],
  'outbox-node-red': ['40'],
  'lenfocus-fleet': ['200', '300'],
  'lenfocus-red-kill': ['200', '20'],
};

const wanted = process.argv.slice(2);
for (const unknown of wanted.filter((name) => !(name in RUNS))) {
  console.error(`No run is named ${unknown}. There are: ${Object.keys(RUNS).join(', ')}`);
  process.exit(2);
}
for (const [name, args] of Object.entries(RUNS)) {
  if (wanted.length && !wanted.includes(name)) continue;
  console.log(`\n== ${name} ==`);
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(__dirname, `${name}.ts`), ...args],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}
