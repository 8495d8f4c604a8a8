/** What every part of a server that cameras call shares. */
import type { Clock } from '../clock';
import type { SnapflowError, System } from '../errors';

export interface ServerLimits {
  /** Bytes of one body. */
  maxBodyBytes: number;
  /** Bytes of bodies held in all. */
  maxBytesInFlight: number;
  /** Milliseconds for the headers of a request. */
  headerTimeoutMs: number;
  /** Milliseconds for a whole body. */
  bodyTimeoutMs: number;
  /** Milliseconds without a byte of a body that is awaited. */
  bodyStallMs: number;
  /** Milliseconds that an idle connection stays open. */
  keepAliveMs: number;
  /** Open connections in all. */
  maxConnections: number;
  /** Open connections of one address. */
  maxConnectionsPerAddress: number;
}

export interface ServerContext {
  /** Named in errors. */
  readonly system: System;
  readonly clock: Clock;
  readonly limits: ServerLimits;
  readonly events: { notify(event: 'error', error: SnapflowError): void };
}
