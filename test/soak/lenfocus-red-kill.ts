/**
 * Kills a real Node-RED that holds a device server with `kill -9`, again and again, and starts it anew on the same
 * user directory: all cameras are back by themselves, signed in and taken.   Needs `npm run build`.
 *
 *     node --import tsx test/soak/lenfocus-red-kill.ts [cameras, default 200] [kills, default 20]
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SimulatedLenfocusFleet } from '../../lib/simulators/lenfocus-camera';
import { freePorts, startNodeRed, type RunningNodeRed } from '../support/node-red';

export interface RedKillReport {
  kills: number;
  cameras: number;
  /** Milliseconds from “Started flows” until the last camera was let in, of each start. */
  backMs: number[];
  /** Reports answered 200 after the last start, one of each camera. */
  taken: number;
  refused: number;
}

export async function redKillRounds(cameras: number, kills: number): Promise<RedKillReport> {
  const userDir = mkdtempSync(join(tmpdir(), 'snapflow-red-kill-'));
  const port = (await freePorts('devices'))['devices'] ?? 0;
  const fleet = new SimulatedLenfocusFleet({
    server: `http://127.0.0.1:${port}`,
    count: cameras,
    retryMs: 250,
    takePicture: () => PICTURE,
  });
  const report: RedKillReport = { kills: 0, cameras, backMs: [], taken: 0, refused: 0 };
  let red: RunningNodeRed | undefined;
  try {
    const flows = flowOf(port, userDir, fleet);
    await fleet.start();
    red = await startNodeRed({ userDir, flows });
    report.backMs.push(await allOnline(fleet));
    for (; report.kills < kills; report.kills++) {
      red.process.kill('SIGKILL');
      await red.exited;
      while (fleet.online > 0) await pause(10);
      red = await startNodeRed({ userDir, flows });
      report.backMs.push(await allOnline(fleet));
    }
    const replies = await Promise.all(fleet.cameras.map((camera) => camera.pushFace()));
    report.taken = replies.filter(({ status }) => status === 200).length;
    report.refused = fleet.counters['refusals'] ?? 0;
  } finally {
    await fleet.stop();
    red?.process.kill('SIGKILL');
    await red?.exited;
    rmSync(userDir, { recursive: true, force: true });
  }
  return report;
}

async function allOnline(fleet: SimulatedLenfocusFleet): Promise<number> {
  const start = performance.now();
  for (const camera of fleet.cameras) while (!camera.online) await once(camera, 'online');
  return Math.round(performance.now() - start);
}

/** Signatures are checked, as a user would who keeps the cameras in a file. */
function flowOf(port: number, folder: string, { cameras }: SimulatedLenfocusFleet): object[] {
  const deviceFile = join(folder, 'devices.csv');
  const lines = cameras.map(({ identity: { securityCode, sn } }) => `${sn},${securityCode}`);
  writeFileSync(deviceFile, ['sn,securityCode', ...lines, ''].join('\n'));
  const publicKey = cameras[0]?.identity.publicKey ?? '';
  const server = { port: String(port), host: '127.0.0.1', deviceSource: 'file', deviceFile, publicKey };
  return [
    { id: 'tab', type: 'tab', label: 'devices' },
    { id: 'server', type: 'lenfocus-server', place: 'port', check: 'signature', heartbeat: '5', ...server },
    { id: 'events', type: 'lenfocus-events', z: 'tab', x: 0, y: 0, server: 'server', wires: [[], []] },
  ];
}

/** A JPEG as far as its header goes: 16 × 12 pixels. */
const PICTURE = Buffer.alloc(700, 0x5a);
Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b08000c001001011100', 'hex').copy(PICTURE);

async function main(): Promise<void> {
  const [cameras = '200', kills = '20'] = process.argv.slice(2);
  const report = await redKillRounds(Number(cameras), Number(kills));
  console.log(report);
  if (report.taken !== report.cameras) process.exitCode = 1;
}

if (require.main === module) void main();
