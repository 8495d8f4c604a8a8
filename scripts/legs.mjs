// The other Node.js and Node-RED versions that the package must run on. Each leg gets its Node.js binary and
// its Node-RED out of npm, in .cache/ (ignored by git), and runs the tests with them.
//   node scripts/legs.mjs [node22 | node24]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binaryPackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/**
 * `tests`: the places that run on that Node.js. Both have the same Node-RED 5, so that one leg shows it in the
 * browser and as a whole, and the other tries the rest.
 */
const legs = {
  node22: { [binaryPackage]: '22.23.3', 'node-red': '5.0.7', tests: ['test/red', 'test/editor'] },
  node24: {
    [binaryPackage]: '24.9.0',
    'node-red': '5.0.7',
    // Of the core, what works with sockets, files and threads.
    tests: [
      ...['http', 'server', 'lenfocus', 'web', 'delivery', 'folder', 'fit'].map((part) => `test/lib/${part}`),
      'test/nodes',
    ],
  },
};

function install(name, { tests: _tests, ...dependencies }) {
  const folder = join(root, '.cache', name);
  const manifest = JSON.stringify({ name, private: true, dependencies });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), manifest);
  // --force: the leg's Node-RED asks for a newer Node.js than the one that runs npm here.
  execFileSync(npm, ['install', '--force', '--no-package-lock', '--loglevel=error', '--prefix', folder], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const node = join(
    folder,
    'node_modules',
    binaryPackage,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  const nodeRed = join(folder, 'node_modules', 'node-red', 'red.js');
  if (!existsSync(node) || !existsSync(nodeRed))
    throw new Error(`${name}: Node.js or Node-RED was not installed`);
  return { node, nodeRed };
}

const wanted = process.argv.slice(2);
for (const [name, leg] of Object.entries(legs)) {
  if (wanted.length && !wanted.includes(name)) continue;
  const { node, nodeRed } = install(name, leg);
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  console.log(`\n== Node.js ${version}, Node-RED ${leg['node-red']} ==`);
  const run = spawnSync(node, ['scripts/test.mjs', ...leg.tests], {
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
