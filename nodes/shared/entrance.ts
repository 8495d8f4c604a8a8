/**
 * Servers that cameras call, below a path of Node-RED's own server. Node-RED offers no way to take a handler off again, so
 * there is one per process: it asks the servers that are attached now and leaves all other paths alone.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { SnapflowError, type System } from '../../lib/errors';
import type { Red } from './red';

type Middleware = (
  request: IncomingMessage & { originalUrl?: string },
  response: ServerResponse,
  next: () => void,
) => void;

/** What Node-RED offers beyond the part that all nodes use. */
interface WebRed extends Red {
  server?: Pick<Server, 'on'>;
  httpNode?: { use(handler: Middleware): void };
}

/** What takes requests below a path of its own; false leaves a request to others. */
export interface AttachedServer {
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  handleUpgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

interface Entrance {
  readonly servers: Set<AttachedServer>;
}

const entrances = new WeakMap<object, Entrance>();

/**
 * The base path as it is on the wire, below `httpNodeRoot`.
 * @throws SnapflowError `BAD_INPUT` without a path: everything of Node-RED would be below it
 */
export function fullPath(RED: Red, basePath = '', system: System = 'snapflow'): string {
  const own = basePath.replace(/^\/+|\/+$/g, '');
  const { httpNodeRoot = '/' } = RED.settings;
  if (own === '') {
    throw new SnapflowError(
      'BAD_INPUT',
      "On Node-RED's own server the cameras need a path, such as /cameras.",
      { system },
    );
  }
  if (httpNodeRoot === false) {
    throw new SnapflowError(
      'BAD_INPUT',
      "Node-RED's own server is switched off for nodes (httpNodeRoot): choose a port of its own.",
      { system },
    );
  }
  return `/${[String(httpNodeRoot).replace(/^\/+|\/+$/g, ''), own].filter(Boolean).join('/')}`;
}

/** Gives a server its share of the requests of Node-RED's server; returns how to end that. */
export function attach(RED: Red, server: AttachedServer): () => void {
  const { servers } = entranceOf(RED);
  servers.add(server);
  return () => servers.delete(server);
}

function entranceOf(RED: Red): Entrance {
  const { httpNode, server } = RED as WebRed;
  if (!server || !httpNode) {
    throw new SnapflowError('BAD_INPUT', 'Node-RED has no server here: choose a port of its own.');
  }
  const known = entrances.get(server);
  if (known) return known;
  const servers = new Set<AttachedServer>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    for (const one of servers) if (one.handleUpgrade?.(request, socket, head)) return;
  });
  httpNode.use((request, response, next) => {
    const { url, originalUrl } = request;
    // Express cuts httpNodeRoot off; the device server knows its path as it is on the wire.
    request.url = originalUrl ?? url;
    for (const one of servers) if (one.handleRequest(request, response)) return;
    request.url = url;
    next();
  });
  const entrance = { servers };
  entrances.set(server, entrance);
  return entrance;
}
