/**
 * A process that accepts and delivers pictures until it is killed, and tells each step on its standard output at once:
 * `ready`, `accepted <id>`, `reached <id>` (the target has it), `spoilt <id>`, and with `drain` at the end
 * `dead <id>` for each dead letter and `empty`.
 *
 *     node --import tsx test/soak/outbox-child.ts <folder> <run> [drain]
 */
import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { FolderStore, Outbox } from '../../lib/delivery/outbox';
import { isSnapflowError, SnapflowError } from '../../lib/errors';

const [, , folder = '', run = '', mode] = process.argv;

const tell = (line: string): void => void writeSync(1, `${line}\n`);

/** Bytes that follow from the id, so that a spoilt picture shows. */
function pictureOf(id: string): Buffer {
  const seed = Buffer.from(`${id}|`);
  return Buffer.alloc(1_000 + ((parseInt(id.replace(/\D/g, ''), 10) * 7_919) % 150_000), seed);
}

const outbox = new Outbox<{ id: string }, string>({
  store: new FolderStore({ folder, maxDeadItems: 1e6, maxDeadBytes: 1e12 }),
  maxItems: 300,
  maxConcurrentLanes: 4,
  retry: { firstMs: 2, maxMs: 10 },
  async send({ meta: { id }, body }, { attempt }) {
    await turn();
    const chance = Math.random();
    if (chance < 0.1 && attempt < 4) throw new SnapflowError('UNREACHABLE', 'for a test');
    if (chance < 0.15) throw new SnapflowError('UNSUPPORTED_FORMAT', 'for a test');
    if (!body.equals(pictureOf(id))) tell(`spoilt ${id}`);
    tell(`reached ${id}`);
    await turn();
    return 'stored';
  },
});

let n = 0;

async function acceptForEver(): Promise<never> {
  for (;;) {
    n += 1;
    const id = `${run}_${n}`;
    try {
      await outbox.add(`lane ${n % 7}`, { meta: { id }, body: pictureOf(id) }, { pictureId: id });
      tell(`accepted ${id}`);
    } catch (error) {
      if (!isSnapflowError(error) || error.code !== 'QUEUE_FULL') throw error;
    }
    await turn();
  }
}

async function drain(): Promise<void> {
  while (outbox.state().waiting > 0) await turn();
  for (const { entry } of await outbox.list()) tell(`dead ${entry.pictureId}`);
  await outbox.close();
  tell('empty');
}

async function main(): Promise<void> {
  await outbox.open();
  tell('ready');
  if (mode === 'drain') await drain();
  else await Promise.all([acceptForEver(), acceptForEver(), acceptForEver(), resendForEver()]);
}

/** Dead letters are sent again while others are accepted: they move between folders. */
async function resendForEver(): Promise<never> {
  for (;;) {
    const dead = (await outbox.list()).filter(({ status }) => status === 'dead');
    if (dead.length > 20) await outbox.resend(dead[0]?.entry.id);
    await turn();
  }
}

void main();
