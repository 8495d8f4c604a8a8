/** An HTTP or HTTPS server on loopback that knows its sockets, so that it can end at once and open again. */
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { SnapflowError } from '../errors';
import type { SelfSigned } from './certificate';

export const LOOPBACK = '127.0.0.1';

export interface ListenerOptions {
  /** Speaks TLS with it. */
  certificate?: SelfSigned | undefined;
  serve: (request: IncomingMessage, response: ServerResponse) => void;
  /** Told of each connection, before TLS. */
  connected?: () => void;
}

export class Listener {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly options: ListenerOptions) {}

  get isOpen(): boolean {
    return this.server !== undefined;
  }

  /**
   * @param port 0: any free one
   * @returns the port it listens on
   * @throws SnapflowError `BAD_INPUT` when the port is taken or not allowed
   */
  async open(port: number): Promise<number> {
    const { certificate, serve } = this.options;
    const server = certificate
      ? createHttpsServer({ key: certificate.key, cert: certificate.cert }, serve)
      : createHttpServer(serve);
    server.on('connection', (socket: Socket) => this.keep(socket));
    server.listen(port, LOOPBACK);
    try {
      await once(server, 'listening');
    } catch (cause) {
      throw portError(port, cause);
    }
    this.server = server;
    return (server.address() as AddressInfo).port;
  }

  /** Refuses new connections and breaks the present ones. */
  async close(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private keep(socket: Socket): void {
    this.options.connected?.();
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}

function portError(port: number, cause: unknown): SnapflowError {
  return new SnapflowError(
    'BAD_INPUT',
    'The simulator cannot open port {{port}} ({{reason}}). Choose another port, or 0 for any free one.',
    { values: { port, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) }, cause },
  );
}
