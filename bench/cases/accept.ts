/** Accepting pictures of 100 KB into the outbox, safe from a power cut, eight at once. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Scene } from '../../lib/simulators';
import { inFlight, timed, type Bench, type Variant } from '../support/bench';
import { built } from '../support/built';

const BARE = 'write + fsync of a file';
const SAFE = 'write + fsync + rename + fsync of the folder';
const OURS = 'Outbox.add';

const PICTURE = new Scene({ name: 'bench' }).picture({ bytes: 100_000 });
const AT_ONCE = 8;

/** Runs each slot in a folder of its own, which is made and removed outside the measured time. */
function inFolder(
  ready: (folder: string) => Promise<{ accept: () => Promise<unknown>; close?: () => Promise<void> }>,
): Variant {
  return () => ({
    async slot(units) {
      const folder = mkdtempSync(join(tmpdir(), 'snapflow-accept-'));
      const { accept, close } = await ready(folder);
      try {
        return await timed(units, () => inFlight(units, AT_ONCE, accept));
      } finally {
        await close?.();
        rmSync(folder, { recursive: true });
      }
    },
  });
}

async function write(path: string): Promise<void> {
  const file = await open(path, 'wx');
  await file.write(PICTURE);
  await file.sync();
  await file.close();
}

const bare = inFolder((folder) => {
  let n = 0;
  return Promise.resolve({ accept: () => write(join(folder, String(++n))) });
});

/** What a power cut asks for, one picture after the other's back: the way it is written by hand. */
const safe = inFolder((folder) => {
  const { rename } = require('node:fs/promises') as typeof import('node:fs/promises');
  let n = 0;
  const parts = ['writing', 'waiting'].map((part) => join(folder, part)) as [string, string];
  for (const part of parts) mkdirSync(part);
  return Promise.resolve({
    accept: async () => {
      const name = String(++n);
      await write(join(parts[0], name));
      await rename(join(parts[0], name), join(parts[1], name));
      const directory = await open(parts[1], 'r');
      await directory.sync();
      await directory.close();
    },
  });
});

const ours = inFolder(async (folder) => {
  const { FolderStore, Outbox } = built<typeof import('../../lib/delivery/outbox')>('delivery/outbox');
  const { SnapflowError } = built<typeof import('../../lib/errors')>('errors');
  const outbox = new Outbox<{ topic: string }, never>({
    store: new FolderStore({ folder: join(folder, 'outbox') }),
    // Held after the first, so that accepting alone is measured.
    send: () => Promise.reject(new SnapflowError('AUTH_REJECTED', 'Held for the bench.')),
  });
  await outbox.open();
  const parcel = { meta: { topic: 'bench' }, body: PICTURE };
  return { accept: () => outbox.add('lane', parcel), close: () => outbox.close() };
});

export const accept: Bench = {
  title: 'Accepting a 100 KB picture, fsync included',
  about:
    'Eight at once, on the disk of the temporary folder. The outbox also hashes the picture and names its file.',
  metrics: [
    { name: 'rate', unit: 'per second', digits: 0 },
    { name: 'ms', unit: '' },
    { name: 'cpu', unit: 'ms' },
  ],
  variants: { [BARE]: bare, [SAFE]: safe, [OURS]: ours },
  targets: [{ variant: OURS, metric: 'rate', against: BARE, atLeast: 0.5 }],
  units: { full: 200, short: 24 },
};
