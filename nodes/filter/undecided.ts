/**
 * Messages whose picture a filter had not decided on when it was deployed anew: the next node of the same id takes
 * them. They cannot be sent on before the end: of a full deploy no node is left that would take them.
 */
import { MAX_WAITING } from '../../lib/filter/options';
import type { NodeParts } from '../shared/node';
import type { Message } from '../shared/red';

const byNode = new Map<string, Message[]>();
/** What begins when all flows run: before that, what follows a node may not be there. */
const starting = new Set<() => void>();

/** @returns false when there are too many: they are taken at once later, and no more than that may wait */
export function keepUndecided(node: string, msg: Message): boolean {
  const kept = byNode.get(node) ?? [];
  if (kept.length >= MAX_WAITING) return false;
  byNode.set(node, [...kept, msg]);
  return true;
}

export function forgetUndecided(node: string): void {
  byNode.delete(node);
}

/** Gives the node what the one before it left, as if it arrived now. */
export function takeUndecided({ RED, node, life }: NodeParts): void {
  if (!byNode.has(node.id)) return;
  const take = () => {
    const kept = byNode.get(node.id) ?? [];
    byNode.delete(node.id);
    for (const msg of kept) node.receive(msg);
  };
  if (starting.size === 0) RED.events.once('flows:started', start);
  starting.add(take);
  life.own(() => starting.delete(take));
}

function start(): void {
  const takes = [...starting];
  starting.clear();
  for (const take of takes) take();
}
