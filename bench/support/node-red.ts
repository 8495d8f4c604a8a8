/** Node-RED in this process, without its editor, the package installed: a message goes into one node and comes out at the end. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './process';

export interface Message {
  payload: unknown;
  [property: string]: unknown;
}

/** What is used of Node-RED's runtime. */
interface Runtime {
  init(server: Server, settings: Record<string, unknown>): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  events: { once(event: string, listener: () => void): void };
  nodes: { getNode(id: string): FlowNode };
  httpNode: RequestListener;
}

export interface FlowNode {
  receive(message: Message): void;
}

export interface RunningFlow {
  /** Of the nodes that listen on Node-RED's own server. */
  url: string;
  node<T extends FlowNode>(id: string): T;
  /** Sends a message in; resolves with what comes out. */
  pass(message: Message): Promise<Message>;
  close(): Promise<void>;
}

/**
 * SNAPFLOW_NODE_RED chooses another Node-RED (its `red.js`).
 * @param nodes the nodes of a flow; the one with the id `in` is given the messages, `out` is where they leave
 * @param credentials by id of their node
 * @param globals what function nodes find in the global context
 */
export async function startFlow(
  nodes: Array<Record<string, unknown>>,
  credentials: Record<string, Record<string, unknown>> = {},
  globals: Record<string, unknown> = {},
): Promise<RunningFlow> {
  const script = process.env['SNAPFLOW_NODE_RED'];
  const red = require(script === undefined ? 'node-red' : dirname(script)) as Runtime;
  const server = createServer((request, response) => red.httpNode(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const userDir = userDirectory();
  installPackage(userDir);
  const waiting = new Map<unknown, (message: Message) => void>();
  const leave = (message: Message) => {
    waiting.get(message['_msgid'])?.(message);
    waiting.delete(message['_msgid']);
  };
  const end = { id: 'out', type: 'function', func: "global.get('leave')(msg);", wires: [] };
  const tab = { id: 'tab', type: 'tab', label: 'bench' };
  // With a place in the editor: without one, Node-RED takes a node for a config node.
  const placed = [...nodes, end].map((node) => ({
    ...node,
    z: 'tab',
    ...('wires' in node && { x: 0, y: 0 }),
  }));
  const flow = [tab, ...placed];
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(credentials));
  red.init(server, {
    userDir,
    flowFile: 'flows.json',
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: '/',
    logging: { console: { level: 'error' } },
    functionGlobalContext: { leave, ...globals },
  });
  const started = new Promise<void>((resolve) => red.events.once('flows:started', resolve));
  await red.start();
  await started;

  let sent = 0;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    node: <T extends FlowNode>(id: string) => red.nodes.getNode(id) as T,
    pass(message) {
      const id = `bench-${++sent}`;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        red.nodes.getNode('in').receive({ ...message, _msgid: id });
      });
    },
    async close() {
      await red.stop();
      server.closeAllConnections();
      server.close();
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
