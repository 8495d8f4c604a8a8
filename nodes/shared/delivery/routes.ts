/** Admin routes of the outboxes, for the buttons of dialogs and the sidebar. Loaded by node files: it loads nothing. */
import { adminAction } from '../admin';
import type { Red } from '../red';
import type { OutboxRequest } from './outboxes';

const outboxes = () => require('./outboxes') as typeof import('./outboxes');

/** Servers that have the routes: several modules ask for them. */
const served = new WeakSet<object>();

/**
 * - `/snapflow/outboxes` {} → { outboxes: [{ id, type, name, …overview }] }
 * - `/snapflow/outbox` { id } → overview and `pictures` of one node
 * - `/snapflow/outbox/order` { id, action, picture? } → the same, after the order
 */
export function addOutboxRoutes(RED: Red): void {
  if (served.has(RED.httpAdmin)) return;
  served.add(RED.httpAdmin);
  adminAction(RED, '/snapflow/outboxes', (_body, asker) => outboxes().listAll(asker));
  adminAction<OutboxRequest>(RED, '/snapflow/outbox', (body, asker) => outboxes().listOne(body, asker));
  adminAction<OutboxRequest>(RED, '/snapflow/outbox/order', (body, asker) => outboxes().order(body, asker));
}
