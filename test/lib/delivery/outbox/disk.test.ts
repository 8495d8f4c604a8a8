import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FolderStore, Outbox } from '../../../../lib/delivery/outbox';
import { diskFiles, errnoOf } from '../../../../lib/delivery/outbox/files';
import { failure } from '../sending';
import { picture } from './set-up';

let root: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'snapflow-disk-'));
});
after(() => rmSync(root, { recursive: true }));

describe('outbox: a real disk', () => {
  it('writes a file once, whole, and leaves nothing behind when it cannot', async () => {
    const path = join(root, 'file');
    await diskFiles.write(path, [Buffer.from('one '), Buffer.from('two')]);
    assert.equal(readFileSync(path, 'utf8'), 'one two');
    await assert.rejects(diskFiles.write(path, [Buffer.from('again')]), { code: 'EEXIST' });
    assert.equal(readFileSync(path, 'utf8'), 'one two');
    const broken = [Buffer.from('begins'), 7 as unknown as Buffer];
    await assert.rejects(diskFiles.write(join(root, 'broken'), broken));
    assert.deepEqual(readdirSync(root), ['file']);
    await diskFiles.flushFolder(root);
    await assert.rejects(
      diskFiles.flushFolder(join(root, 'nowhere')),
      (error) => errnoOf(error) === 'ENOENT',
    );
  });

  it('keeps pictures from other users, opens them in any viewer, and empties its folder', async () => {
    const folder = join(root, 'deep', 'outbox');
    let send = (): Promise<string> => Promise.reject(failure('UNREACHABLE'));
    const outbox = new Outbox<{ topic: string }, string>({
      store: new FolderStore({ folder }),
      retry: { firstMs: 1, maxMs: 5 },
      send: () => send(),
    });
    const body = picture('门口', 3_000);
    const entry = await outbox.add('token', { meta: { topic: '门口' }, body });
    const [name = ''] = readdirSync(join(folder, 'waiting'));
    const file = join(folder, 'waiting', name);
    assert.match(name, /\.jpg$/);
    assert.ok(readFileSync(file).subarray(0, body.length).equals(body));
    if (process.platform !== 'win32') {
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.equal(statSync(join(folder, 'waiting')).mode & 0o777, 0o700);
    }
    assert.deepEqual((await outbox.read(entry.id))?.meta, { topic: '门口' });
    const delivered = new Promise<void>((resolve) => {
      send = () => Promise.resolve('stored');
      const look = (): void => void (outbox.state().waiting === 0 ? resolve() : setImmediate(look));
      look();
    });
    await delivered;
    assert.deepEqual(readdirSync(join(folder, 'waiting')), []);
    await outbox.close();
    const next = new Outbox<unknown, string>({ store: new FolderStore({ folder }), send });
    await next.open();
    assert.equal(next.state().open, true);
    await next.close();
  });
});
