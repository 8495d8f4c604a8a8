/**
 * Many simulated cameras that sign, report and obey, of which one is killed every second: those beside it notice
 * nothing, it comes back, no report is lost or given to another, and at the end nothing is left.
 *
 *     node --import tsx test/soak/lenfocus-fleet.ts [cameras, default 200] [kills, default 300] [tls]
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isSnapflowError } from '../../lib/errors';
import { LenfocusServer } from '../../lib/lenfocus';
import { selfSignedCertificate } from '../../lib/simulators/certificate';
import { SimulatedLenfocusFleet, type SimulatedLenfocusCamera } from '../../lib/simulators/lenfocus-camera';
import { openHandles } from '../support/handles';

export interface FleetOptions {
  cameras: number;
  kills: number;
  /** Milliseconds from one kill to the next. */
  everyMs: number;
  tls?: boolean;
}

export interface FleetReport {
  kills: number;
  /** `/connect`s that were accepted. */
  connects: number;
  /** Reports answered 200, and those that came out of the server. */
  sent: number;
  received: number;
  /** Pictures or answers that belonged to another camera. */
  mixedUp: number;
  /** What became of the command that was under way at each kill. */
  outcomes: Record<string, number>;
  errors: string[];
  /** Milliseconds until the last one was back after the last kill. */
  backAfterMs: number;
  /** Sockets, servers and timers, before and after. */
  handles: [number, number];
}

export async function fleetRounds(options: FleetOptions): Promise<FleetReport> {
  const before = openHandles();
  const server = new LenfocusServer({
    check: 'signature',
    securityCode: 'SIMULATE',
    heartbeatS: 5,
    listen: {
      host: '127.0.0.1',
      port: 0,
      ...(options.tls && { tls: selfSignedCertificate({ commonName: 'devices' }) }),
    },
  });
  const report: FleetReport = {
    ...{ kills: 0, connects: 0, sent: 0, received: 0, mixedUp: 0, outcomes: {}, errors: [], backAfterMs: 0 },
    handles: [before, before],
  };
  server.on('error', (error) => report.errors.push(error.message));
  server.on('report', ({ device, pictures }) => {
    report.received++;
    if (pictures.some(({ info }) => info.source.device !== device.sn)) report.mixedUp++;
  });
  await server.start();
  const fleet = new SimulatedLenfocusFleet({
    server: `http${options.tls ? 's' : ''}://127.0.0.1:${server.state().port}`,
    count: options.cameras,
    retryMs: 20,
    takePicture: tinyPicture,
  });
  server.setDevices(
    fleet.cameras.map(({ identity }) => ({ sn: identity.sn, publicKey: identity.publicKey })),
  );
  try {
    await fleet.start();
    await fleet.allOnline();
    for (let kill = 0; kill < options.kills; kill++) {
      const [camera, witness] = [kill * 37, kill * 37 + 1].map(
        (index) => fleet.cameras[index % options.cameras] as SimulatedLenfocusCamera,
      ) as [SimulatedLenfocusCamera, SimulatedLenfocusCamera];
      await killOne(server, camera, witness, report);
      await pause(options.everyMs);
    }
    const start = performance.now();
    // A signature is good once: a camera killed within a second of connecting is let in a second later.
    while (server.state().online < options.cameras || fleet.online < options.cameras) await pause(5);
    report.backAfterMs = Math.round(performance.now() - start);
    report.connects = server.state().counters.connects;
  } finally {
    await fleet.stop();
    await server.stop();
  }
  report.handles = [before, await openHandles.settled(before)];
  return report;
}

/** Kills one with a command under way, while the one beside it reports and obeys. */
async function killOne(
  server: LenfocusServer,
  camera: SimulatedLenfocusCamera,
  witness: SimulatedLenfocusCamera,
  report: FleetReport,
): Promise<void> {
  const command = server.command(camera.identity.sn, 'clearPersons', {}, { waitMs: 60_000 });
  camera.kill();
  report.kills++;
  const outcome = await command.then(
    () => 'done',
    (error: unknown) => (isSnapflowError(error) ? error.code : String(error)),
  );
  report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
  if (!witness.online) return;
  const { status } = await witness.pushFace();
  if (status === 200) report.sent++;
  const { device } = await server.command(witness.identity.sn, 'clearPersons', {});
  if (device.sn !== witness.identity.sn) report.mixedUp++;
}

let taken = 0;

/** A JPEG as far as its header goes: 16 × 12 pixels, each another. */
function tinyPicture(): Buffer {
  const picture = Buffer.alloc(700, 0x5a);
  Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b08000c001001011100', 'hex').copy(picture);
  picture.writeUInt32BE(++taken, 60);
  return picture;
}

async function main(): Promise<void> {
  const [cameras = '200', kills = '300', tls] = process.argv.slice(2);
  const report = await fleetRounds({
    cameras: Number(cameras),
    kills: Number(kills),
    everyMs: 1_000,
    tls: tls === 'tls',
  });
  console.log(report);
  const { errors, handles, mixedUp, received, sent } = report;
  if (errors.length > 0 || mixedUp > 0 || received !== sent || handles[1] > handles[0]) process.exitCode = 1;
}

if (require.main === module) void main();
