/** An outbox as lists show it: numbers, and pictures with the reason why they are not delivered. JSON. */
import type { ListedPicture, OutboxCounters, OutboxState } from '../../../lib/delivery/outbox';
import type { SnapflowError } from '../../../lib/errors';
import { describeError, translate, type Language } from '../../../lib/texts';

/** Pictures in a list: of those that wait and of those that were given up. Default 100 each. */
const MAX_LISTED = 100;

export interface Trouble {
  code: string;
  message: string;
}

export interface ListedEntry {
  id: number;
  status: ListedPicture['status'];
  /** The device: a hash, since it may be a secret. */
  lane: string;
  pictureId: string;
  /** ISO 8601. */
  acceptedAt: string;
  bytes: number;
  alarm: boolean;
  attempts: number;
  reason?: Trouble;
}

export interface Overview {
  folder: string;
  waiting: number;
  bytes: number;
  sending: number;
  dead: number;
  deadBytes: number;
  /** Devices that stand until somebody changes something. */
  held: number;
  /** What is wrong with the folder. */
  problem?: Trouble;
  counters: OutboxCounters;
}

export function overviewOf(folder: string, state: OutboxState, language: Language): Overview {
  const { waiting, bytes, sending, dead, held, problem, counters } = state;
  return {
    folder,
    waiting,
    bytes,
    sending,
    dead: dead.items,
    deadBytes: dead.bytes,
    held: held.length,
    ...(problem && { problem: troubleOf(problem, language) }),
    counters,
  };
}

/** The newest of those that were given up, and the next of those that wait. */
export function listedEntries(listed: readonly ListedPicture[], language: Language): ListedEntry[] {
  const dead = listed.filter(({ status }) => status === 'dead').slice(-MAX_LISTED);
  const waiting = listed.filter(({ status }) => status !== 'dead').slice(0, MAX_LISTED);
  return [...dead.reverse(), ...waiting].map(({ entry, status, attempts, reason }) => ({
    id: entry.id,
    status,
    lane: entry.lane,
    pictureId: entry.pictureId,
    acceptedAt: new Date(entry.addedAt).toISOString(),
    bytes: entry.bytes,
    alarm: entry.alarm,
    attempts,
    ...(reason && {
      reason: { code: reason.code, message: translate(reason.text, language, reason.values) },
    }),
  }));
}

function troubleOf(error: SnapflowError, language: Language): Trouble {
  return { code: error.code, message: describeError(error, language) };
}
