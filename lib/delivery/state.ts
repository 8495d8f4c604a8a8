/** What a status, a list or a test may know about deliveries: numbers and reasons, never the things themselves. */
import type { SnapflowError } from '../errors';
import type { Lane } from './lane';

export interface HeldLane {
  lane: string;
  /** Why it is stopped. */
  error: SnapflowError;
  /** Wall clock, milliseconds since 1970. */
  since: number;
  waiting: number;
}

export interface DeliveryState {
  /** Accepted and not yet delivered or given up; those being sent included. */
  waiting: number;
  /** Bytes of those. */
  bytes: number;
  /** Lanes that are sending now. */
  sending: number;
  /** Lanes that are stopped until `resume`. */
  held: HeldLane[];
  /** Lanes that will try again after a failure. */
  retrying: number;
  /** The failure of one of those. */
  trouble?: SnapflowError;
  /** Wall clock of the next start that is due; none when all lanes send, stand or are empty. */
  nextStartAt?: number;
}

export function stateOfLanes(
  lanes: Iterable<Lane>,
  clock: { now(): number; monotonic(): number },
): DeliveryState {
  const state: DeliveryState = { waiting: 0, bytes: 0, sending: 0, held: [], retrying: 0 };
  let next = Infinity;
  for (const lane of lanes) {
    const waiting = lane.tickets.length;
    state.waiting += waiting;
    state.bytes += lane.bytes;
    if (lane.sending) state.sending += 1;
    if (lane.held) {
      state.held.push({ lane: lane.key, ...lane.held, waiting });
    } else if (lane.trouble) {
      state.retrying += 1;
      state.trouble = lane.trouble;
    }
    if (waiting > 0 && !lane.held && !lane.sending) next = Math.min(next, lane.notBefore);
  }
  if (next !== Infinity) state.nextStartAt = clock.now() + Math.max(0, Math.ceil(next - clock.monotonic()));
  return state;
}
