// Builds dist/: tsc emits the code, then what Node-RED looks for beside it (html, locales, icons) and the
// data files of lib are copied. Node-RED reads icons and locales only from the folder of the emitted .js.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });

for (const folder of readdirSync(join(root, 'nodes'), { withFileTypes: true })) {
  if (!folder.isDirectory()) continue;
  const from = join(root, 'nodes', folder.name);
  const to = join(dist, 'nodes', folder.name);
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) {
    if (file.endsWith('.html')) cpSync(join(from, file), join(to, file));
  }
  if (existsSync(join(from, 'locales')))
    cpSync(join(from, 'locales'), join(to, 'locales'), { recursive: true });
  cpSync(join(root, 'icons'), join(to, 'icons'), { recursive: true });
}
