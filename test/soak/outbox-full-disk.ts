/**
 * Fills a real disk (a small tmpfs; needs the right to mount) under an outbox: the pictures that no longer fit are
 * refused, those that were accepted are delivered, and when they have gone there is room again.
 *
 *     node --import tsx test/soak/outbox-full-disk.ts
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FolderStore, Outbox } from '../../lib/delivery/outbox';
import { isSnapflowError, SnapflowError } from '../../lib/errors';

const PICTURE_BYTES = 100_000;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]);
  try {
    await fill(folder);
  } finally {
    execFileSync('umount', [folder]);
    rmdirSync(folder);
  }
}

async function fill(folder: string): Promise<void> {
  let online = false;
  const reached = new Set<number>();
  const outbox = new Outbox<{ n: number }, string>({
    store: new FolderStore({ folder }),
    retry: { firstMs: 20, maxMs: 50 },
    send({ meta: { n }, body }) {
      if (!online) return Promise.reject(new SnapflowError('UNREACHABLE', 'for a test'));
      assert.equal(body.length, PICTURE_BYTES);
      reached.add(n);
      return Promise.resolve('stored');
    },
  });
  const accepted: number[] = [];
  const refused: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    try {
      await outbox.add('lane', { meta: { n }, body: Buffer.alloc(PICTURE_BYTES, n) });
      accepted.push(n);
    } catch (error) {
      if (!isSnapflowError(error)) throw error;
      refused.push(error.code);
    }
  }
  console.log({ accepted: accepted.length, refused: refused.length, codes: [...new Set(refused)] });
  assert.ok(accepted.length > 10 && refused.length > 10);
  assert.deepEqual([...new Set(refused)], ['QUEUE_FULL']);
  assert.deepEqual(readdirSync(join(folder, 'writing')), []);
  online = true;
  while (outbox.state().waiting > 0) await pause(10);
  assert.deepEqual([...reached], accepted);
  await outbox.add('lane', { meta: { n: 99 }, body: Buffer.alloc(PICTURE_BYTES) });
  while (!reached.has(99)) await pause(10);
  await outbox.close();
  console.log('Everything that was accepted was delivered; there was room again.');
}

void main();
