import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { classifyFailure } from '../../../lib/delivery';
import { SnapflowError } from '../../../lib/errors';
import { PictureFolder, type PictureFolderOptions } from '../../../lib/folder';
import { folderError } from '../../../lib/folder/folder-error';
import { fillPattern } from '../../../lib/folder/name-pattern';
import type { NameFacts } from '../../../lib/picture/name-places';
import { safeSegment } from '../../../lib/folder/safe-segment';
import { FakeClock } from '../../support/fake-clock';

const DAY = 86_400_000;
const picture = (bytes = 100) => Buffer.alloc(bytes, 7);

const facts = (more: Partial<NameFacts> = {}): NameFacts => ({
  device: 'door',
  channel: '1',
  kind: 'snapshot',
  system: 'snapflow',
  id: 'a1b2',
  name: 'img',
  ext: 'jpg',
  takenAt: new Date('2026-11-29T08:09:10.123Z'),
  ...more,
});

function open(t: TestContext, options: Partial<PictureFolderOptions> = {}) {
  const base = mkdtempSync(join(tmpdir(), 'snapflow-save-'));
  const folder = options.folder ?? join(base, 'pictures');
  const clock = new FakeClock();
  const target = new PictureFolder({ folder, zone: 'utc', minFreeBytes: 1, clock, ...options });
  t.after(async () => {
    await target.close();
    rmSync(base, { recursive: true, force: true });
  });
  const files = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && !one.name.startsWith('.snapflow-'))
      .map((one) => relative(folder, join(one.parentPath, one.name)).replaceAll('\\', '/'))
      .sort();
  return { base, folder, clock, target, files };
}

async function failure(promise: Promise<unknown>): Promise<SnapflowError> {
  const error: unknown = await promise.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SnapflowError, String(error));
  return error;
}

