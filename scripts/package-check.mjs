// What a user gets: packs the package, checks what is in it, installs it as a palette would, and starts a
// Node-RED with it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, '.cache', 'package-check');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const fail = (reason) => {
  console.error(`Package check: ${reason}`);
  process.exit(1);
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const npmRun = (...args) =>
  execFileSync(npm, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });

const [{ filename, files, unpackedSize }] = JSON.parse(
  npmRun('pack', root, '--json', '--pack-destination', folder),
);
const names = files.map(({ path }) => path);
const allowed =
  /^(dist\/(lib|nodes)\/|examples\/|docs\/|package\.json$|LICENSE$|README(\.zh-CN)?\.md$|CHANGELOG\.md$)/;
const stray = names.filter((name) => !allowed.test(name) || /\.test\.|\.map$/.test(name));
if (stray.length) fail(`should not hold ${stray.join(', ')}`);
const entries = { ...manifest['node-red'].nodes, ...manifest['node-red'].plugins };
for (const [set, file] of Object.entries(entries)) {
  for (const wanted of [file, file.replace(/\.js$/, '.html')]) {
    if (!names.includes(wanted)) fail(`${set} lacks ${wanted}`);
  }
}
for (const wanted of ['README.md', 'README.zh-CN.md', 'LICENSE', 'CHANGELOG.md']) {
  if (!names.includes(wanted)) fail(`lacks ${wanted}`);
}

writeFileSync(
  join(folder, 'package.json'),
  JSON.stringify({ name: 'user-dir', version: '0.0.1', private: true }),
);
npmRun('install', join(folder, filename), '--no-package-lock', '--loglevel=error', '--omit=dev');
const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));

// As the README shows: the core without Node-RED.
const { HuaweiCamera } = createRequire(join(folder, 'package.json'))(`${manifest.name}/huawei`);
if (typeof HuaweiCamera !== 'function') fail('its core cannot be required without Node-RED');

writeFileSync(
  join(folder, 'settings.js'),
  `module.exports = { uiHost: '127.0.0.1', telemetry: { enabled: false, updateNotification: false } };`,
);
const red = createRequire(import.meta.url).resolve('node-red/red.js');
const nodeRed = spawn(process.execPath, [red, '--userDir', folder, '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let log = '';
const limit = setTimeout(() => {
  nodeRed.kill('SIGKILL');
  fail(`Node-RED did not start:\\n${log}`);
}, 60_000);
nodeRed.stdout.on('data', async (chunk) => {
  const before = /Started flows/.test(log);
  log += chunk;
  const url = /now running at (http:\S+)/.exec(log)?.[1];
  if (before || !url || !/Started flows/.test(log)) return;
  clearTimeout(limit);
  const sets = await (await fetch(new URL('nodes', url), { headers: { accept: 'application/json' } })).json();
  const ours = sets.filter((set) => set.module === manifest.name);
  nodeRed.kill('SIGTERM');
  const broken = ours.filter((set) => set.err || !set.enabled);
  if (broken.length) fail(`does not load: ${JSON.stringify(broken)}`);
  if (ours.length !== Object.keys(manifest['node-red'].nodes).length)
    fail(`loads only ${ours.map((set) => set.name)}`);
  const types = ours.flatMap((set) => set.types);
  console.log(
    `Package: ${names.length} files, ${Math.round(unpackedSize / 1024)} KB unpacked; installs ${installed.length} folders: ${installed.join(' ')}`,
  );
  console.log(`Loaded in Node-RED: ${types.join(' ')}`);
});
