/**
 * How an upload node gets its pictures there: they wait in memory or on disk, as its dialog says.
 *
 *     const delivery = openDelivery(parts, config.outbox, target);
 *     onInput(parts, (msg, send) => delivery(msg, send, async () => ({ lane, body, job })));
 *
 * Its node file calls `addOutboxRoutes(RED)`; its html has a place for the dialog's part (`snapflow-outbox.html`).
 */
import type { NodeParts } from '../node';
import type { Message, Send } from '../red';
import { DiskDelivery } from './disk-delivery';
import { MemoryDelivery } from './memory-delivery';
import { orderIn } from './orders';
import type { OutboxConfig } from './outbox-config';
import { announceOutbox } from './outboxes';
import type { Shipment, Target } from './target';

/**
 * Works on one message: obeys its order, or delivers what `shipment` makes of it. Resolves when the message is done:
 * in memory when the picture has arrived, on disk when it is safe.
 */
export type Deliver<Job> = (
  msg: Message,
  send: Send,
  shipment: () => Promise<Shipment<Job>>,
) => Promise<void>;

/** @throws SnapflowError `BAD_INPUT` for a setting that cannot be used */
export function openDelivery<Job, Result>(
  parts: NodeParts,
  config: OutboxConfig = {},
  target: Target<Job, Result>,
): Deliver<Job> {
  const delivery = config.keep === 'disk' ? onDisk(parts, config, target) : new MemoryDelivery(parts, target);
  return async (msg, send, shipment) => {
    const order = orderIn(msg);
    if (order) return delivery.obey(order, msg, send);
    const shipped = await shipment();
    parts.view.show({ payload: shipped.body });
    await delivery.take(msg, send, shipped);
  };
}

function onDisk<Job, Result>(
  parts: NodeParts,
  config: OutboxConfig,
  target: Target<Job, Result>,
): DiskDelivery<Job, Result> {
  const delivery = new DiskDelivery(parts, config, target);
  parts.life.own(announceOutbox(parts.node, delivery));
  return delivery;
}
