/**
 * The WebSocket side: takes connections in, hands their messages on, finds those that died, and closes what
 * has to be closed. One set of handlers for all sockets and one sweep for all times, so that a device costs
 * little more than its socket.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Context } from '../context';
import { asError, type DisconnectReason } from '../events';
import { snKey } from '../registry/types';
import { Connection, type Session } from '../sessions/session';
import type { SessionStore } from '../sessions/sessions';
import { addressOf } from '../../server/address';
import { AddressCount } from '../../server/addresses';

export interface GatewayOptions {
  /** Milliseconds between heartbeats that devices are told. */
  heartbeatMs: number;
  /** Milliseconds without a sign of life after which a device is offline. */
  offlineAfterMs: number;
  trustProxy: boolean;
}

/** What the gateway hands on. */
export interface GatewayHandlers {
  onMessage(connection: Connection, bytes: Buffer): void;
  /** The session's socket is gone, or another one took its place. */
  onSessionEnd(session: Session, reason: DisconnectReason): void;
}

interface DeviceSocket extends WebSocket {
  gateway: Gateway;
  connection: Connection;
}

/** Close codes (RFC 6455 §7.4); those from 4000 on are ours. */
const CLOSE = { goingAway: 1001, policy: 1008, replaced: 4001, connectAgain: 4002 } as const;

export class Gateway {
  private server: WebSocketServer | undefined;
  private readonly addresses: AddressCount;
  /** Connected, but not let in (yet); what ends the watch over its bytes. */
  private readonly strangers = new Map<Connection, () => void>();
  /** Asked to close; those that have not by the second sweep are cut. */
  private readonly leaving = new Map<Connection, { since: number; reason: DisconnectReason }>();
  private readonly held = new Set<Connection>();

  constructor(
    private readonly context: Context,
    private readonly options: GatewayOptions,
    private readonly sessions: SessionStore,
    private readonly handlers: GatewayHandlers,
  ) {
    const { maxConnections, maxConnectionsPerAddress } = context.limits;
    this.addresses = new AddressCount(maxConnections, maxConnectionsPerAddress);
  }

  get strangerCount(): number {
    return this.strangers.size;
  }

  /** Completes a WebSocket handshake, or answers 503 when there are too many connections. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = addressOf(request, this.options.trustProxy);
    if (!this.addresses.hasRoom(address)) {
      refuseUpgrade(socket, '503 Service Unavailable');
      return;
    }
    this.webSocketServer().handleUpgrade(request, socket, head, (webSocket) => {
      this.accept(webSocket as DeviceSocket, socket, address);
    });
  }

  /** The connection was let in. */
  welcome(connection: Connection): void {
    this.strangers.get(connection)?.();
    this.strangers.delete(connection);
  }

  /** Closes a connection; its session, if it has one, ends for this reason. */
  close(connection: Connection, reason: DisconnectReason): void {
    if (!this.leaving.has(connection)) {
      this.leaving.set(connection, { since: this.context.clock.monotonic(), reason });
    }
    // A held socket would not read the other side's answer to the closing handshake.
    if (this.held.delete(connection)) connection.socket.resume();
    connection.socket.close(closeCode(reason), reason);
  }

  /** Ends a session at once; its connection is asked to close. */
  expel(session: Session): void {
    this.handlers.onSessionEnd(session, 'asked');
    this.close(session.connection, 'asked');
  }

  /** Has devices that were not let in under one of these SNs (see `snKey`) connect again. */
  recall(keys: ReadonlySet<string>): void {
    for (const connection of this.strangers.keys()) {
      if (keys.has(snKey(connection.sn))) this.close(connection, 'asked');
    }
  }

  /** Ends everything at once. */
  stop(): void {
    for (const connection of [...this.connections()]) {
      if (connection.session) this.handlers.onSessionEnd(connection.session, 'stopped');
      connection.socket.close(CLOSE.goingAway);
      connection.socket.terminate();
    }
  }

  /** Called once a second. */
  sweep(now: number): void {
    for (const connection of this.held) connection.socket.resume();
    this.held.clear();
    for (const [connection, { since }] of this.leaving) {
      if (now - since >= 1_000) connection.socket.terminate();
    }
    for (const connection of this.strangers.keys()) this.sweepStranger(connection, now);
    for (const session of this.sessions) this.sweepSession(session, now);
  }

  received(connection: Connection, data: unknown): void {
    connection.seenAt = this.context.clock.monotonic();
    if (++connection.messages > this.context.limits.messagesPerSecond) this.hold(connection);
    if (this.leaving.has(connection)) return;
    try {
      // `ws` gives a Buffer unless asked otherwise.
      this.handlers.onMessage(connection, data as Buffer);
    } catch (cause) {
      // Thrown out of a socket's event, it would end the process.
      this.context.events.notify('error', asError(cause));
    }
  }

