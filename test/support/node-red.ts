/**
 * A real Node-RED process with a user directory of its own, as a user would run it.
 * SNAPFLOW_NODE and SNAPFLOW_NODE_RED choose another Node.js and Node-RED (`red.js`).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const START_LIMIT_MS = 60_000;

export interface NodeRedOptions {
  flows?: unknown[];
  env?: NodeJS.ProcessEnv;
  /** JavaScript source of additional settings, such as `adminAuth: { … }`. */
  settings?: string;
  /** Reuse a user directory (it is then not removed at the end). */
  userDir?: string;
}

export interface RunningNodeRed {
  url: string;
  userDir: string;
  process: ChildProcess;
  log(): string;
  /** Resolves with the match once the log holds the pattern, from `from` on. */
  waitForLog(pattern: RegExp, limitMs?: number): Promise<RegExpExecArray>;
  deploy(flows: unknown[]): Promise<void>;
  get<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

export function nodeRedScript(): string {
  return process.env['SNAPFLOW_NODE_RED'] ?? require.resolve('node-red/red.js');
}

export async function startNodeRed(options: NodeRedOptions = {}): Promise<RunningNodeRed> {
  const userDir = options.userDir ?? mkdtempSync(join(tmpdir(), 'snapflow-red-'));
  prepareUserDir(userDir, options);
  const child = spawn(
    process.env['SNAPFLOW_NODE'] ?? process.execPath,
    [nodeRedScript(), '--userDir', userDir, '--port', '0'],
    { env: { ...cleanEnv(), ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  child.stdout.on('data', (chunk) => (log += String(chunk)));
  child.stderr.on('data', (chunk) => (log += String(chunk)));
  const exited = once(child, 'exit');

  const waitForLog = async (pattern: RegExp, limitMs = START_LIMIT_MS): Promise<RegExpExecArray> => {
    const limit = AbortSignal.timeout(limitMs);
    for (;;) {
      const match = pattern.exec(log);
      if (match) return match;
      if (child.exitCode !== null) throw new Error(`Node-RED ended before ${String(pattern)}:\n${log}`);
      await Promise.race([
        once(child.stdout, 'data', { signal: limit }).catch(() => {
          throw new Error(`No ${String(pattern)} within ${limitMs} ms:\n${log}`);
        }),
        exited,
      ]);
    }
  };

  const [, url] = await waitForLog(/now running at (http:\S+)/);
  await waitForLog(/Started flows/);
  const base = url as string;

  return {
    url: base,
    userDir,
    process: child,
    log: () => log,
    waitForLog,
    async deploy(flows) {
      const reply = await fetch(new URL('flows', base), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
        body: JSON.stringify(flows),
      });
      if (!reply.ok) throw new Error(`Deploy answered ${reply.status}: ${await reply.text()}`);
    },
    async get<T>(path: string) {
      const reply = await fetch(new URL(path, base), { headers: { accept: 'application/json' } });
      if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
      return (await reply.json()) as T;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await exited;
      }
      if (!options.userDir) rmSync(userDir, { recursive: true, force: true });
    },
  };
}

function prepareUserDir(userDir: string, options: NodeRedOptions): void {
  const scope = join(userDir, 'node_modules', '@snapflow');
  mkdirSync(scope, { recursive: true });
  rmSync(join(scope, 'node-red-snapflow'), { recursive: true, force: true });
  symlinkSync(process.env['SNAPFLOW_PACKAGE'] ?? root, join(scope, 'node-red-snapflow'), 'junction');
  if (options.flows) writeFileSync(join(userDir, 'flows.json'), JSON.stringify(options.flows));
  writeFileSync(
    join(userDir, 'settings.js'),
    `module.exports = {
  uiHost: '127.0.0.1',
  flowFile: 'flows.json',
  credentialSecret: 'for tests only',
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false },
  ${options.settings ?? ''}
};`,
  );
}

/** The environment without what the test runner set for itself, and in English. */
function cleanEnv(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return { ...env, LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8' };
}
