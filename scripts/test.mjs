// Runs test files with node's own runner, TypeScript through tsx. Node 20's --test takes no patterns, so the
// files are listed here.   node scripts/test.mjs [folder or file …] [-- options of node --test]
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const split = process.argv.indexOf('--');
const places = process.argv.slice(2, split === -1 ? undefined : split);
const options = split === -1 ? [] : process.argv.slice(split + 1);

function testFiles(place) {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(place, name))
    .sort();
}

const files = (places.length ? places : ['test']).flatMap((place) => testFiles(join(root, place)));
const run = spawnSync(
  process.execPath,
  [
    '--import',
    'tsx',
    '--test',
    '--test-reporter=spec',
    // Node's own choice is one file at a time on two cores, though most tests wait for sockets half of their time.
    `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`,
    ...options,
    ...files.map((file) => relative(root, file)),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(run.status ?? 1);
