import { closedError, isSnapflowError, SnapflowError, type System } from '../errors';
import { backoffMs } from './backoff';
import type { DispatchSettings } from './dispatch-options';
import { toldWaitMs, type FailureClass } from './failure';
import type { Lane } from './lane';
import type { Ticket } from './ticket';

/** An end that is no delivery. */
export interface Failed {
  /** `refused`: final for this one; `done`: stored, the rest failed; `expired`: too old; `closed`: cut off. */
  kind: 'refused' | 'done' | 'expired' | 'closed';
  error: SnapflowError;
}

/**
 * Does to a lane what the class of a failure asks for.
 * @param canFix whether a ticket with `tooLarge` set is made smaller before it is sent
 * @returns the end of the ticket, or undefined when it stays first in its lane
 */
export function afterFailure(
  lane: Lane,
  ticket: Ticket,
  failure: FailureClass,
  error: SnapflowError,
  settings: DispatchSettings,
  canFix: boolean,
): Failed | undefined {
  switch (failure) {
    case 'retry':
    case 'wait':
      if (ticket.attempts >= settings.maxAttempts) break;
      lane.trouble = error;
      lane.pauses = failure === 'retry' && toldWaitMs(error) === undefined;
      lane.notBefore = Math.max(
        lane.notBefore,
        settings.clock.monotonic() + pauseMs(lane, failure, error, settings),
      );
      return undefined;
    case 'hold':
      lane.held = { error, since: settings.clock.now() };
      return undefined;
    case 'fix':
      if (!canFix || ticket.tooLarge) break;
      ticket.tooLarge = error;
      return undefined;
    case 'done':
    case 'refuse':
      break;
  }
  // The platform gave a final answer: the way to it is open.
  lane.failures = 0;
  lane.trouble = undefined;
  return { kind: failure === 'done' ? 'done' : 'refused', error };
}

/** The end of a send that failed while its owner closed: what the platform decided counts, all else was cut off. */
export function afterClose(failure: FailureClass, error: SnapflowError, system: System): Failed {
  if (failure === 'done') return { kind: 'done', error };
  if (failure === 'refuse' && error.code !== 'CLOSED') return { kind: 'refused', error };
  return { kind: 'closed', error: closedError(system, error) };
}

export function expiredError(
  waitedMs: number,
  system: System,
  cause: SnapflowError | undefined,
): SnapflowError {
  return new SnapflowError(
    'TIMEOUT',
    'Given up after waiting for {{seconds}} s, longer than the age limit allows.',
    { system, values: { seconds: Math.round(waitedMs / 1000) }, retryable: false, cause },
  );
}

/** Whatever was thrown, as one of the family; what is none of ours is final and keeps its cause. */
export function asSnapflowError(thrown: unknown, system: System): SnapflowError {
  if (isSnapflowError(thrown)) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return closedError(system, thrown);
  return new SnapflowError(
    'PLATFORM_FAILED',
    'Sending failed in a way that nobody foresaw. Please report it, with what the log says.',
    { system, retryable: false, cause: thrown, details: { failure: 'refuse' satisfies FailureClass } },
  );
}

function pauseMs(
  lane: Lane,
  failure: 'retry' | 'wait',
  error: SnapflowError,
  { retry, random, paceMs, maxWaitMs }: DispatchSettings,
): number {
  const told = toldWaitMs(error);
  if (told !== undefined) return Math.max(failure === 'wait' ? paceMs : 0, Math.min(told, maxWaitMs));
  if (failure === 'wait' && paceMs > 0) return paceMs;
  lane.failures += 1;
  return backoffMs(retry, lane.failures, random);
}
