/** Node-RED in this process, without its editor, the package installed: a message goes into one node and comes out at the end. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './process';

export interface Message {
  payload: unknown;
  [property: string]: unknown;
}

/** What is used of Node-RED's runtime. */
interface Runtime {
  init(server: undefined, settings: Record<string, unknown>): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  events: { once(event: string, listener: () => void): void };
  nodes: { getNode(id: string): { receive(message: Message): void } };
}

export interface RunningFlow {
  /** Sends a message in; resolves with what comes out. */
  pass(message: Message): Promise<Message>;
  close(): Promise<void>;
}

/**
 * @param nodes the nodes of a flow; the one with the id `in` is given the messages, `out` is where they leave
 * @param credentials by id of their node
 */
export async function startFlow(
  nodes: Array<Record<string, unknown>>,
  credentials: Record<string, Record<string, string>> = {},
): Promise<RunningFlow> {
  const red = require('node-red') as Runtime;
  const userDir = userDirectory();
  installPackage(userDir);
  const waiting = new Map<unknown, (message: Message) => void>();
  const leave = (message: Message) => {
    waiting.get(message['_msgid'])?.(message);
    waiting.delete(message['_msgid']);
  };
  const end = { id: 'out', type: 'function', func: "global.get('leave')(msg);", wires: [] };
  const tab = { id: 'tab', type: 'tab', label: 'bench' };
  const flow = [tab, ...[...nodes, end].map((node) => ({ ...node, z: 'tab' }))];
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(credentials));
  red.init(undefined, {
    userDir,
    flowFile: 'flows.json',
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: false,
    logging: { console: { level: 'error' } },
    functionGlobalContext: { leave },
  });
  const started = new Promise<void>((resolve) => red.events.once('flows:started', resolve));
  await red.start();
  await started;

  let sent = 0;
  return {
    pass(message) {
      const id = `bench-${++sent}`;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        red.nodes.getNode('in').receive({ ...message, _msgid: id });
      });
    },
    async close() {
      await red.stop();
      rmSync(userDir, { recursive: true, force: true });
    },
  };
}

/** A new one, empty. */
export function userDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'snapflow-bench-'));
}

export function installPackage(userDir: string): void {
  const scope = join(userDir, 'node_modules/@snapflow');
  mkdirSync(scope, { recursive: true });
  symlinkSync(root, join(scope, 'node-red-snapflow'), 'junction');
}
