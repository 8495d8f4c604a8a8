/** What the dispatcher and its owner do for each other. */
import type { SnapflowError } from '../errors';
import type { Failed } from './after-failure';
import type { FailureClass } from './failure';
import type { Delivered, Ticket } from './ticket';

export interface Attempt {
  /** Aborted when the owner closes. */
  signal: AbortSignal;
  /** From 1. */
  attempt: number;
}

/** How a ticket left its lane. */
export type Ending<Result> = { kind: 'delivered'; delivered: Delivered<Result> } | Failed;

/** What the dispatcher's owner does for it. */
export interface Work<T extends Ticket, Result> {
  send(ticket: T, attempt: Attempt): Promise<Result>;
  classify(error: SnapflowError): FailureClass;
  /** Whether a ticket with `tooLarge` set is made smaller by `send`. */
  readonly canFix: boolean;
  /** Writes the end down; the lane goes on when it is done. Must not reject. */
  settled(ticket: T, ending: Ending<Result>): void | Promise<void>;
  /** Something in `state()` is different. */
  changed(): void;
}
