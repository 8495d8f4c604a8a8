/** Pictures that a `snapflow-save` accepted while its folder could not be used. */
import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import saveModule from '../../../nodes/folder/snapflow-save';
import type { Message } from '../../../nodes/shared/red';
import { jpeg } from '../../lib/huawei/raw-camera';
import { startRuntime, type Flow, type Runtime } from '../support/runtime';

const EMPTY: Flow = [{ id: 'empty', type: 'tab' }];
const TAKEN = '2026-11-29T08:09:10.123Z';

type Saved = Message & {
  payload: Buffer;
  filename: string;
  upload: { file: string; pictureId: string; attempts: number; system: string };
};
type Failed = Message & { error: { code: string; message: string }; upload: { outboxId: number } };
interface List {
  waiting: number;
  dead: number;
  counters: { accepted: number; delivered: number; dropped: number };
  pictures: Array<{ id: number; status: string; pictureId: string; reason?: { message: string } }>;
}

/** As the pattern writes it. */
const stamp = (at: Date) =>
  at
    .toISOString()
    .replace(/[-:.Z]/g, '')
    .replace('T', '-');

/** Each its own bytes. */
const picture = (id: string) => Buffer.concat([jpeg(64, 48), Buffer.from(id)]);
const message = (id: string, device = 'door'): Message => ({
  payload: picture(id),
  topic: `topic of ${id}`,
  picture: { id, takenAt: TAKEN, source: { system: 'huawei', device } },
});

