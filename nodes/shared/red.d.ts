/** The part of Node-RED's runtime API that this package uses (4.0 to 5.x), typed as it behaves. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A message; every property but `_msgid` is the flow's own business. */
export interface Message {
  _msgid?: string;
  payload?: unknown;
  topic?: unknown;
  parts?: unknown;
  [property: string]: unknown;
}

export interface StatusLook {
  fill?: 'red' | 'green' | 'yellow' | 'blue' | 'grey';
  shape?: 'dot' | 'ring';
  text?: string;
}

export type Send = (message: Message | Array<Message | Message[] | null>) => void;
export type Done = (error?: Error) => void;

/** What the editor stored for a node: the `defaults` of its html, plus what Node-RED adds. */
export interface NodeConfig {
  id: string;
  type: string;
  name?: string;
  z?: string;
}

export interface NodeContext {
  get(key: string, callback: (error: Error | null | undefined, value: unknown) => void): void;
  set(key: string, value: unknown, callback: (error?: Error | null) => void): void;
}

/** A running node. Config nodes are the same without wires. */
export interface RedNode {
  id: string;
  type: string;
  name?: string;
  z?: string;
  /** Inside a running subflow: the id that the editor knows. */
  _alias?: string;
  /** Declared credentials, decrypted, `${ENV}` replaced; undefined when the type declares none. */
  credentials?: Record<string, string | undefined>;
  on(event: 'input', handler: (msg: Message, send: Send, done: Done) => void): void;
  on(event: 'close', handler: (removed: boolean, done: () => void) => void): void;
  /** What is kept of the node over a redeploy, and over a restart where the storage is on disk. */
  context(): NodeContext;
  send: Send;
  /** As if a wire brought it. */
  receive(msg: Message): void;
  status(look: StatusLook): void;
  log(text: string): void;
  warn(text: string): void;
  error(error: Error | string, msg?: Message): void;
}

export interface CredentialDefinition {
  /** `text` reaches the editor, `password` only as "there is one". */
  type: 'text' | 'password';
}

export interface RegisterOptions {
  credentials?: Record<string, CredentialDefinition>;
}

/** The fields of an Express request and response that admin routes use. */
export interface AdminRequest extends IncomingMessage {
  body: unknown;
  params: Record<string, string | undefined>;
  query: Record<string, unknown>;
}

export interface AdminResponse extends ServerResponse {
  status(code: number): AdminResponse;
  json(body: unknown): void;
}

export type AdminHandler = (request: AdminRequest, response: AdminResponse, next: () => void) => void;

export interface Red {
  nodes: {
    createNode(node: RedNode, config: NodeConfig): void;
    /** Null or undefined when there is no such node, or it is disabled. */
    getNode<N extends RedNode>(id: string | undefined): N | null | undefined;
    registerType(
      type: string,
      constructor: (this: RedNode, config: never) => void,
      options?: RegisterOptions,
    ): void;
    /** Credentials of a deployed node as stored: `${ENV}` is not replaced. */
    getCredentials(id: string): Record<string, string | undefined> | undefined;
  };
  httpAdmin: {
    get(path: string, permission: AdminHandler, handler: AdminHandler): void;
    post(path: string, permission: AdminHandler, handler: AdminHandler): void;
  };
  comms: {
    /** To every open editor; with `retain` also to those that open later, until the topic is published without. */
    publish(topic: string, data: object, retain: boolean): void;
  };
  events: { once(event: 'flows:started', listener: () => void): void };
  auth: { needsPermission(permission: string): AdminHandler };
  util: {
    evaluateNodeProperty(
      value: string,
      type: string,
      node: RedNode | undefined,
      msg: Message | undefined,
      callback: (error: Error | null | undefined, value: unknown) => void,
    ): void;
    evaluateNodeProperty(value: string, type: 'env', node: RedNode | undefined, msg: undefined): unknown;
    /** @throws where the way to the property is no object */
    getMessageProperty(msg: Message, property: string): unknown;
    cloneMessage<M extends Message>(message: M): M;
    generateId(): string;
  };
  settings: Record<string, unknown>;
  /** Text of a locale key in the language of the runtime; the key itself when there is none. */
  _(key: string, values?: Record<string, string | number>): string;
}
