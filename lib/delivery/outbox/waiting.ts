import type { Clock } from '../../clock';
import type { Ticket } from '../ticket';
import type { Entry } from './entry';

/** What memory holds of a picture in the outbox. */
export interface Waiting<Meta> extends Ticket {
  readonly entry: Entry;
  /** Difference to the one before it that still waits: that of its entry, and of those that went between. */
  difference: number;
  /** It was here before: somebody may have sent it already, and not lived to remove it. */
  readonly again: boolean;
  /** What belongs to the picture, once it was read. */
  meta?: Meta;
  /** There was nothing to read. */
  lost?: boolean;
}

/** A stamp from before this was written by a clock that nobody had set yet. */
const EARLIEST = Date.UTC(2024, 0, 1);

/** @param again whether it was here before */
export function waitingOf<Meta>(entry: Entry, clock: Clock, again = false): Waiting<Meta> {
  const { lane, bytes, addedAt, difference } = entry;
  return {
    entry,
    lane,
    bytes,
    addedAt,
    since: clock.monotonic() - ageMs(addedAt, clock.now()),
    attempts: 0,
    difference,
    again,
  };
}

/** How long something has waited by the wall clock, which may have jumped either way since. */
function ageMs(addedAt: number, now: number): number {
  return addedAt < EARLIEST ? 0 : Math.max(0, now - addedAt);
}
