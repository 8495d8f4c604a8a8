/** Runs JavaScript in a fresh process and gives what it prints as JSON. */
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

export const root = dirname(dirname(__dirname));

export async function inFreshProcess<T>(source: string): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', source], {
    cwd: root,
  });
  return JSON.parse(stdout) as T;
}
