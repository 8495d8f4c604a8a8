import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { laneKey } from '../../../../lib/delivery';
import { FolderStore, Outbox } from '../../../../lib/delivery/outbox';
import { nameOf } from '../../../../lib/delivery/outbox/entry';
import { encodeParcel } from '../../../../lib/delivery/outbox/parcel';
import { failure } from '../sending';
import { picture } from './set-up';

const BYTES = 2_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memory(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A folder as an outbox leaves it behind, without the time that flushing each file takes. */
function folderWith(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'snapflow-memory-'));
  mkdirSync(join(folder, 'waiting'));
  for (let id = 1; id <= count; id += 1) {
    const body = picture(String(id), BYTES);
    const name = nameOf({
      id,
      lane: laneKey(String(id % 200)),
      pictureId: laneKey(`picture ${id}`),
      bytes: body.length,
      addedAt: Date.now(),
      alarm: false,
      difference: 0.5,
      extension: 'jpg',
    });
    writeFileSync(join(folder, 'waiting', name), Buffer.concat(encodeParcel({ body, meta: { id } })));
  }
  return folder;
}

describe('outbox: memory', () => {
  it('is flat: 20 000 waiting pictures cost a few hundred bytes each, whatever their size', async () => {
    const use: number[] = [];
    for (const count of [10, 20_000]) {
      const folder = folderWith(count);
      const before = memory();
      const outbox = new Outbox<{ id: number }, string>({
        store: new FolderStore({ folder }),
        send: () => Promise.reject(failure('AUTH_REJECTED')),
      });
      await outbox.open();
      assert.equal(outbox.state().waiting, count);
      assert.equal(outbox.state().bytes, count * BYTES);
      use.push(memory() - before);
      await outbox.close();
      rmSync(folder, { recursive: true });
    }
    const each = ((use[1] as number) - (use[0] as number)) / 20_000;
    console.log(`${each.toFixed(0)} bytes for each waiting picture`);
    assert.ok(each < 600, `${each} bytes each`);
  });
});
