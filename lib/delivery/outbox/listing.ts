import type { SnapflowError } from '../../errors';
import type { Lane } from '../lane';
import type { ListedPicture } from './options';
import type { Reason } from './store';
import type { Waiting } from './waiting';

/** What a list shows of the pictures that wait, lane by lane, in order. */
export function listWaiting(lanes: Iterable<Lane<Waiting<unknown>>>): ListedPicture[] {
  return [...lanes].flatMap((lane) =>
    lane.tickets.map((waiting, position) => {
      const error = lane.held?.error ?? (position === 0 ? lane.trouble : undefined);
      return {
        entry: waiting.entry,
        status: statusIn(lane, position),
        attempts: waiting.attempts,
        ...(error && { reason: reasonOf(error) }),
      };
    }),
  );
}

/** An error as it is kept: what `toJSON` tells, with text and values for its translation. */
export function reasonOf({ code, message, text, values, platform }: SnapflowError): Reason {
  return { code, message, text, values, ...(platform && { platform }) };
}

function statusIn(lane: Lane<Waiting<unknown>>, position: number): ListedPicture['status'] {
  if (lane.held) return 'held';
  if (position > 0) return 'waiting';
  if (lane.sending) return 'sending';
  return lane.trouble ? 'retrying' : 'waiting';
}
