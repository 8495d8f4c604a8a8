/**
 * A Node-RED runtime inside the test process (node-red-node-test-helper): real flows with real Catch and
 * Status nodes; no editor, no translations (`RED._` gives the key back). Nodes of type `collect` are the
 * test's own: they keep what they receive.
 */
import { once, type EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ShownPicture } from '../../../nodes/shared/node-view';
import type { Message, NodeConfig, Red, RedNode, StatusLook } from '../../../nodes/shared/red';
import { Inbox } from './inbox';

export type NodeModule = (RED: Red) => void;
export type Flow = Array<NodeConfig & Record<string, unknown>>;
export type Credentials = Record<string, Record<string, string>>;

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

interface Request extends PromiseLike<Reply> {
  set(name: string, value: string): Request;
  send(body: unknown): Request;
}

export type DeployType = 'full' | 'nodes' | 'flows';

interface Helper {
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
  load(modules: NodeModule[], flow: Flow, credentials?: Credentials): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): RedNode & { receive(msg: Message): void };
  request(): { post(path: string): Request };
  _redNodes: { setFlows(flow: Flow, credentials: Credentials, type: DeployType): Promise<void> };
  _events: EventEmitter;
  _httpAdmin: { listen(port: number, host: string): Server };
  settings(settings: Record<string, unknown>): void;
}

interface RuntimeRed extends Red {
  events: EventEmitter;
}

/** A message that a node has dealt with: what `done` was called with. */
export interface Completion {
  msg: Message;
  error?: Error;
  node: { id: string };
}

interface Hooks {
  add(name: string, hook: (completion: Completion) => void): void;
  remove(name: string): void;
}

const helper = require('node-red-node-test-helper') as Helper;
const { hooks } = require('@node-red/util') as { hooks: Hooks };
const HOOK = 'onComplete.snapflow-test';

export interface Runtime {
  node<N extends RedNode>(id: string): N;
  /** Gives a node a message, as a wire would. */
  send(id: string, msg: Message): void;
  /** What a `collect` node received. */
  inbox(id: string): Inbox<Message>;
  /** What a node showed as its status. */
  statuses(id: string): Inbox<StatusLook>;
  /** What the editors are told of the last picture of a node; `{}` takes it off. */
  shown(id: string): Inbox<Partial<ShownPicture>>;
  /** The messages that a node has dealt with. */
  completions(id: string): Inbox<Completion>;
  deploy(flow: Flow, type?: DeployType): Promise<void>;
  /** A call of an admin route, as the editor makes it. */
  post(path: string, body: unknown, language?: string): Promise<Reply>;
  /** Serves the admin routes on a real port. */
  listen(): Promise<{ port: number; close(): Promise<void> }>;
  stop(): Promise<void>;
}

export async function startRuntime(
  modules: NodeModule[],
  flow: Flow,
  credentials: Credentials = {},
): Promise<Runtime> {
  const inboxes = new Map<string, Inbox<Message>>();
  const statuses = new Map<string, Inbox<StatusLook>>();
  const shown = new Map<string, Inbox<Partial<ShownPicture>>>();
  const completions = new Map<string, Inbox<Completion>>();
  hooks.add(HOOK, (completion) => boxOf(completions, completion.node.id).put(completion));
  const onStatus = ({ id, status }: { id: string; status?: StatusLook }) => {
    if (status) boxOf(statuses, id).put(status);
  };
  const onComms = ({ topic, data }: { topic: string; data: Partial<ShownPicture> }) => {
    const [, id] = /^snapflow\/view\/(.+)$/.exec(topic) ?? [];
    if (id !== undefined) boxOf(shown, id).put(data);
  };
  let events: EventEmitter | undefined;
  const testNodes = (RED: Red): void => {
    events = (RED as RuntimeRed).events.on('node-status', onStatus).on('comms', onComms);
    RED.nodes.registerType('collect', function (this: RedNode, config: NodeConfig) {
      RED.nodes.createNode(this, config);
      this.on('input', (msg, _send, done) => {
        boxOf(inboxes, this.id).put(msg);
        done();
      });
    });
  };

  helper.settings({ logging: { console: { level: 'off' } } });
  await helper.startServer();
  // Node-RED forgets the credentials of nodes that are gone, in the object it was given.
  await helper.load([...modules, testNodes], placed(flow), structuredClone(credentials));
  return {
    node: <N extends RedNode>(id: string) => helper.getNode(id) as unknown as N,
    send: (id, msg) => helper.getNode(id).receive(msg),
    inbox: (id) => boxOf(inboxes, id),
    statuses: (id) => boxOf(statuses, id),
    shown: (id) => boxOf(shown, id),
    completions: (id) => boxOf(completions, id),
    // Not the helper's own setFlows: that fails when a deploy takes longer than 300 ms.
    async deploy(next, type = 'full') {
      const started = once(helper._events, 'flows:started');
      await helper._redNodes.setFlows(placed(next), structuredClone(credentials), type);
      await started;
    },
    async post(path, body, language = 'en-US') {
      const { status, body: reply } = await helper
        .request()
        .post(path)
        .set('Accept-Language', language)
        .send(body);
      return { status, body: reply };
    },
    async listen() {
      const server = helper._httpAdmin.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      return {
        port,
        async close() {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
      };
    },
    async stop() {
      hooks.remove(HOOK);
      events?.removeListener('node-status', onStatus).removeListener('comms', onComms);
      await helper.unload();
      await helper.stopServer();
    },
  };
}

function boxOf<T>(boxes: Map<string, Inbox<T>>, id: string): Inbox<T> {
  const box = boxes.get(id) ?? new Inbox<T>();
  boxes.set(id, box);
  return box;
}

/** Node-RED takes a node without a place for a config node. */
function placed(flow: Flow): Flow {
  return flow.map((node) => ('wires' in node ? { x: 0, y: 0, ...node } : node));
}
