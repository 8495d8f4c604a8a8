/**
 * What devices send over the WebSocket: `/connect` (§1.1), `/token/update` (§1.2), `/heartbeat` (§1.3) and the
 * answers to commands. Nearly all of it is heartbeats, so they come first and go straight back.
 */
import {
  readConnect,
  type Admission,
  type Admitted,
  type ConnectRequest,
  type Refused,
} from '../access/admission';
import type { CommandDesk } from '../commands/desk';
import type { Context } from '../context';
import { asError, type DisconnectReason } from '../events';
import type { JoinList } from '../registry/join-list';
import { snKey } from '../registry/types';
import { factsOf, Session, type Connection } from '../sessions/session';
import type { SessionStore } from '../sessions/sessions';
import { CODE } from '../wire/codes';
import {
  heartbeatReply,
  readFrame,
  readHeartbeat,
  replyFrame,
  type Frame,
  type MessageId,
} from '../wire/frames';
import { Fields } from '../wire/values';
import type { Gateway } from './gateway';

export interface DeviceRequestsOptions {
  tokenLifetimeS: number;
  /** Seconds between heartbeats that devices are told. */
  heartbeatS: number;
}

export class DeviceRequests {
  /** Set when both are made: each calls the other. */
  gateway!: Gateway;
  private readonly judging = new Set<Connection>();

  constructor(
    private readonly context: Context,
    private readonly options: DeviceRequestsOptions,
    private readonly sessions: SessionStore,
    private readonly admission: Admission,
    private readonly joinList: JoinList,
    private readonly commands: CommandDesk,
  ) {}

  onMessage(connection: Connection, bytes: Buffer): void {
    const { session } = connection;
    if (session) {
      const beat = readHeartbeat(bytes);
      if (beat) {
        this.heartbeat(session, beat.msgid, beat.token);
        return;
      }
    }
    this.onUnusual(connection, bytes);
  }

  onSessionEnd(session: Session, reason: DisconnectReason): void {
    if (this.sessions.remove(session)) this.ended(session, reason);
  }

  private onUnusual(connection: Connection, bytes: Buffer): void {
    let frame: Frame;
    try {
      frame = readFrame(bytes, this.context.limits);
    } catch {
      this.context.counters.malformedMessages++;
      this.answer(connection, undefined, '/', CODE.badParameter, 'Not a frame of the protocol');
      return;
    }
    const { session } = connection;
    if (frame.reply) {
      if (session) this.commands.onReply(session, frame.msgid, frame.reply);
    } else if (frame.uri === '/connect') {
      void this.connect(connection, frame);
    } else if (!session) {
      this.answer(connection, frame.msgid, frame.uri, CODE.unauthorised, 'Connect first');
    } else if (frame.uri === '/heartbeat') {
      this.heartbeat(session, frame.msgid, frame.token);
    } else if (frame.uri === '/token/update') {
      this.updateToken(session, frame);
    } else {
      this.unknown(session, frame);
    }
  }

  private heartbeat(session: Session, msgid: MessageId | undefined, token: string): void {
    const now = this.context.clock.monotonic();
    const { connection } = session;
    if (!this.sessions.isToken(session, token, now)) {
      this.answer(connection, msgid, '/heartbeat', CODE.unauthorised, 'Token missing or not valid');
      return;
    }
    this.context.counters.heartbeats++;
    const expire = Math.max(0, Math.floor((session.expiresAt - now) / 1000));
    connection.socket.send(heartbeatReply(msgid, expire));
    if (this.context.events.isHeard('heartbeat')) {
      this.context.events.notify('heartbeat', { device: factsOf(session), at: this.time() });
    }
  }

  private updateToken(session: Session, frame: Frame): void {
    const now = this.context.clock.monotonic();
    const sn = new Fields(frame.param).text('sn');
    const isOwn = sn === undefined || snKey(sn) === snKey(session.sn);
    if (!isOwn || !this.sessions.isToken(session, frame.token, now)) {
      this.answer(
        session.connection,
        frame.msgid,
        frame.uri,
        CODE.unauthorised,
        'Token missing or not valid',
      );
      return;
    }
    this.sessions.renew(session, now);
    const result = { token: session.token, expire: this.options.tokenLifetimeS };
    this.answer(session.connection, frame.msgid, frame.uri, CODE.ok, 'OK', result);
  }

  private unknown(session: Session, frame: Frame): void {
    this.context.counters.unknownRequests++;
    this.answer(session.connection, frame.msgid, frame.uri, CODE.notFound, 'Unknown uri');
    this.context.events.notify('unknown', {
      device: factsOf(session),
      uri: frame.uri,
      param: frame.param,
    });
  }

