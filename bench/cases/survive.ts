/** What is left of waiting pictures after an outage, a restart and `kill -9`: ours and what flows use today. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Scene, SimulatedThingsCloud } from '../../lib/simulators';
import { startNodeRed, type RunningNodeRed } from '../../test/support/node-red';
import type { Bench } from '../support/bench';
import { contenders, ENVIRONMENT, type Contender } from '../support/contenders';

type End = 'no restart' | 'restart' | 'kill -9';

const ENDS: readonly End[] = ['no restart', 'restart', 'kill -9'];
const PICTURES = 10;
/** Seconds after the end of the outage until what has not arrived counts as lost. */
const PATIENCE_S = 60;
/** Settings of a Node-RED whose context may be kept in files; the flush interval is Node-RED's own (30 s). */
const SETTINGS = `contextStorage: { default: { module: 'memory' }, file: { module: 'localfilesystem' } },`;

interface Outcome {
  arrived: number;
  twice: number;
  spoilt: number;
  tooFast: number;
}

async function survive(contender: Contender, end: End): Promise<Outcome> {
  const cloud = new SimulatedThingsCloud({ paceMs: 1_000 });
  const { url } = await cloud.start();
  const userDir = mkdtempSync(join(tmpdir(), 'snapflow-survive-'));
  const flows = [
    { id: 'tab', type: 'tab' },
    ...contender
      .nodes(url)
      .map((node) => (node['type'] === 'thingscloud-project' ? node : { z: 'tab', x: 0, y: 0, ...node })),
  ];
  const start = (): Promise<RunningNodeRed> =>
    startNodeRed({ userDir, flows, env: ENVIRONMENT, settings: SETTINGS });
  try {
    if (contender.packages.length > 0) install(userDir, contender.packages);
    let red = await start();
    try {
      await cloud.setFault('off');
      const scene = new Scene({ name: 'survive' });
      const pictures = Array.from({ length: PICTURES }, (_, n) =>
        scene.picture({ bytes: 20_000, at: new Date(n * 1_000) }),
      );
      for (const picture of pictures) await give(red, picture);
      if (end !== 'no restart') {
        red.process.kill(end === 'kill -9' ? 'SIGKILL' : 'SIGTERM');
        await red.exited;
        red = await start();
      }
      await cloud.setFault();
      return await arrivals(cloud, pictures);
    } finally {
      await red.stop();
    }
  } finally {
    await cloud.stop();
    rmSync(userDir, { recursive: true, force: true });
  }
}

function wordsOf({ arrived, twice, spoilt, tooFast }: Outcome): string {
  const remarks = [twice && `${twice} twice`, spoilt && `${spoilt} spoilt`, tooFast && `${tooFast} × 429`];
  return [`${arrived} of ${PICTURES}`, ...remarks.filter(Boolean)].join(', ');
}

function install(userDir: string, packages: string[]): void {
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', '--prefix', userDir, ...packages], {
    stdio: 'ignore',
  });
}

/** One picture in; whoever waits for its arrival before it answers is not waited for. */
async function give(red: RunningNodeRed, picture: Buffer): Promise<void> {
  await fetch(new URL('picture', red.url), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(picture),
    signal: AbortSignal.timeout(2_000),
  }).catch(() => undefined);
}

async function arrivals(cloud: SimulatedThingsCloud, sent: readonly Buffer[]): Promise<Outcome> {
  const outcome = (): Outcome => {
    const counts = sent.map((picture) => cloud.pictures.filter(({ data }) => data.equals(picture)).length);
    const whole = counts.reduce((sum, count) => sum + count, 0);
    return {
      arrived: counts.filter((count) => count > 0).length,
      twice: counts.filter((count) => count > 1).length,
      spoilt: cloud.pictures.length - whole,
      tooFast: (cloud.counters['uploads'] ?? 0) - (cloud.counters['stored'] ?? 0),
    };
  };
  for (let second = 0; second < PATIENCE_S; second += 1) {
    if (outcome().arrived === sent.length) break;
    await pause(1_000);
  }
  // What would come twice comes soon after.
  await pause(3_000);
  return outcome();
}

export const surviveBench: Bench = {
  title: 'What survives',
  about: `${PICTURES} pictures of 20 KB given to a real Node-RED while the cloud is away, under its pace of one per second.`,
  metrics: [],
  variants: {},
  targets: [],
  units: { full: 0, short: 0 },
  async tables(short) {
    const rows: string[][] = [];
    // Whoever loses pictures is waited for in vain: in short only the outbox is tried, and only by kill -9.
    const tried = Object.entries(contenders).slice(0, short ? 1 : undefined);
    for (const [name, contender] of tried) {
      const cells: string[] = [];
      for (const end of short ? ENDS.slice(2) : ENDS) {
        cells.push(await survive(contender, end).then(wordsOf, () => 'could not be tried'));
        process.stderr.write(`survive: ${name}, ${end}: ${cells.at(-1)}\n`);
      }
      rows.push([name, ...cells]);
    }
    return [
      {
        title: 'Pictures that arrived whole after the outage',
        columns: [
          '',
          ...(short ? ENDS.slice(2) : ENDS).map((end) =>
            end === 'no restart' ? 'Node-RED runs on' : `Node-RED: ${end}`,
          ),
        ],
        rows,
      },
    ];
  },
};
