/**
 * Who is connected: one session per SN, the newest connection wins. A token outlives its connection until it
 * runs out, because a camera whose WebSocket breaks goes on sending reports. One shared sweep finds what has
 * run out, so that a device costs no timer.
 */
import { newToken, sameSecret } from '../access/tokens';
import { snKey } from '../registry/types';
import type { Session } from './session';

/** The engine behind the server; the default lives in this process. */
export interface SessionStore {
  /** Devices connected. */
  readonly size: number;
  bySn(sn: string): Session | undefined;
  /** By the did that the device says it has. */
  byDid(did: string): Session | undefined;
  /** The session whose token this is: connected, gone, or with a newer token since a moment ago. */
  byToken(token: string, now: number): Session | undefined;
  /** Makes it the session of its SN. @returns the one it takes the place of */
  add(session: Session, now: number): Session | undefined;
  /** The device is no longer connected. False when the session was not, or no longer, that of its SN. */
  remove(session: Session): boolean;
  /** Gives it a new token. */
  renew(session: Session, now: number): void;
  /** Its tokens are good for nothing from now on. */
  revoke(sn: string): void;
  /** True when the token is the session's and has not run out. */
  isToken(session: Session, token: string, now: number): boolean;
  /** Forgets what has run out. Called once a second. */
  sweep(now: number): void;
  /** Those connected. */
  [Symbol.iterator](): Iterator<Session>;
}

export interface SessionTimes {
  /** Milliseconds that a token is good for. */
  tokenLifetimeMs: number;
  /** Milliseconds that the token before the last update, or one that has run out, is still taken. */
  tokenGraceMs: number;
}

export class LocalSessions implements SessionStore {
  private readonly sessions = new Map<string, Session>();
  /** Disconnected, with a token that is still good. */
  private readonly departed = new Map<string, Session>();
  private readonly dids = new Map<string, Session>();
  private readonly tokens = new Map<string, Session>();

  constructor(private readonly times: SessionTimes) {}

  get size(): number {
    return this.sessions.size;
  }

  bySn(sn: string): Session | undefined {
    return this.sessions.get(snKey(sn));
  }

  byDid(did: string): Session | undefined {
    return this.dids.get(did);
  }

  byToken(token: string, now: number): Session | undefined {
    const session = this.tokens.get(token);
    return session && this.isToken(session, token, now) ? session : undefined;
  }

  add(session: Session, now: number): Session | undefined {
    const key = snKey(session.sn);
    const replaced = this.sessions.get(key);
    this.inherit(session, replaced ?? this.departed.get(key), now);
    if (replaced) this.dropDid(replaced);
    this.departed.delete(key);
    this.sessions.set(key, session);
    if (session.did !== '') this.dids.set(session.did, session);
    return replaced;
  }

  remove(session: Session): boolean {
    const key = snKey(session.sn);
    if (this.sessions.get(key) !== session) return false;
    this.sessions.delete(key);
    this.dropDid(session);
    this.departed.set(key, session);
    return true;
  }

  renew(session: Session, now: number): void {
    if (session.token !== '') {
      this.tokens.delete(session.previousToken);
      session.previousToken = session.token;
      session.previousUntil = now + this.times.tokenGraceMs;
    }
    session.token = newToken();
    session.expiresAt = now + this.times.tokenLifetimeMs;
    this.tokens.set(session.token, session);
  }

  revoke(sn: string): void {
    const key = snKey(sn);
    const session = this.sessions.get(key) ?? this.departed.get(key);
    if (!session) return;
    this.dropTokens(session);
    this.departed.delete(key);
  }

  isToken(session: Session, token: string, now: number): boolean {
    if (token === '') return false;
    if (sameSecret(token, session.token)) return now < session.expiresAt + this.times.tokenGraceMs;
    return sameSecret(token, session.previousToken) && now < session.previousUntil;
  }

  sweep(now: number): void {
    for (const [key, session] of this.departed) {
      if (this.isToken(session, session.token, now)) continue;
      this.dropTokens(session);
      this.departed.delete(key);
    }
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.sessions.values();
  }

  /** A report may be under way with the token of the session before. */
  private inherit(session: Session, before: Session | undefined, now: number): void {
    if (!before || before.token === '') return;
    this.tokens.delete(before.previousToken);
    session.previousToken = before.token;
    session.previousUntil = Math.min(before.expiresAt, now) + this.times.tokenGraceMs;
    this.tokens.set(before.token, session);
  }

  private dropDid(session: Session): void {
    if (this.dids.get(session.did) === session) this.dids.delete(session.did);
  }

  private dropTokens(session: Session): void {
    this.tokens.delete(session.token);
    this.tokens.delete(session.previousToken);
    session.token = '';
    session.previousToken = '';
  }
}
