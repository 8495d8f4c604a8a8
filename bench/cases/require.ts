/** What loading the package costs a Node-RED that does not use it yet: requiring every node file, nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Measures, Variant } from '../support/bench';
import { inFreshProcess, root } from '../support/process';

/** What Node-RED itself has loaded by then. */
const BUILTINS = ['http', 'https', 'tls', 'crypto', 'zlib', 'stream', 'timers/promises', 'events'];

/**
 * Node-RED has also resolved thousands of paths by then. In a bare process the seventh or so file that is required
 * makes V8 optimize Node's own `path` functions, which takes 4 MB whoever that file belongs to: this does it before.
 */
const WARM_UP = `
  const { resolve } = require('path');
  for (let turn = 0; turn < 20_000; turn++) resolve('/usr/lib/node_modules', '../a', './b.js');
`;
/** Milliseconds in which the optimizer, a thread of its own, ends. */
const SETTLE_MS = 200;

/** Each slot is a process of its own, so a unit is one process. */
function requiring(modules: () => string[]): Variant {
  return () => ({
    async slot(units) {
      const sums = { ms: 0, mb: 0 };
      for (let index = 0; index < units; index++) {
        const { ms = 0, mb = 0 } = await inFreshProcess<Measures>(`
          for (const builtin of ${JSON.stringify(BUILTINS)}) require(builtin);
          ${WARM_UP}
          setTimeout(() => {
            for (let turn = 0; turn < 5; turn++) gc();
            const memory = process.memoryUsage().rss;
            const start = performance.now();
            for (const path of ${JSON.stringify(modules())}) require(path);
            const ms = performance.now() - start;
            gc();
            console.log(JSON.stringify({ ms, mb: (process.memoryUsage().rss - memory) / 1e6 }));
          }, ${SETTLE_MS});
        `);
        sums.ms += ms / units;
        sums.mb += mb / units;
      }
      return sums;
    },
  });
}

function nodeFiles(): string[] {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    'node-red': { nodes: Record<string, string> };
  };
  return Object.values(manifest['node-red'].nodes).map((file) => join(root, file));
}

const ours = 'all node files of Snapflow';

export const requireBench: Bench = {
  title: 'Loading the package',
  about:
    'A fresh process requires the files; time and resident memory from before the first to after the last.',
  metrics: [
    { name: 'ms', unit: '', digits: 1 },
    { name: 'mb', unit: '', digits: 1 },
  ],
  variants: {
    'undici, ws, busboy and sharp at once': requiring(() => ['undici', 'ws', 'busboy', 'sharp']),
    [ours]: requiring(nodeFiles),
  },
  targets: [
    { variant: ours, metric: 'ms', atMost: 25 },
    { variant: ours, metric: 'mb', atMost: 3 },
  ],
  units: { full: 2, short: 1 },
};
