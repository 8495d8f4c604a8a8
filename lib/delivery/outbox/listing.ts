import type { Lane } from '../lane';
import type { ListedPicture } from './options';
import { reasonOf } from './reason';
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

function statusIn(lane: Lane<Waiting<unknown>>, position: number): ListedPicture['status'] {
  if (lane.held) return 'held';
  if (position > 0) return 'waiting';
  if (lane.sending) return 'sending';
  return lane.trouble ? 'retrying' : 'waiting';
}
