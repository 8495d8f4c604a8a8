/**
 * Kills a process that accepts and delivers pictures at random moments, starts it again on the same folder, and at
 * the end compares: everything it had accepted must have reached the target or be a dead letter, and be whole.
 *
 *     node --import tsx test/soak/outbox-kill.ts [kills, default 200]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface KillReport {
  kills: number;
  accepted: number;
  reached: number;
  dead: number;
  /** Pictures that reached the target more than once. */
  duplicates: number;
  /** Accepted, and neither reached the target nor are dead letters. */
  lost: string[];
  /** Reached the target with other bytes. */
  spoilt: string[];
}

export async function killRounds(kills: number): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-kill-'));
  const accepted = new Set<string>();
  const reached = new Map<string, number>();
  const dead = new Set<string>();
  const spoilt: string[] = [];
  const note = (line: string): void => {
    const [what, id = ''] = line.split(' ');
    if (what === 'accepted') accepted.add(id);
    if (what === 'reached') reached.set(id, (reached.get(id) ?? 0) + 1);
    if (what === 'dead') dead.add(id);
    if (what === 'spoilt') spoilt.push(id);
  };
  try {
    for (let kill = 0; kill < kills; kill += 1) await runUntilKilled(folder, kill, note);
    await runUntilEmpty(folder, note);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    kills,
    accepted: accepted.size,
    reached: reached.size,
    dead: dead.size,
    duplicates: [...reached.values()].filter((times) => times > 1).length,
    lost: [...accepted].filter((id) => !reached.has(id) && !dead.has(id)),
    spoilt,
  };
}

async function runUntilKilled(folder: string, run: number, note: (line: string) => void): Promise<void> {
  const child = start(folder, String(run), []);
  // Chance is the point here: while it opens, or somewhere in accepting, sending and moving dead letters.
  const opening = Math.random() < 0.15;
  let lines = opening ? Infinity : Math.floor(Math.random() * 120);
  const kill = async (withinMs: number): Promise<void> => {
    await pause(Math.random() * withinMs);
    child.kill('SIGKILL');
  };
  const killed = opening ? kill(1_500) : undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    note(line);
    if (lines-- === 0) void kill(5);
  }
  await killed;
}

async function runUntilEmpty(folder: string, note: (line: string) => void): Promise<void> {
  const child = start(folder, 'last', ['drain']);
  let empty = false;
  for await (const line of createInterface({ input: child.stdout })) {
    note(line);
    empty ||= line === 'empty';
  }
  if (!empty) throw new Error('It ended before it was empty.');
}

function start(folder: string, run: string, more: string[]) {
  const script = join(__dirname, 'outbox-child.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, folder, run, ...more], {
    cwd: join(__dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function main(): Promise<void> {
  const report = await killRounds(Number(process.argv[2] ?? 200));
  console.log(report);
  if (report.lost.length > 0 || report.spoilt.length > 0) process.exitCode = 1;
}

if (require.main === module) void main();