  /** A ping or pong: a sign of life, and counted so that a flood of them is slowed down too. */
  alive(connection: Connection): void {
    connection.seenAt = this.context.clock.monotonic();
    if (++connection.messages > this.context.limits.messagesPerSecond) this.hold(connection);
  }

  closed(connection: Connection): void {
    const reason = this.leaving.get(connection)?.reason ?? 'closed';
    this.addresses.remove(connection.address);
    this.leaving.delete(connection);
    this.strangers.delete(connection);
    this.held.delete(connection);
    if (connection.session) this.handlers.onSessionEnd(connection.session, reason);
  }

  private accept(socket: DeviceSocket, stream: Duplex, address: string): void {
    const connection = new Connection(socket, address, this.context.clock.monotonic());
    socket.gateway = this;
    socket.connection = connection;
    socket.on('message', onMessage);
    socket.on('ping', onSignOfLife);
    socket.on('pong', onSignOfLife);
    socket.on('close', onClose);
    socket.on('error', onError);
    this.addresses.add(address);
    this.strangers.set(connection, this.watchEarlyBytes(connection, stream));
  }

  /** Before it is let in, a socket gets no room for a message of megabytes. @returns what ends the watch */
  private watchEarlyBytes({ socket }: Connection, stream: Duplex): () => void {
    let bytes = 0;
    const count = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > this.context.limits.maxStrangerBytes) socket.terminate();
    };
    stream.on('data', count);
    return () => void stream.off('data', count);
  }

  private hold(connection: Connection): void {
    connection.socket.pause();
    this.held.add(connection);
  }

  private sweepStranger(connection: Connection, now: number): void {
    connection.messages = 0;
    const { provisionMs, strangerTimeoutMs } = this.context.limits;
    const patience = connection.sn === '' ? strangerTimeoutMs : provisionMs;
    if (now - connection.openedAt >= patience) this.close(connection, 'silent');
    else this.sweepLiveness(connection, now);
  }

  private sweepSession(session: Session, now: number): void {
    const { connection } = session;
    connection.messages = 0;
    if (session.isOnline) {
      if (!this.sessions.isToken(session, session.token, now)) this.close(connection, 'token-expired');
    } else if (now - connection.openedAt >= this.context.limits.provisionMs) {
      this.close(connection, 'asked');
    }
    if (connection.socket.bufferedAmount > this.context.limits.maxUnreadBytes) this.cut(connection, 'stuck');
    else this.sweepLiveness(connection, now);
  }

  private sweepLiveness(connection: Connection, now: number): void {
    const silentMs = now - connection.seenAt;
    const { heartbeatMs, offlineAfterMs } = this.options;
    if (silentMs >= offlineAfterMs) {
      this.cut(connection, 'silent');
    } else if (silentMs >= heartbeatMs && now - connection.pingedAt >= heartbeatMs) {
      // A live device answers a ping whatever its firmware does.
      connection.pingedAt = now;
      connection.socket.ping();
    }
  }

  /** Ends a connection whose other side is not expected to answer. */
  private cut(connection: Connection, reason: DisconnectReason): void {
    this.leaving.set(connection, { since: this.context.clock.monotonic(), reason });
    connection.socket.terminate();
  }

  private *connections(): Generator<Connection> {
    yield* this.strangers.keys();
    for (const session of this.sessions) yield session.connection;
    yield* this.leaving.keys();
  }

  private webSocketServer(): WebSocketServer {
    if (!this.server) {
      const { WebSocketServer } = require('ws') as typeof import('ws');
      this.server = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        maxPayload: this.context.limits.maxFrameBytes,
        perMessageDeflate: false,
        // What is no UTF-8 is no JSON either, which is found a step later.
        skipUTF8Validation: true,
      });
    }
    return this.server;
  }
}

function onMessage(this: WebSocket, data: unknown): void {
  const { gateway, connection } = this as DeviceSocket;
  gateway.received(connection, data);
}

function onSignOfLife(this: WebSocket): void {
  const { gateway, connection } = this as DeviceSocket;
  gateway.alive(connection);
}

function onClose(this: WebSocket): void {
  const { gateway, connection } = this as DeviceSocket;
  gateway.closed(connection);
}

/** `ws` closes the socket itself after an error; without a listener the process would end. */
function onError(): void {}

function closeCode(reason: DisconnectReason): number {
  switch (reason) {
    case 'stopped':
      return CLOSE.goingAway;
    case 'replaced':
      return CLOSE.replaced;
    case 'asked':
      return CLOSE.connectAgain;
    default:
      return CLOSE.policy;
  }
}

/** Ends a handshake with an HTTP status. */
export function refuseUpgrade(socket: Duplex, status: '404 Not Found' | '503 Service Unavailable'): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
