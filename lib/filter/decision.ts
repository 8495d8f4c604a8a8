/** What a filter says about a picture. Stable words: flows compare against them. */
import type { Field } from './conditions';
import type { Flaw } from './usable';

export type PassReason =
  /** It fulfils every rule. */
  | 'matched'
  /** The first one of its device. */
  | 'first'
  /** It differs from the last one that passed. */
  | 'changed'
  /** Nothing passed for so long that one is due. */
  | 'due'
  /** The sharpest of its burst. */
  | 'sharpest'
  /** Alarms are not held back. */
  | 'alarm';

export type HoldReason =
  /** The condition on this field does not hold. */
  | Field
  /** Outside of the time window. */
  | 'time'
  /** Another one passed a short time ago. */
  | 'too-soon'
  /** It is like the last one that passed. */
  | 'unchanged'
  /** Another one of its burst is sharper. */
  | 'not-sharpest'
  | Flaw;

interface Compared {
  /** Difference to the last picture that passed, 0 to 1; none when there is none or the rule is off. */
  distance?: number;
  /** Of the rule `changed`, when it is on. */
  threshold?: number;
}

export type Decision = Compared & ({ pass: true; reason: PassReason } | { pass: false; reason: HoldReason });
