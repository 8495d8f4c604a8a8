/** What the server is doing: shown as a status, and asked for by tests. */

export type ListenState =
  | 'stopped'
  /** Handlers of another server (Node-RED's own) bring the requests. */
  | 'attached'
  | 'listening'
  /** The port is in use or the certificate bad; it tries again by itself. */
  | 'retrying';

export interface ServerState {
  listen: ListenState;
  /** Where it listens, once it does. */
  address?: string;
  port?: number;
  secure?: boolean;
  /** Devices connected and let in. */
  online: number;
  /** Devices connected that wait to be set up, and sockets that have not said who they are. */
  waiting: number;
  wantToJoin: number;
  /** Bytes of HTTP bodies held at the moment. */
  bytesInFlight: number;
  counters: Counters;
}

/** Since the server was made. */
export interface Counters {
  connects: number;
  refusedConnects: number;
  heartbeats: number;
  reports: number;
  pictures: number;
  duplicates: number;
  /** HTTP requests answered with a failure. */
  refusedRequests: number;
  /** WebSocket messages that were no frame. */
  malformedMessages: number;
  /** Requests the protocol does not know. */
  unknownRequests: number;
  commands: number;
  failedCommands: number;
  /** Answers to commands that came after their time. */
  lateReplies: number;
}

export function newCounters(): Counters {
  return {
    connects: 0,
    refusedConnects: 0,
    heartbeats: 0,
    reports: 0,
    pictures: 0,
    duplicates: 0,
    refusedRequests: 0,
    malformedMessages: 0,
    unknownRequests: 0,
    commands: 0,
    failedCommands: 0,
    lateReplies: 0,
  };
}