describe('snapflow-save whose folder is away', () => {
  let base: string;
  let folder: string;
  let away: string;
  let runtime: Runtime | undefined;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'snapflow-save-later-'));
    folder = join(base, 'pictures');
    away = join(base, 'away');
  });
  afterEach(async () => {
    await stop();
    rmSync(base, { recursive: true, force: true });
  });

  async function stop(): Promise<void> {
    await runtime?.stop();
    runtime = undefined;
  }

  function flow(keep: 'none' | 'memory' | 'disk', fields: object = {}): Flow {
    const save = {
      folder,
      freeMB: 0,
      zone: 'utc',
      pattern: '{device}/{date}-{time}-{id}.{ext}',
      outbox: { keep, folder: join(base, 'outbox') },
    };
    return [
      { id: 'tab', type: 'tab' },
      { id: 'n', type: 'snapflow-save', z: 'tab', ...save, wires: [['out']], ...fields },
      { id: 'out', type: 'collect', z: 'tab', wires: [] },
      { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
      { id: 'caught', type: 'collect', z: 'tab', wires: [] },
    ];
  }

  async function start(keep: 'none' | 'memory' | 'disk', fields: object = {}): Promise<Runtime> {
    runtime = await startRuntime([saveModule], flow(keep, fields));
    return runtime;
  }

  async function list(red: Runtime): Promise<List> {
    red.send('n', { outbox: 'list' });
    return (await red.inbox('out').next()).payload as List;
  }

  const names = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && !one.name.startsWith('.snapflow'))
      .map((one) => `${basename(one.parentPath)}/${one.name}`)
      .sort();

  const isRetrying = ({ text = '' }) => text.endsWith('status.retrying');

  /** Two pictures of one device and one of another, the last without a time of its own. */
  async function sendThree(red: Runtime): Promise<void> {
    red.send('n', message('2'));
    red.send('n', message('3'));
    red.send('n', { payload: picture('4') });
    await red.statuses('n').until(isRetrying);
  }

  it('tells the failure at once when no picture is to wait, which is the default', async () => {
    const red = await start('none', { outbox: undefined });
    red.send('n', message('1'));
    const first = await red.inbox('out').next();
    assert.deepEqual(
      [first['filename'], first['upload']],
      [join(folder, 'door/20261129-080910123-1.jpg'), undefined],
    );
    renameSync(folder, away);
    red.send('n', message('2'));
    assert.equal(((await red.inbox('caught').next()) as Failed).error.code, 'UNREACHABLE');
    renameSync(away, folder);
    red.send('n', message('3'));
    await red.inbox('out').next();
    assert.deepEqual(names(), ['door/20261129-080910123-1.jpg', 'door/20261129-080910123-3.jpg']);
  });

  for (const keep of ['memory', 'disk'] as const) {
    it(`saves what waited by itself when it is back, in order, each once, under the name of when it was accepted (${keep})`, async () => {
      const red = await start(keep);
      red.send('n', message('1'));
      await red.inbox('out').next();
      renameSync(folder, away);
      await sendThree(red);
      const acceptedBefore = stamp(new Date());
      assert.deepEqual(readdirSync(base).includes('pictures'), false, 'no folder was made in its place');
      renameSync(away, folder);
      const saved: Saved[] = [];
      while (saved.length < 3) saved.push((await red.inbox('out').next()) as Saved);
      const ofDoor = saved.filter(({ topic }) => topic !== undefined);
      assert.deepEqual(
        ofDoor.map(({ topic, upload, filename }) => [topic, upload.pictureId, filename]),
        ['2', '3'].map((id) => [`topic of ${id}`, id, join(folder, `door/20261129-080910123-${id}.jpg`)]),
      );
      for (const { payload, filename, upload } of saved) {
        assert.deepEqual(readFileSync(filename), payload);
        assert.deepEqual([upload.file, upload.system], [filename, 'snapflow']);
      }
      assert.ok((ofDoor[0]?.upload.attempts ?? 0) > 1);
      const dated = saved.find(({ topic }) => topic === undefined)?.filename ?? '';
      assert.ok(basename(dated).slice(0, 18) <= acceptedBefore, dated);
      assert.equal(names().length, 4);
      const done = red.completions('n');
      for (let count = 0; count < 4; count++) assert.equal((await done.next()).error, undefined);
      assert.equal(done.all.length, 4);
      await red
        .statuses('n')
        .until(({ text = '', fill }) => text.endsWith('status.saved') && fill === 'green');
    });

    it(`is closed within a second while pictures wait (${keep})`, async () => {
      const red = await start(keep);
      red.send('n', message('1'));
      await red.inbox('out').next();
      renameSync(folder, away);
      await sendThree(red);
      const begun = performance.now();
      await red.deploy(EMPTY);
      assert.ok(performance.now() - begun < 1000);
      const done = red.completions('n').all;
      const codes = done.map(({ error }) => (error as { code?: string } | undefined)?.code);
      const rest = keep === 'memory' ? 'CLOSED' : undefined;
      assert.deepEqual(codes, [undefined, rest, rest, rest]);
    });
  }

  it('saves after a restart what waited on disk, also when the folder comes back later still', async () => {
    const before = await start('disk', { make: false });
    mkdirSync(folder);
    before.send('n', message('1'));
    await before.inbox('out').next();
    renameSync(folder, away);
    await sendThree(before);
    await stop();
    const red = await start('disk', { make: false });
    await red.statuses('n').until(isRetrying);
    red.send('n', message('5'));
    await red.completions('n').next();
    assert.equal((await list(red)).waiting, 4);
    renameSync(away, folder);
    const topics: unknown[] = [];
    while (topics.length < 4) topics.push((await red.inbox('out').next()).topic);
    assert.deepEqual(
      topics.filter((topic) => topic !== undefined),
      ['2', '3', '5'].map((id) => `topic of ${id}`),
    );
    assert.equal(names().length, 5);
    const { waiting, dead, counters } = await list(red);
    assert.deepEqual([waiting, dead, counters.delivered], [0, 0, 4]);
  });

  it('saves what waited when the disk has room again', async () => {
    const red = await start('disk', { freeMB: 1e9 });
    red.send('n', message('1'));
    await red.statuses('n').until(isRetrying);
    const { pictures } = await list(red);
    assert.match(pictures[0]?.reason?.message ?? '', /MB free/);
    await red.deploy(flow('disk'));
    assert.equal(((await red.inbox('out').next()) as Saved).upload.pictureId, '1');
    assert.deepEqual(names(), ['door/20261129-080910123-1.jpg']);
  });

  it('gives up a picture whose name cannot be used, and sends it again or drops it when told', async () => {
    const red = await start('disk');
    mkdirSync(folder);
    writeFileSync(join(folder, 'door'), 'in the way');
    red.send('n', message('1'));
    const failed = (await red.inbox('caught').next()) as Failed;
    assert.deepEqual([failed.error.code, failed.topic], ['BAD_INPUT', 'topic of 1']);
    red.send('n', message('2'));
    const { upload } = (await red.inbox('caught').next()) as Failed;
    // Other devices are not held up.
    red.send('n', message('3', 'yard'));
    assert.equal(((await red.inbox('out').next()) as Saved).upload.pictureId, '3');
    const reply = await red.post('/snapflow/outbox', { id: 'n' }, 'zh-CN');
    const { pictures } = reply.body as unknown as List;
    assert.deepEqual(
      pictures.map(({ status, pictureId }) => [status, pictureId]),
      [
        ['dead', '2'],
        ['dead', '1'],
      ],
    );
    assert.match(pictures[0]?.reason?.message ?? '', /请修改模式/);
    rmSync(join(folder, 'door'));
    red.send('n', { outbox: { action: 'drop', id: upload.outboxId } });
    await red.completions('n').until(({ msg }) => msg['outbox'] !== undefined);
    assert.equal((await list(red)).dead, 1);
    const { body } = await red.post('/snapflow/outbox/order', { id: 'n', action: 'resend' });
    assert.equal((body as unknown as List).dead, 0);
    const again = (await red.inbox('out').next()) as Saved;
    assert.deepEqual([again.topic, again.upload.pictureId], ['topic of 1', '1']);
    assert.deepEqual(names(), ['door/20261129-080910123-1.jpg', 'yard/20261129-080910123-3.jpg']);
    const { outboxes } = (await red.post('/snapflow/outboxes', {})).body as {
      outboxes: Array<{ type: string }>;
    };
    assert.deepEqual(
      outboxes.map(({ type }) => type),
      ['snapflow-save'],
    );
  });

  it('keeps pictures while a file stands where the folder should be, and goes on when told', async () => {
    writeFileSync(folder, 'no folder');
    const red = await start('disk');
    red.send('n', message('1'));
    await red.statuses('n').until(({ text = '' }) => text.endsWith('status.held'));
    assert.match((await list(red)).pictures[0]?.reason?.message ?? '', /is not a folder/);
    rmSync(folder);
    red.send('n', { outbox: 'resume' });
    assert.equal(((await red.inbox('out').next()) as Saved).upload.pictureId, '1');
  });
});
