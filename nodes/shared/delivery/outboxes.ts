/** The outboxes of this Node-RED, and what the admin routes do with them. */
import { SnapflowError } from '../../../lib/errors';
import type { Asker } from '../admin';
import type { RedNode } from '../red';
import type { DiskDelivery } from './disk-delivery';
import { orderOf } from './orders';

type AnyDelivery = Pick<DiskDelivery<never, never>, 'overview' | 'list' | 'obey'>;

/** Id of the node; for an order its action, and perhaps the id of one picture. */
export interface OutboxRequest {
  id?: unknown;
  action?: unknown;
  picture?: unknown;
}

interface Announced {
  node: RedNode;
  delivery: AnyDelivery;
}

/** By the id of their node. */
const outboxes = new Map<string, Announced>();

/** Makes an outbox known to the routes; returns how to end that. */
export function announceOutbox(node: RedNode, delivery: AnyDelivery): () => void {
  const announced = { node, delivery };
  outboxes.set(node.id, announced);
  return () => {
    if (outboxes.get(node.id) === announced) outboxes.delete(node.id);
  };
}

export function listAll({ language }: Asker) {
  return {
    outboxes: [...outboxes.values()].map(({ node: { id, type, name }, delivery }) => ({
      id,
      type,
      name,
      ...delivery.overview(language),
    })),
  };
}

export function listOne({ id }: OutboxRequest, { language }: Asker) {
  return find(id).list(language);
}

export async function order({ id, action, picture }: OutboxRequest, { language }: Asker) {
  const delivery = find(id);
  await delivery.obey(orderOf({ action, id: picture }));
  return delivery.list(language);
}

function find(id: unknown): AnyDelivery {
  const found = outboxes.get(String(id));
  if (found) return found.delivery;
  throw new SnapflowError('NOT_FOUND', 'This node has no outbox yet: choose “on disk”, then deploy.');
}
