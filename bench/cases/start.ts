/** A whole Node-RED from its start to “Started flows”, with and without the package installed. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Measures, Variant } from '../support/bench';
import { installPackage, userDirectory } from '../support/node-red';

/** Tells the parent when the flows run; times since the process began. */
const SETTINGS = `
  const handler = () => ({ msg }) => {
    if (!/Started flows/.test(msg)) return;
    process.send({ ms: performance.now(), mb: process.memoryUsage().rss / 1e6 });
  };
  module.exports = {
    flowFile: 'flows.json',
    uiHost: '127.0.0.1',
    logging: { console: { level: 'off' }, bench: { level: 'info', handler } },
    editorTheme: { tours: false },
  };
`;

function starting(withPackage: boolean): Variant {
  return () => {
    const userDir = userDirectory();
    writeFileSync(join(userDir, 'settings.js'), SETTINGS);
    writeFileSync(join(userDir, 'flows.json'), '[{"id":"tab","type":"tab","label":"empty"}]');
    if (withPackage) installPackage(userDir);
    return {
      async slot(units) {
        const sums = { ms: 0, mb: 0 };
        for (let index = 0; index < units; index++) {
          const { ms = 0, mb = 0 } = await startOnce(userDir);
          sums.ms += ms / units;
          sums.mb += mb / units;
        }
        return sums;
      },
      close: () => Promise.resolve(rmSync(userDir, { recursive: true, force: true })),
    };
  };
}

async function startOnce(userDir: string): Promise<Measures> {
  const nodeRed = fork(require.resolve('node-red/red.js'), ['--userDir', userDir, '--port', '0'], {
    execArgv: [],
    stdio: 'ignore',
  });
  const exited = once(nodeRed, 'exit');
  try {
    const [measures] = (await Promise.race([
      once(nodeRed, 'message'),
      exited.then(() => {
        throw new Error('Node-RED ended before its flows started');
      }),
    ])) as [Measures];
    return measures;
  } finally {
    nodeRed.kill();
    await exited;
  }
}

export const start: Bench = {
  title: 'Start of Node-RED',
  about:
    'Empty flow, from the start of the process to “Started flows”. Noisy: it cannot tell less than 50 ms.',
  metrics: [
    { name: 'ms', unit: '', digits: 0 },
    { name: 'mb', unit: '', digits: 0 },
  ],
  variants: { 'Node-RED alone': starting(false), 'with Snapflow': starting(true) },
  targets: [{ variant: 'with Snapflow', metric: 'mb', against: 'Node-RED alone', atMost: 1.05 }],
  units: { full: 1, short: 1 },
};
