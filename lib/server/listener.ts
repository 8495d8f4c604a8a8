/**
 * The server's own port. A port in use or a bad certificate is told once and tried again until the cause is
 * gone; a certificate renewed on disk is taken over while it runs.
 */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SnapflowError } from '../errors';
import type { ServerContext } from './context';
import { plainAddress } from './address';
import { AddressCount } from './addresses';
import { after, every, type Cancel } from '../timers';
import { isSameTls, readTls, type ServerTls, type TlsMaterial } from './tls';

export interface ListenOptions {
  /** Port; 0 for any free one. */
  port: number;
  /** Address to listen on. Default `0.0.0.0`: cameras dial in from elsewhere. */
  host?: string;
  /** Key and certificate; without them, plain HTTP and WebSocket. */
  tls?: ServerTls;
  /** Milliseconds between attempts to listen. Default 5 000. */
  retryMs?: number;
}

export interface ListenerHandlers {
  onRequest(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** It listens, or stopped listening. */
  onChange(): void;
}

const DEFAULT_HOST = '0.0.0.0';
const DEFAULT_RETRY_MS = 5_000;
const RENEWAL_MS = 60_000;

export class Listener {
  private server: Server | SecureServer | undefined;
  private cancels: Cancel[] = [];
  private closed = false;
  private lastProblem = '';

  constructor(
    private readonly context: ServerContext,
    private readonly options: ListenOptions,
    private readonly trustProxy: boolean,
    private readonly handlers: ListenerHandlers,
  ) {}

  /** Where it listens; undefined while it cannot. */
  get address(): { address: string; port: number; secure: boolean } | undefined {
    if (!this.server?.listening) return undefined;
    const { address, port } = this.server.address() as AddressInfo;
    return { address, port, secure: this.options.tls !== undefined };
  }

  /** Resolves when it listens or the first attempt failed. Never rejects. */
  async start(): Promise<void> {
    try {
      const tls = this.options.tls && (await readTls(this.options.tls));
      if (this.closed) return;
      this.server = await this.listen(tls);
      if (this.closed) this.server.close();
      else if (tls) this.watchRenewal(this.server as SecureServer, tls);
      this.lastProblem = '';
    } catch (cause) {
      this.failed(cause);
    }
    this.handlers.onChange();
  }

  /** Frees the port at once; connections end with what they are. */
  async stop(): Promise<void> {
    this.closed = true;
    for (const cancel of this.cancels.splice(0)) cancel();
    const { server } = this;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  private listen(tls: TlsMaterial | undefined): Promise<Server | SecureServer> {
    const { host = DEFAULT_HOST, port } = this.options;
    const server = this.create(tls);
    server.maxConnections = this.context.limits.maxConnections;
    server.on('connection', this.connectionCounter());
    server.on('request', (request, response) => this.handlers.onRequest(request, response, false));
    server.on('checkContinue', (request, response) => this.handlers.onRequest(request, response, true));
    server.on('upgrade', (request, socket, head) => this.handlers.onUpgrade(request, socket, head));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        // Out of file handles, most likely: connections fail, the server goes on.
        server.on('error', (cause) => this.failed(cause));
        resolve(server);
      });
    });
  }

  private create(tls: TlsMaterial | undefined): Server | SecureServer {
    const { headerTimeoutMs, bodyTimeoutMs, keepAliveMs } = this.context.limits;
    const options: ServerOptions = {
      headersTimeout: headerTimeoutMs,
      // A body has its own time; this only catches what slips through.
      requestTimeout: headerTimeoutMs + bodyTimeoutMs + 10_000,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: Math.min(2_000, headerTimeoutMs),
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
    };
    return tls
      ? createSecureServer({ ...options, ...tls, handshakeTimeout: headerTimeoutMs })
      : createServer(options);
  }

  private connectionCounter(): (socket: Socket) => void {
    const { maxConnections, maxConnectionsPerAddress } = this.context.limits;
    const count = new AddressCount(
      maxConnections,
      this.trustProxy ? maxConnections : maxConnectionsPerAddress,
    );
    return (socket) => {
      const address = plainAddress(socket.remoteAddress ?? '');
      if (!count.hasRoom(address)) {
        socket.destroy();
        return;
      }
      count.add(address);
      socket.once('close', () => count.remove(address));
    };
  }

  private watchRenewal(server: SecureServer, current: TlsMaterial): void {
    const { tls } = this.options;
    if (tls?.keyFile === undefined && tls?.certFile === undefined) return;
    let used = current;
    const look = async (): Promise<void> => {
      try {
        const now = await readTls(tls);
        if (isSameTls(used, now)) return;
        server.setSecureContext(now);
        used = now;
      } catch (cause) {
        this.tell(cause);
      }
    };
    this.cancels.push(every(this.context.clock, RENEWAL_MS, () => void look()));
  }

  private failed(cause: unknown): void {
    if (this.closed) return;
    this.tell(cause);
    if (this.server?.listening) return;
    const { retryMs = DEFAULT_RETRY_MS } = this.options;
    this.cancels.push(after(this.context.clock, retryMs, () => void this.start()));
  }

  /** Told once, not at every attempt. */
  private tell(cause: unknown): void {
    const problem = cause instanceof Error ? cause.message : String(cause);
    if (problem === this.lastProblem) return;
    this.lastProblem = problem;
    this.context.events.notify('error', this.errorFor(cause, problem));
  }

  private errorFor(cause: unknown, problem: string): SnapflowError {
    const { host = DEFAULT_HOST, port } = this.options;
    const options = { system: this.context.system, cause, values: { host, port, problem } } as const;
    const { code, syscall } = cause as NodeJS.ErrnoException;
    // A key file that may not be read bears the code of a port that may not be taken.
    switch (syscall === 'listen' ? code : undefined) {
      case 'EADDRINUSE':
        return new SnapflowError(
          'UNREACHABLE',
          'Port {{port}} is used by another program. Free it or choose another; the server tries again by itself.',
          options,
        );
      case 'EACCES':
      case 'EADDRNOTAVAIL':
        return new SnapflowError(
          'BAD_INPUT',
          'Cannot listen on {{host}} port {{port}}: {{problem}}. Choose an address of this machine and a port from 1024 on.',
          options,
        );
      default:
        return this.options.tls
          ? new SnapflowError(
              'CERTIFICATE_REJECTED',
              'The key or certificate of the device server cannot be used: {{problem}}',
              options,
            )
          : new SnapflowError('PLATFORM_FAILED', 'The device server cannot listen: {{problem}}', options);
    }
  }
}
