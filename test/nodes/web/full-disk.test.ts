/** An upload node whose outbox stands on a disk that is full. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SimulatedHttpStore } from '../../../lib/simulators';
import type { Message } from '../../../nodes/shared/red';
import sendModule from '../../../nodes/web/snapflow-send';
import { smallDisk } from '../../support/small-disk';
import { jpeg } from '../../lib/huawei/raw-camera';
import { startRuntime } from '../support/runtime';
import { sendFlow } from './send-flow';

const PICTURES = 30;
const DISK_MB = 2;

type Failed = Message & { picture: { id: string }; error: { code: string; message: string; cause: unknown } };

const message = (id: string): Message => ({
  payload: Buffer.concat([jpeg(64, 48), Buffer.alloc(100_000, id)]),
  picture: { id, takenAt: '2026-11-29T08:09:10.123Z', source: { system: 'huawei', device: 'door' } },
});

describe('an outbox on a full disk', () => {
  it('delivers all pictures it accepted, tells of each that it refused, and goes on by itself when there is room', async () => {
    const disk = smallDisk(DISK_MB);
    const store = new SimulatedHttpStore();
    const { url: address } = await store.start();
    await store.setFault('error', { status: 503 });
    const red = await startRuntime(
      [sendModule],
      sendFlow({
        address,
        path: '/{id}.{ext}',
        auth: 'none',
        outbox: { keep: 'disk', folder: join(disk.folder, 'outbox') },
      }),
    );
    try {
      const done = red.completions('n');
      const accepted: string[] = [];
      const refused: string[] = [];
      for (let count = 1; count <= PICTURES; count++) {
        const id = String(count);
        red.send('n', message(id));
        const { error } = await done.next();
        (error ? refused : accepted).push(id);
        if (!error) continue;
        const caught = (await red.inbox('caught').next()) as Failed;
        assert.deepEqual([caught.picture.id, caught.error.code], [id, 'QUEUE_FULL']);
        assert.match(caught.error.message, /full/);
      }
      // Two megabytes hold more than ten of these pictures, and less than twenty-five.
      assert.ok(accepted.length > 10 && refused.length > 5, `${accepted.length} accepted`);
      assert.deepEqual(readdirSync(join(disk.folder, 'outbox', 'writing')), []);

      await store.setFault();
      for (const id of accepted) {
        const { upload } = (await red.inbox('out').next()) as Message & { upload: { pictureId: string } };
        assert.equal(upload.pictureId, id);
      }
      red.send('n', message('new'));
      await red.inbox('out').next();
      assert.deepEqual(
        store.files.map(({ path }) => path),
        [...accepted, 'new'].map((id) => `/${id}.jpg`),
      );
      assert.ok(store.files.every(({ data }) => data.length > 100_000));
      assert.equal(done.all.length, PICTURES + 1, 'each message is done once');
    } finally {
      await red.stop();
      await store.stop();
      disk.remove();
    }
  });
});
