// The other Node.js and Node-RED versions that the package must run on. Their binaries and Node-RED come out of
// npm, into .cache/ (ignored by git); each leg runs its tests with them.
//   node scripts/legs.mjs [node22 | node24]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isWindows = process.platform === 'win32';
const binaryPackage = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
const nodeRedVersion = '5.0.7';

/**
 * `tests`: the places that run on that Node.js. Both have the same Node-RED, so that one leg shows it in the
 * browser and as a whole, and the other tries the rest.
 */
const legs = {
  node22: { version: '22.23.3', tests: ['test/red', 'test/editor'] },
  node24: {
    version: '24.9.0',
    // Of the core, what works with sockets, files and threads.
    tests: [
      ...['http', 'server', 'lenfocus', 'web', 'delivery', 'folder', 'fit'].map((part) => `test/lib/${part}`),
      'test/nodes',
    ],
  },
};

/** Installs Node-RED and the binary of each leg, under the leg's name. */
function install() {
  const folder = join(root, '.cache', 'legs');
  const binaries = Object.entries(legs).map(([name, { version }]) => [
    name,
    `npm:${binaryPackage}@${version}`,
  ]);
  const dependencies = { 'node-red': nodeRedVersion, ...Object.fromEntries(binaries) };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'legs', private: true, dependencies }));
  // --force: this Node-RED asks for a newer Node.js than the one that runs npm here.
  const options = ['--force', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync(isWindows ? 'npm.cmd' : 'npm', ['install', ...options, '--prefix', folder], {
    cwd: folder,
    stdio: 'inherit',
    shell: isWindows,
  });
  return join(folder, 'node_modules');
}

function existing(path) {
  if (!existsSync(path)) throw new Error(`${path} was not installed`);
  return path;
}

const wanted = process.argv.slice(2);
const modules = install();
const nodeRed = existing(join(modules, 'node-red', 'red.js'));
for (const [name, { tests }] of Object.entries(legs)) {
  if (wanted.length && !wanted.includes(name)) continue;
  const node = existing(join(modules, name, 'bin', isWindows ? 'node.exe' : 'node'));
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\n== Node.js ${version}, Node-RED ${nodeRedVersion} ==`);
  const run = spawnSync(node, ['scripts/test.mjs', ...tests], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      SNAPFLOW_NODE: node,
      SNAPFLOW_NODE_RED: nodeRed,
      SNAPFLOW_LANGUAGES: 'zh-CN',
      FUZZ_SHARE: '0.2',
    },
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
