/** What the server tells, and how: a listener that throws hurts nobody else. */
import { EventEmitter } from 'node:events';
import { SnapflowError } from '../errors';
import type { OtaEvent } from './ota/types';
import type { JoinRequest, Verdict } from './registry/join-list';
import type { Report } from './reports/types';
import type { ServerState } from './state';
import type { DeviceFacts } from './sessions/session';

export type DisconnectReason =
  /** The device closed, or the network broke. */
  | 'closed'
  /** Nothing came for longer than allowed: a half-open connection. */
  | 'silent'
  /** The same SN connected anew. */
  | 'replaced'
  /** It did not renew its token. */
  | 'token-expired'
  /** It took too long to read what was sent. */
  | 'stuck'
  /** It was asked to connect again, because it was admitted or is no longer. */
  | 'asked'
  /** The server stops. */
  | 'stopped';

export interface ConnectEvent {
  device: DeviceFacts;
  /** ISO 8601. */
  at: string;
  /** The device's address in its own network, as it said. */
  ip?: string;
  verdict: Verdict;
}

export interface DisconnectEvent {
  device: DeviceFacts;
  at: string;
  reason: DisconnectReason;
  /** ISO 8601. */
  connectedAt: string;
}

export interface HeartbeatEvent {
  device: DeviceFacts;
  at: string;
}

/** A request of a device that the protocol does not know; it was answered 404. */
export interface UnknownRequest {
  device: DeviceFacts;
  uri: string;
  param: unknown;
}

export interface LenfocusEvents {
  connect: [ConnectEvent];
  disconnect: [DisconnectEvent];
  heartbeat: [HeartbeatEvent];
  report: [Report];
  info: [Report];
  wantsToJoin: [JoinRequest];
  ota: [OtaEvent];
  unknown: [UnknownRequest];
  state: [ServerState];
  error: [SnapflowError];
}

/** How the parts of the server tell what happened. */
export interface Notifier {
  notify<K extends keyof LenfocusEvents>(event: K, ...payload: LenfocusEvents[K]): void;
  /** False when nobody would hear it, so that making the payload can be spared. */
  isHeard(event: keyof LenfocusEvents): boolean;
}

export class SafeEmitter extends EventEmitter<LenfocusEvents> implements Notifier {
  isHeard(event: keyof LenfocusEvents): boolean {
    return this.listenerCount(event) > 0;
  }

  notify<K extends keyof LenfocusEvents>(event: K, ...payload: LenfocusEvents[K]): void {
    // The raw ones, because those added by `once` take themselves off when called.
    for (const listener of this.rawListeners(event)) {
      try {
        (listener as (...payload: LenfocusEvents[K]) => void).apply(this, payload);
      } catch (cause) {
        this.listenerFailed(event, cause);
      }
    }
  }

  private listenerFailed(event: keyof LenfocusEvents, cause: unknown): void {
    // A failing listener of errors has nobody left to be told to.
    if (event === 'error') return;
    this.notify('error', asError(cause));
  }
}

/** Any failure as one of ours. */
export function asError(cause: unknown): SnapflowError {
  if (cause instanceof SnapflowError) return cause;
  return new SnapflowError('PLATFORM_FAILED', 'The device server met an unexpected problem: {{problem}}', {
    system: 'lenfocus',
    values: { problem: cause instanceof Error ? cause.message : String(cause) },
    cause,
  });
}
