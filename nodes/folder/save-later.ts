/** Pictures that wait, in memory or on disk, until the folder can be used. */
import type { PictureFolder } from '../../lib/folder';
import type { NameFacts } from '../../lib/picture/name-places';
import { openDelivery } from '../shared/delivery/delivery';
import { openMemoryLanes } from '../shared/delivery/memory-lanes';
import type { OutboxConfig } from '../shared/delivery/outbox-config';
import type { Shipment, Target } from '../shared/delivery/target';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import { pictureFactsOf } from '../shared/picture-facts';
import type { Message } from '../shared/red';

/** What the name is made from, as it was when the picture was accepted. */
interface Job extends Omit<NameFacts, 'takenAt'> {
  /** ISO 8601. */
  takenAt: string;
}

interface Result {
  file: string;
  picture: Buffer;
}

/** To look for a folder costs next to nothing: it is found soon after it is back. */
const RETRY = { firstMs: 1_000, maxMs: 10_000 };

export function saveLater(parts: NodeParts, folder: PictureFolder, outbox: OutboxConfig): void {
  const memory = openMemoryLanes({ system: 'snapflow', retry: RETRY });
  parts.life.own(() => memory.lanes.close());
  const target: Target<Job, Result> = {
    system: 'snapflow',
    memory,
    disk: { retry: RETRY },
    status: { busy: 'status.saving', done: 'status.saved' },
    async send({ job, body, again }) {
      const facts: NameFacts = { ...job, takenAt: new Date(job.takenAt) };
      const { file } = await folder.save(body, facts, { again });
      return { file, picture: body };
    },
    proof: ({ file, picture }) => ({ payload: picture, upload: { file }, filename: file }),
  };
  const deliver = openDelivery(parts, outbox, target);
  onInput(parts, (msg, send) => deliver(msg, send, () => Promise.resolve(shipmentOf(msg))));
}

/** Checked before it waits, so that what is no picture holds nothing up. */
function shipmentOf(msg: Message): Shipment<Job> {
  const { data, facts } = pictureFactsOf(msg);
  return { lane: facts.device, body: data, job: { ...facts, takenAt: facts.takenAt.toISOString() } };
}
