/** How the simulated camera can misbehave. */
import { text } from '../../texts/mark';
import type { Fault } from '../simulator';

export const LENFOCUS_FAULTS = [
  { name: 'off', text: text('Switched off: does not connect') },
  { name: 'half-open', text: text('Stays connected, but sends and reads nothing more') },
  { name: 'no-heartbeat', text: text('Sends no heartbeats') },
  { name: 'bad-signature', text: text('Connects with a wrong signature') },
  { name: 'wrong-clock', text: text('Connects with a clock that is an hour slow') },
  { name: 'replay', text: text('Connects with a signature it used before') },
  { name: 'deaf', text: text('Answers no command') },
  { name: 'slow', text: text('Answers late') },
  { name: 'refuse', text: text('Refuses every command (code 420)') },
  { name: 'wrong-id', text: text('Answers commands with another message id') },
  { name: 'numeric-id', text: text('Answers with message ids as numbers, without uri') },
  { name: 'hang-up', text: text('Hangs up when a command comes') },
  { name: 'garbage', text: text('Sends random bytes instead of messages') },
  { name: 'flood', text: text('Sends heartbeats without pause') },
  { name: 'no-token', text: text('Reports without a token') },
  { name: 'wrong-token', text: text('Reports with a token of its own making') },
  { name: 'broken-picture', text: text('Reports pictures that are none') },
  { name: 'cut-report', text: text('Breaks off in the middle of a report') },
  { name: 'same-picture', text: text('Reports the same picture again and again') },
] as const satisfies readonly Fault[];

export type LenfocusFault = (typeof LENFOCUS_FAULTS)[number]['name'];
