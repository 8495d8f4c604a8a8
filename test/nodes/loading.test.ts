import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { basename, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { nodeParts, root } from './support/package';

/** All that a node file may load beside itself. */
const SHARED = ['nodes/shared/admin.ts', 'nodes/shared/node.ts', 'nodes/shared/delivery/routes.ts'];

/** What a fresh process has loaded after all node files, each with the file that made it load. */
function loadedBy(files: readonly string[]): Array<[loaded: string, by: string]> {
  const script = `
    const before = new Set(Object.keys(require.cache));
    const loaded = [];
    for (const file of ${JSON.stringify(files)}) {
      require(file);
      for (const path of Object.keys(require.cache)) {
        if (!before.has(path)) loaded.push([path, file]);
        before.add(path);
      }
    }
    console.log(JSON.stringify(loaded));
  `;
  const output = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], { cwd: root });
  return JSON.parse(output.toString()) as Array<[string, string]>;
}

describe('loading the package', () => {
  it('loads the node files and nothing else: what a node does comes with the first one', () => {
    const files = nodeParts.map(({ folder, name }) => join(root, folder, `${name}.ts`));
    const loaded = loadedBy(files);
    for (const file of files)
      assert.ok(
        loaded.some(([path]) => path === file),
        `${file} is not loaded`,
      );
    const tooMuch = loaded
      .map(([path, by]) => ({ path: relative(root, path), by }))
      .filter(({ path }) => !SHARED.includes(path) && !files.includes(join(root, path)))
      .map(({ path, by }) => `${basename(by)} loads ${path}`);
    assert.deepEqual(
      tooMuch,
      [],
      'put what the node does into a file of its own and require it in the function given to registerNode or ' +
        'adminAction, as nodes/huawei/huawei-snapshot.ts does; import types only with "import type"',
    );
  });
});
