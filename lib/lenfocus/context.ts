/** What every part of the server shares. */
import type { Clock } from '../clock';
import type { Notifier } from './events';
import type { LenfocusLimits } from './limits';
import type { Counters } from './state';

export interface Context {
  readonly system: 'lenfocus';
  readonly clock: Clock;
  readonly limits: LenfocusLimits;
  readonly counters: Counters;
  readonly events: Notifier;
}
