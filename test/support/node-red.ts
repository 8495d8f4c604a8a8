/**
 * A real Node-RED process with a user directory of its own, as a user would run it.
 * SNAPFLOW_NODE and SNAPFLOW_NODE_RED choose another Node.js and Node-RED (`red.js`).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const LIMIT_MS = 60_000;

export interface NodeRedOptions {
  flows?: unknown[];
  env?: NodeJS.ProcessEnv;
  /** JavaScript source of additional settings, such as `adminAuth: { … }`. */
  settings?: string;
  /** Other ports for the fixed ones of the examples, see `freePorts`. */
  examplePorts?: Record<string, number>;
  /** Reuse a user directory (it is then not removed at the end). */
  userDir?: string;
}

export interface RunningNodeRed {
  url: string;
  userDir: string;
  process: ChildProcess;
  log(): string;
  /** Resolves with the match once the log holds the pattern after its first `from` characters. */
  waitForLog(pattern: RegExp, options?: { from?: number; limitMs?: number }): Promise<RegExpExecArray>;
  /** Exit code and signal, once it has ended. */
  exited: Promise<[number | null, string | null]>;
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
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;

  const waitForLog: RunningNodeRed['waitForLog'] = async (pattern, { from = 0, limitMs = LIMIT_MS } = {}) => {
    const limit = AbortSignal.timeout(limitMs);
    for (;;) {
      const match = pattern.exec(log.slice(from));
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

  // In whichever language it speaks.
  const [base] = await waitForLog(/http:\/\/127\.0\.0\.1:\d+\//)
    .then(async (address) => {
      await waitForLog(/Started flows|流程已启动/);
      return address;
    })
    .catch((error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    });

  return {
    url: base,
    userDir,
    process: child,
    exited,
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
  layPackage(join(userDir, 'node_modules', '@snapflow', 'node-red-snapflow'), options.examplePorts ?? {});
  if (options.flows) writeFileSync(join(userDir, 'flows.json'), JSON.stringify(options.flows));
  writeFileSync(
    join(userDir, 'settings.js'),
    `module.exports = {
  uiHost: '127.0.0.1',
  flowFile: 'flows.json',
  credentialSecret: 'for tests only',
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, palette: { catalogues: [] } },
  ${options.settings ?? ''}
};`,
  );
}

/** The package as it is built; its examples on the ports given, so that tests can run beside a running tour. */
function layPackage(folder: string, ports: Record<string, number>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'examples'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'dist'), join(folder, 'dist'), 'junction');
  for (const name of readdirSync(join(root, 'examples'))) {
    writeFileSync(
      join(folder, 'examples', name),
      onPorts(readFileSync(join(root, 'examples', name), 'utf8'), ports),
    );
  }
}

function onPorts(text: string, ports: Record<string, number>): string {
  return Object.entries(ports).reduce((changed, [from, to]) => changed.replaceAll(from, String(to)), text);
}

/** An example's flows, its fixed ports replaced. */
export function exampleFlows(name: string, ports: Record<string, number>): unknown[] {
  return JSON.parse(
    onPorts(readFileSync(join(root, 'examples', `${name}.json`), 'utf8'), ports),
  ) as unknown[];
}

/** Ports that are free now, for the fixed ports of examples: the system chooses. */
export async function freePorts(...fixed: string[]): Promise<Record<string, number>> {
  const servers = await Promise.all(
    fixed.map(async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return Object.fromEntries(fixed.map((name, index) => [name, ports[index] as number]));
}

/** The environment without what the test runner set for itself, and in English. */
function cleanEnv(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return { ...env, LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8' };
}