  private async connect(connection: Connection, frame: Frame): Promise<void> {
    const request = readConnect(frame.param, connection.address);
    if (!request) {
      this.answer(connection, frame.msgid, frame.uri, CODE.badParameter, 'No usable sn');
      return;
    }
    const { session } = connection;
    if (session?.isOnline && snKey(session.sn) === snKey(request.sn)) {
      // It proved itself on this socket before: a repeated /connect only asks for a token.
      this.grant(session, frame);
      return;
    }
    if (this.judging.has(connection)) return;
    this.judging.add(connection);
    try {
      const judgement = await this.admission.judge(request);
      if (connection.socket.readyState !== connection.socket.OPEN) return;
      if (judgement.admitted) this.admit(connection, frame, request, judgement);
      else this.refuse(connection, frame, request, judgement);
    } catch (cause) {
      // The registry could not be asked. The device tries again.
      this.answer(connection, frame.msgid, frame.uri, CODE.busy, 'Try again later');
      this.context.events.notify('error', asError(cause));
    } finally {
      this.judging.delete(connection);
    }
  }

  private admit(connection: Connection, frame: Frame, request: ConnectRequest, admitted: Admitted): void {
    const session = this.open(connection, request, admitted.record);
    this.context.counters.connects++;
    this.joinList.remove(session.sn);
    this.grant(session, frame);
    if (this.context.events.isHeard('connect')) {
      this.context.events.notify('connect', {
        device: factsOf(session),
        at: this.time(),
        ...(request.ip !== undefined && { ip: request.ip }),
        verdict: admitted.verdict,
      });
    }
    this.commands.onSession(session);
  }

  /** A new token, in answer to `/connect`. */
  private grant(session: Session, frame: Frame): void {
    this.sessions.renew(session, this.context.clock.monotonic());
    this.answer(session.connection, frame.msgid, frame.uri, CODE.ok, 'OK', {
      token: session.token,
      expire: this.options.tokenLifetimeS,
      interval: this.options.heartbeatS,
    });
  }

  /** Makes the session of this connection; an older connection of the same SN ends. */
  private open(connection: Connection, request: ConnectRequest, record: Session['record']): Session {
    const { sn, did } = request;
    const before = connection.session;
    const session = new Session(sn, did, record, connection, this.context.clock.now());
    connection.sn = sn;
    connection.session = session;
    this.gateway.welcome(connection);
    if (before && snKey(before.sn) !== snKey(sn)) this.onSessionEnd(before, 'replaced');
    const replaced = this.sessions.add(session, this.context.clock.monotonic());
    if (replaced) this.retire(replaced, session);
    return session;
  }

  private retire(replaced: Session, by: Session): void {
    if (replaced.connection === by.connection) {
      // The same socket said /connect again; what is under way on it stays so.
      by.pending = replaced.pending;
      return;
    }
    this.ended(replaced, 'replaced');
    this.gateway.close(replaced.connection, 'replaced');
  }

  private ended(session: Session, reason: DisconnectReason): void {
    this.commands.onSessionEnd(session);
    if (!session.isOnline) return;
    this.context.events.notify('disconnect', {
      device: factsOf(session),
      at: this.time(),
      reason,
      connectedAt: new Date(session.connectedAt).toISOString(),
    });
  }

  private refuse(connection: Connection, frame: Frame, request: ConnectRequest, refused: Refused): void {
    this.context.counters.refusedConnects++;
    this.answer(connection, frame.msgid, frame.uri, refused.code, refused.message);
    if (refused.refusal === undefined || refused.verdict === undefined) {
      this.gateway.close(connection, 'asked');
      return;
    }
    if (refused.code === CODE.notRegistered) connection.sn = request.sn;
    const { request: wish, isNew } = this.joinList.add(
      {
        sn: request.sn,
        did: request.did,
        address: request.address,
        ...(request.ip !== undefined && { ip: request.ip }),
        verdict: refused.verdict,
        refusal: refused.refusal,
        ...(refused.clockAheadS !== undefined && { clockAheadS: refused.clockAheadS }),
      },
      this.context.clock.now(),
    );
    if (isNew) this.context.events.notify('wantsToJoin', wish);
    if (refused.refusal === 'no-did') {
      this.commands.onSession(this.open(connection, request, refused.record));
    }
  }

  private time(): string {
    return new Date(this.context.clock.now()).toISOString();
  }

  private answer(
    connection: Connection,
    msgid: MessageId | undefined,
    uri: string,
    code: number,
    message: string,
    result?: Record<string, unknown>,
  ): void {
    connection.socket.send(replyFrame(msgid, uri, code, message, result));
  }
}