describe('pictures in a folder', () => {
  it('get their name from the pattern, and nothing else is left beside them', async (t) => {
    const { folder, target, files } = open(t);
    const { file, bytes } = await target.save(picture(), facts());
    assert.equal(file, join(folder, 'door', '2026-11-29', '080910123-a1b2.jpg'));
    assert.deepEqual([readFileSync(file), bytes], [picture(), 100]);
    assert.deepEqual(files(), ['door/2026-11-29/080910123-a1b2.jpg']);
    assert.deepEqual(readdirSync(join(folder, 'door/2026-11-29')), ['080910123-a1b2.jpg']);
  });

  it('never take the place of a file, unless that is wanted', async (t) => {
    const { folder, target, files } = open(t, { pattern: '{device}.{ext}' });
    mkdirSync(folder);
    writeFileSync(join(folder, 'door.jpg'), 'not ours');
    await Promise.all([1, 2].map((size) => target.save(picture(size), facts())));
    assert.deepEqual(files(), ['door-2.jpg', 'door-3.jpg', 'door.jpg']);
    assert.equal(readFileSync(join(folder, 'door.jpg'), 'utf8'), 'not ours');
    const other = open(t, { pattern: 'latest.{ext}', ifExists: 'replace' });
    await other.target.save(picture(1), facts());
    await other.target.save(picture(2), facts());
    assert.deepEqual(other.files(), ['latest.jpg']);
    assert.equal(readFileSync(join(other.folder, 'latest.jpg')).length, 2);
  });

  it('are deleted by age, count and bytes, the oldest first, with the folders they leave empty', async (t) => {
    const { clock, target, files } = open(t, {
      pattern: '{date}/{id}.{ext}',
      maxAgeMs: 2 * DAY,
      maxCount: 3,
      maxBytes: 500,
    });
    const at = () => new Date(clock.now());
    for (const id of ['a', 'b', 'c', 'd']) await target.save(picture(), facts({ id, takenAt: at() }));
    assert.equal(files().length, 3);
    await target.save(picture(350), facts({ id: 'e', takenAt: at() }));
    assert.deepEqual(
      files().map((file) => file.slice(-5)),
      ['d.jpg', 'e.jpg'],
    );
    await clock.advance(DAY);
    await target.save(picture(), facts({ id: 'f', takenAt: at() }));
    await clock.advance(DAY + 120_000);
    await target.sweep();
    assert.deepEqual(
      files().map((file) => file.slice(-5)),
      ['f.jpg'],
    );
    assert.equal(files().length, 1);
  });

  it('are deleted also after a restart, and only as long as they are ours', async (t) => {
    const first = open(t, { pattern: '{id}.{ext}' });
    for (const id of ['mine', 'changed', 'linked', 'last']) await first.target.save(picture(), facts({ id }));
    await first.target.close();
    const { folder } = first;
    writeFileSync(join(folder, 'foreign.jpg'), 'foreign');
    writeFileSync(join(folder, 'changed.jpg'), picture(101));
    utimesSync(join(folder, 'changed.jpg'), 1, 1);
    rmSync(join(folder, 'linked.jpg'));
    const outside = join(first.base, 'outside.jpg');
    writeFileSync(outside, picture());
    symlinkSync(outside, join(folder, 'linked.jpg'));
    const index = join(folder, '.snapflow-saved.jsonl');
    writeFileSync(
      index,
      `${readFileSync(index, 'utf8')}{"path":"../outside.jpg","bytes":100,"savedAt":0,"mtimeMs":0}\n{"begun":"../outside.jpg"}\nrubbish\n{"path":`,
    );
    const second = open(t, { folder, pattern: '{id}.{ext}', maxCount: 1 });
    await second.target.save(picture(), facts({ id: 'new' }));
    assert.deepEqual(
      readdirSync(folder)
        .filter((name) => !name.startsWith('.'))
        .sort(),
      ['changed.jpg', 'foreign.jpg', 'linked.jpg', 'new.jpg'],
    );
    assert.ok(existsSync(outside));
  });

  it('leave nothing half written after a crash', async (t) => {
    const { folder, target } = open(t, { pattern: '{id}.{ext}' });
    await target.save(picture(), facts());
    await target.close();
    writeFileSync(join(folder, '.snapflow-0011.part'), 'half');
    const index = join(folder, '.snapflow-saved.jsonl');
    writeFileSync(index, `${readFileSync(index, 'utf8')}{"begun":".snapflow-0011.part"}\n`);
    const next = open(t, { folder, pattern: '{id}.{ext}' });
    await next.target.save(picture(), facts());
    assert.deepEqual(readdirSync(folder).sort(), ['.snapflow-saved.jsonl', 'a1b2-2.jpg', 'a1b2.jpg']);
  });

  it('follow no link out of their folder', async (t) => {
    const { base, folder, target } = open(t, { pattern: '{device}/{id}.{ext}' });
    mkdirSync(folder);
    mkdirSync(join(base, 'elsewhere'));
    symlinkSync(join(base, 'elsewhere'), join(folder, 'door'));
    assert.equal((await failure(target.save(picture(), facts()))).code, 'BAD_INPUT');
    assert.deepEqual(readdirSync(join(base, 'elsewhere')), []);
    writeFileSync(join(folder, 'file'), 'x');
    assert.equal((await failure(target.save(picture(), facts({ device: 'file' })))).code, 'BAD_INPUT');
    const replacing = open(t, { folder, pattern: 'l.{ext}', ifExists: 'replace', name: 'two' });
    symlinkSync(join(base, 'elsewhere'), join(folder, 'l.jpg'));
    assert.equal((await failure(replacing.target.save(picture(), facts()))).code, 'BAD_INPUT');
  });

  it('tell that their folder is gone, do not make another in its place, and go on when it is back', async (t) => {
    const { base, folder, target } = open(t, { pattern: '{id}.{ext}' });
    await target.save(picture(), facts());
    renameSync(folder, join(base, 'away'));
    assert.equal((await failure(target.save(picture(), facts()))).code, 'UNREACHABLE');
    assert.equal(existsSync(folder), false);
    mkdirSync(folder);
    assert.equal((await failure(target.save(picture(), facts()))).code, 'UNREACHABLE');
    rmSync(folder, { recursive: true });
    renameSync(join(base, 'away'), folder);
    await target.save(picture(), facts());
    const above = open(t, { folder: join(base, 'no', 'such') });
    const error = await failure(above.target.save(picture(), facts()));
    assert.deepEqual([error.code, error.retryable], ['UNREACHABLE', true]);
  });

  it('wait for a folder that is not to be made, and tell when another one stands in its place', async (t) => {
    const { folder, target, files } = open(t, { make: false, pattern: '{id}.{ext}' });
    assert.equal((await failure(target.save(picture(), facts()))).code, 'UNREACHABLE');
    assert.equal(existsSync(folder), false);
    mkdirSync(folder);
    await target.save(picture(), facts());
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const error = await failure(target.save(picture(), facts()));
    assert.equal(error.code, 'UNREACHABLE');
    assert.match(error.message, /not the one from before/);
    assert.deepEqual(files(), []);
  });

  it('are saved once, also when nobody knows whether they were', async (t) => {
    const { folder, target, files } = open(t, { pattern: '{id}.{ext}', maxCount: 2 });
    const { file } = await target.save(picture(), facts());
    writeFileSync(join(folder, 'foreign.jpg'), 'in the way');
    await target.save(picture(), facts({ id: 'foreign' }));
    for (const id of ['a1b2', 'foreign']) {
      const again = await target.save(picture(), facts({ id }), { again: true });
      assert.equal(again.file, id === 'a1b2' ? file : join(folder, 'foreign-2.jpg'));
    }
    assert.deepEqual(files(), ['a1b2.jpg', 'foreign-2.jpg', 'foreign.jpg']);
    // Named, but not yet noted when the machine stopped: it is ours, and goes when its time has come.
    writeFileSync(join(folder, 'cut.jpg'), picture(50));
    await target.save(picture(50), facts({ id: 'cut' }), { again: true });
    await target.save(picture(60), facts({ id: 'late' }), { again: true });
    await target.save(picture(70), facts({ id: 'last' }));
    assert.deepEqual(files(), ['foreign.jpg', 'last.jpg', 'late.jpg']);
  });

  it('tell whether they may wait: a full disk passes, a file in the place of the folder does not', async (t) => {
    const classOf = async (promise: Promise<unknown>) => classifyFailure(await failure(promise));
    const full = open(t, { minFreeBytes: Number.MAX_SAFE_INTEGER });
    assert.equal(await classOf(full.target.save(picture(), facts())), 'retry');
    const base = mkdtempSync(join(tmpdir(), 'snapflow-save-'));
    t.after(() => rmSync(base, { recursive: true }));
    writeFileSync(join(base, 'file'), '');
    for (const folder of [join(base, 'file'), join(base, 'file', 'below')]) {
      assert.equal(await classOf(open(t, { folder }).target.save(picture(), facts())), 'hold');
    }
    assert.equal(
      await classOf(open(t, { folder: join(base, 'no', 'such') }).target.save(picture(), facts())),
      'retry',
    );
    writeFileSync(join(base, 'door'), '');
    assert.equal(await classOf(open(t, { folder: base }).target.save(picture(), facts())), 'refuse');
  });

  it('leave as much of the disk free as is wanted, and do not wait without bound', async (t) => {
    const { target } = open(t, { minFreeBytes: Number.MAX_SAFE_INTEGER });
    assert.equal((await failure(target.save(picture(), facts()))).code, 'QUOTA_EXCEEDED');
    const busy = open(t, { maxWaiting: 2 });
    const results = await Promise.allSettled([1, 2, 3].map(() => busy.target.save(picture(), facts())));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected'],
    );
    await busy.target.close();
    assert.equal((await failure(busy.target.save(picture(), facts()))).code, 'CLOSED');
  });

  it('tell what the disk says in words', () => {
    for (const [code, told] of [
      ['ENOSPC', 'QUOTA_EXCEEDED'],
      ['EDQUOT', 'QUOTA_EXCEEDED'],
      ['EROFS', 'UNREACHABLE'],
      ['EACCES', 'UNREACHABLE'],
      ['EIO', 'UNREACHABLE'],
      ['ENAMETOOLONG', 'BAD_INPUT'],
    ]) {
      const error = folderError(Object.assign(new Error('x'), { code }), '/nas');
      assert.equal(error.code, told);
      assert.match(error.message, /\/nas/);
    }
  });

  it('refuse a pattern that is no path below the folder', () => {
    for (const pattern of ['../{id}', '/x/{id}', 'a//b', '{nothing}.jpg', '{device}/..', 'C:\\\\{id}']) {
      assert.throws(() => new PictureFolder({ folder: '/tmp', pattern }), SnapflowError, pattern);
    }
  });

  it('have safe names whatever their device is called', () => {
    for (const [from, to] of [
      ['../../etc/passwd', '-..-etc-passwd'],
      ['con.jpg', '_con.jpg'],
      ['', '_'],
      ['..', '_'],
      ['a\u0000b\nc', 'a-b-c'],
      ['东门 1.', '东门 1'],
      ['.hidden', 'hidden'],
    ] as const) {
      assert.equal(safeSegment(from), to, from);
    }
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.string({ maxLength: 20 }),
        (device, name) => {
          const path = fillPattern('{device}/{name}-{id}.{ext}', facts({ device, name }), 'utc');
          const parts = path.split('/');
          assert.equal(parts.length, 2);
          for (const part of parts) {
            assert.ok(
              Buffer.byteLength(part) <= 161 && part !== '' && !/^\.|[\\/\0]|[. ]$/.test(part),
              JSON.stringify(part),
            );
          }
          assert.ok(path.endsWith('.jpg'));
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });
});
