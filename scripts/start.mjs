// npm start: a Node-RED of its own for this checkout, with the package loaded and the tour flow deployed.
// Its user directory is .node-red/ (ignored by git; USER_DIR chooses another); a second start keeps what was
// changed there.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const userDir = resolve(root, process.env.USER_DIR ?? '.node-red');
const port = process.env.PORT ?? '1880';
const name = '@snapflow/node-red-snapflow';

if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
  console.error(`PORT must be a number from 0 to 65535, not "${port}".`);
  process.exit(1);
}

mkdirSync(join(userDir, 'node_modules', dirname(name)), { recursive: true });
const link = join(userDir, 'node_modules', name);
rmSync(link, { force: true, recursive: true });
symlinkSync(root, link, 'junction');
if (!existsSync(join(userDir, 'package.json'))) {
  const manifest = {
    name: 'node-red-project',
    version: '0.0.1',
    private: true,
    dependencies: { [name]: `file:${root}` },
  };
  writeFileSync(join(userDir, 'package.json'), JSON.stringify(manifest, null, 2));
}
const firstStart = !existsSync(join(userDir, 'flows.json'));
if (firstStart) copyFileSync(join(root, 'examples', 'tour.json'), join(userDir, 'flows.json'));

const red = createRequire(import.meta.url).resolve('node-red/red.js');
const nodeRed = spawn(
  process.execPath,
  [red, '--userDir', userDir, '--settings', join(root, 'scripts', 'start-settings.cjs'), '--port', port],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
);

let greeted = false;
let log = '';
nodeRed.stdout.on('data', (chunk) => {
  process.stdout.write(chunk);
  if (greeted) return;
  log += chunk;
  const address = /https?:\/\/127\.0\.0\.1:\d+\//.exec(log)?.[0];
  if (address && /Started flows|流程已启动/.test(log)) {
    greeted = true;
    console.log(greeting(address));
  }
});

function greeting(address) {
  return `
  Snapflow runs in Node-RED: ${address}
  ${firstStart ? 'The tour flow is deployed.' : 'Your flows of the last time are loaded.'} In the flow "Snapflow tour" a simulated camera
  takes a picture every few seconds and a simulated cloud receives it: look at the status below the
  nodes, the Debug sidebar, and the pictures that arrived: http://127.0.0.1:18080/
  More flows: menu > Import > Examples > ${name}.   Ctrl-C ends it.
`;
}

// Ctrl-C reaches Node-RED as well (same terminal): wait for it to close its nodes.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (signal === 'SIGTERM') nodeRed.kill('SIGTERM');
  });
}
nodeRed.on('exit', (code, signal) => process.exit(signal ? 0 : (code ?? 0)));
