/**
 * Kills a real Node-RED at random moments while its upload node accepts pictures and delivers them to a cloud that
 * fails now and then, starts it again in the same user directory, and at the end compares: every picture whose message
 * was done must have reached the cloud, whole.
 *
 *     node --import tsx test/soak/outbox-node-red.ts [kills, default 40]
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SimulatedThingsCloud } from '../../lib/simulators';
import { startNodeRed, type RunningNodeRed } from '../support/node-red';

const ENVIRONMENT = { PROJECT_KEY: 'simulated-key', ACCESS_TOKEN: 'soak' };
const AT_ONCE = 4;

/** `POST /picture` is answered when the upload node has accepted the picture. */
function flows(endpoint: string): object[] {
  const at = { z: 'tab', x: 0, y: 0 };
  const secret = { projectKeyType: 'env', projectKeyFrom: 'PROJECT_KEY' };
  const token = { accessTokenType: 'env', accessTokenFrom: 'ACCESS_TOKEN' };
  const project = { id: 'project', type: 'thingscloud-project', endpoint, region: 'simulated', pace: 0 };
  return [
    { id: 'tab', type: 'tab' },
    { ...project, ...secret },
    { id: 'in', type: 'http in', url: '/picture', method: 'post', wires: [['upload']], ...at },
    {
      id: 'upload',
      type: 'thingscloud-upload',
      project: 'project',
      identifier: 'photo',
      outbox: { keep: 'disk' },
      wires: [[]],
      ...token,
      ...at,
    },
    { id: 'done', type: 'complete', scope: ['upload'], wires: [['answer']], ...at },
    { id: 'answer', type: 'http response', statusCode: '200', wires: [], ...at },
  ];
}

/** A GIF of one pixel with bytes of its own after it. */
function picture(): Buffer {
  const gif = Buffer.from('474946383961010001000000002c', 'hex');
  return Buffer.concat([gif, randomBytes(2_000), Buffer.from(';')]);
}

const nameOf = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

async function main(kills: number): Promise<void> {
  const cloud = new SimulatedThingsCloud({ paceMs: 0, keepPictures: 1e6, keepBytes: 1e9 });
  const { url } = await cloud.start();
  const userDir = mkdtempSync(join(tmpdir(), 'snapflow-soak-'));
  const accepted = new Set<string>();
  const start = () => startNodeRed({ userDir, flows: flows(url), env: ENVIRONMENT });
  const arrived = () => cloud.pictures.map(({ data }) => nameOf(data));
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      await cloud.setFault(Math.random() < 0.3 ? 'off' : undefined);
      await killedWhileAccepting(await start(), accepted);
    }
    await cloud.setFault();
    const red = await start();
    for (let second = 0; second < 120 && left(accepted, arrived()).length > 0; second += 1)
      await pause(1_000);
    await red.stop();
  } finally {
    await cloud.stop();
    rmSync(userDir, { recursive: true, force: true });
  }
  const all = arrived();
  const lost = left(accepted, all);
  const duplicates = all.length - new Set(all).size;
  console.log({ kills, accepted: accepted.size, arrived: new Set(all).size, duplicates, lost: lost.length });
  if (lost.length > 0 || accepted.size === 0) process.exitCode = 1;
}

function left(accepted: ReadonlySet<string>, arrived: readonly string[]): string[] {
  const there = new Set(arrived);
  return [...accepted].filter((name) => !there.has(name));
}

async function killedWhileAccepting(red: RunningNodeRed, accepted: Set<string>): Promise<void> {
  let alive = true;
  const give = async (): Promise<void> => {
    while (alive) {
      const body = picture();
      try {
        const headers = { 'content-type': 'application/octet-stream' };
        const reply = await fetch(new URL('picture', red.url), {
          method: 'POST',
          headers,
          body: new Uint8Array(body),
        });
        if (reply.status === 200) accepted.add(nameOf(body));
      } catch {
        // Cut off by the kill: it was not accepted as far as anybody knows.
      }
    }
  };
  const giving = Array.from({ length: AT_ONCE }, give);
  // Chance is the point here: while it opens, or somewhere in accepting and sending.
  const before = accepted.size;
  if (Math.random() < 0.8)
    for (let turn = 0; turn < 200 && accepted.size === before; turn += 1) await pause(50);
  await pause(Math.random() * 1_500);
  red.process.kill('SIGKILL');
  await red.exited;
  alive = false;
  await Promise.all(giving);
}

void main(Number(process.argv[2] ?? 40));
