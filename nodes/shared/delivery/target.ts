/**
 * What an upload node says of its platform, so that its pictures can wait in memory or on disk. The node works out
 * of a message what to send (`Shipment`), the delivery keeps it and calls `send` when its turn comes.
 */
import type { Attempt, BackoffOptions, SharedPace } from '../../../lib/delivery';
import type { SnapflowError, System } from '../../../lib/errors';
import type { MemoryLanes } from './memory-lanes';

/** One picture (or file) to be delivered. */
export interface Shipment<Job> {
  /** The device whose order and pace are kept. May be a secret: its hash alone is used. */
  lane: string;
  body: Buffer;
  /** How and where to: plain JSON without secrets. On disk it is kept beside the picture. */
  job: Job;
  /** A secret that came with the message, such as an AccessToken. On disk it is kept sealed by `sealKey`. */
  secret?: string | undefined;
}

/** A shipment whose turn has come. */
export interface Outgoing<Job> {
  body: Buffer;
  job: Job;
  secret: string | undefined;
  /** It may have been sent before a restart, or before it was given up. */
  again: boolean;
}

/** What a message carries after its delivery. */
export interface Proof {
  /** The platform's answer. */
  payload: unknown;
  /** Further properties of `msg.upload`, such as the picture's address. */
  upload?: Record<string, unknown>;
  /** `msg.filename`, where the picture got another one. */
  filename?: string;
}

export interface Target<Job, Result> {
  /** Named in errors and in `msg.upload`. */
  system: System;
  /** Sends one; rejects with a `SnapflowError`, whose class (`lib/delivery/failure.ts`) decides what comes next. */
  send: (outgoing: Outgoing<Job>, attempt: Attempt) => Promise<Result>;
  proof: (result: Result) => Proof;
  /** Words of the status, of the outbox's catalogue. Default: those of an upload. */
  status?: StatusWords;
  /**
   * Makes a picture smaller when the platform finds it too large (failure class `fix`): called once for a picture.
   * Without it such a picture is given up.
   */
  fix?: ((body: Buffer, error: SnapflowError, signal: AbortSignal) => Promise<Buffer>) | undefined;
  /** Where pictures wait by the choice *in memory*. */
  memory: MemoryLanes;
  /** How they are sent by the choice *on disk*. */
  disk?: DiskTarget;
}

/** Words of a status while a picture is on its way, and when the last one has arrived. */
export interface StatusWords {
  busy: string;
  done: string;
}

export const UPLOADING: StatusWords = { busy: 'status.uploading', done: 'status.uploaded' };

export interface DiskTarget {
  /** Milliseconds between two starts for one device. Default 0. */
  paceMs?: number;
  /** Pauses after failures that pass. */
  retry?: BackoffOptions;
  /** Together with whom that pace is kept. */
  sharedPace?: SharedPace;
  /** The device of a lane in `sharedPace`. Default: the hash of the lane that was given. */
  deviceOf?: (lane: string) => string;
  /** With what `Shipment.secret` is sealed: a secret from the credentials, the same after a restart. */
  sealKey?: string;
  /** What must never be written. */
  secrets?: () => readonly string[];
}
