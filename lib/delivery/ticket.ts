/** What is kept in memory for one thing that waits: small, whatever the size of the thing itself. */
import type { SnapflowError } from '../errors';

export interface Ticket {
  readonly lane: string;
  /** Size of the thing in bytes. */
  readonly bytes: number;
  /** Wall clock when it was accepted, milliseconds since 1970. */
  readonly addedAt: number;
  /** The same moment on the monotonic clock of this process (before its start: negative or small). */
  readonly since: number;
  /** Attempts to send it in this process. */
  attempts: number;
  /** The failure for which it must be made smaller before it is sent again. */
  tooLarge?: SnapflowError;
}

/** A delivery that succeeded. */
export interface Delivered<Result> {
  result: Result;
  /** Attempts it took, from 1. */
  attempts: number;
  /** Milliseconds from acceptance to the start of the attempt that succeeded. */
  waitedMs: number;
  /** Milliseconds of that attempt. */
  tookMs: number;
}
