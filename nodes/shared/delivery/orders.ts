/** Messages that carry no picture but an order to the queue: `msg.resume`, `msg.outbox`. */
import { SnapflowError } from '../../../lib/errors';
import type { Message } from '../red';

/**
 * - `resume`: held devices try again
 * - `resend`: what was given up is sent again, one or all
 * - `drop`: removes one picture, or all that were given up
 * - `list`: sends the numbers and the list on the output
 */
export type Action = 'resume' | 'resend' | 'drop' | 'list';

export interface Order {
  action: Action;
  /** Of one picture, as the list names it. */
  id?: number | undefined;
}

const ACTIONS: ReadonlySet<unknown> = new Set<Action>(['resume', 'resend', 'drop', 'list']);

/**
 * The order of a message; undefined when it has none.
 * @throws SnapflowError `BAD_INPUT` for one that is none
 */
export function orderIn({ resume, outbox }: Message): Order | undefined {
  if (resume === true) return { action: 'resume' };
  return outbox === undefined || outbox === null ? undefined : orderOf(outbox);
}

/** @throws SnapflowError `BAD_INPUT` */
export function orderOf(value: unknown): Order {
  const { action, id } = (typeof value === 'object' && value !== null ? value : { action: value }) as {
    action?: unknown;
    id?: unknown;
  };
  const isId = id === undefined || (Number.isSafeInteger(Number(id)) && Number(id) > 0);
  if (ACTIONS.has(action) && isId) {
    return { action: action as Action, ...(id !== undefined && { id: Number(id) }) };
  }
  throw new SnapflowError(
    'BAD_INPUT',
    'msg.outbox must be resume, resend, drop or list, or { action, id } with the number of one picture.',
  );
}
