/** Who goes when there is no room for one more. */

/**
 * - `refuse`: the new one is not taken, all that waits is kept
 * - `drop-oldest`: the oldest goes
 * - `thin-out`: the one that differs least from the one before it goes, so that what is left shows the most
 *
 * Alarms go only when nothing else is left, and never for a picture that is none.
 */
export type OverflowPolicy = 'refuse' | 'drop-oldest' | 'thin-out';

export interface Candidate {
  readonly entry: { readonly id: number; readonly lane: string; readonly alarm: boolean };
  /** Difference to the one before it in its lane; grows when that one goes. */
  difference: number;
}

export interface Victim<T> {
  chosen: T;
  /** The one after it in its lane, which now differs more from the one before. */
  successor: T | undefined;
}

/**
 * @param waiting lane by lane, in order
 * @param mayGo whether one can be taken out (it is not being sent)
 */
export function chooseVictim<T extends Candidate>(
  waiting: Iterable<T>,
  policy: OverflowPolicy,
  mayGo: (candidate: T) => boolean,
): Victim<T> | undefined {
  if (policy === 'refuse') return undefined;
  const goesBefore = policy === 'drop-oldest' ? isOlder : showsLess;
  let victim: Victim<T> | undefined;
  let previous: T | undefined;
  for (const candidate of waiting) {
    if (victim && previous === victim.chosen && candidate.entry.lane === previous.entry.lane)
      victim.successor = candidate;
    if (mayGo(candidate) && (!victim || goesBefore(candidate, victim.chosen))) {
      victim = { chosen: candidate, successor: undefined };
    }
    previous = candidate;
  }
  return victim;
}

/**
 * After a picture went, the next one is compared with the one before both: small changes add up, so that a slow
 * change is thinned evenly and never vanishes as a whole.
 */
export function inheritDifference({ chosen, successor }: Victim<Candidate>): void {
  if (successor) successor.difference += chosen.difference;
}

function isOlder({ entry: a }: Candidate, { entry: b }: Candidate): boolean {
  return a.alarm === b.alarm ? a.id < b.id : b.alarm;
}

function showsLess(a: Candidate, b: Candidate): boolean {
  if (a.entry.alarm !== b.entry.alarm) return b.entry.alarm;
  return a.difference === b.difference ? a.entry.id < b.entry.id : a.difference < b.difference;
}
