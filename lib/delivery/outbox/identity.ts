/** Which process this is, so that another one can tell whether the owner of a folder still lives. */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Identity {
  /** Unique to one owner. */
  nonce: string;
  pid: number;
  /** For people. */
  host: string;
  /** Processes with the same place can be looked up by their pid: host, boot and pid namespace. */
  place: string;
  /** When the process began, in a unit of its system; empty when the system does not tell. */
  started: string;
}

export function identityOfThisProcess(): Identity {
  return {
    nonce: randomUUID(),
    pid: process.pid,
    host: hostname(),
    place: [hostname(), textOf('/proc/sys/kernel/random/boot_id'), linkOf('/proc/self/ns/pid')].join(' '),
    started: startOf(process.pid),
  };
}

/** Owners in this process, also those of a second copy of the package. */
const owners: Set<string> = ((globalThis as Record<symbol, unknown>)[Symbol.for('snapflow.outbox.owners')] ??=
  new Set<string>()) as Set<string>;

export function rememberOwner({ nonce }: Identity): void {
  owners.add(nonce);
}

export function forgetOwner({ nonce }: Identity): void {
  owners.delete(nonce);
}

/** Whether the process of an owner lives; undefined when that cannot be seen from here. */
export function isAlive(owner: Identity, self: Identity): boolean | undefined {
  if (owners.has(owner.nonce)) return true;
  if (owner.place !== self.place) return undefined;
  if (owner.pid === self.pid || !processExists(owner.pid)) return false;
  // The pid may be of another process by now; only some systems tell since when it is there.
  return owner.started === '' ? undefined : startOf(owner.pid) === owner.started;
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Field 22 of `/proc/<pid>/stat` (proc_pid_stat(5)): clock ticks after boot. The name before it may hold blanks. */
function startOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
