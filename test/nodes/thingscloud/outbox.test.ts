/** Pictures that wait on disk, through the upload node against the simulated cloud. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { makePicture } from '../../../lib/picture';
import { SimulatedThingsCloud } from '../../../lib/simulators';
import type { Message, Red } from '../../../nodes/shared/red';
import { outboxKey } from '../../../nodes/shared/delivery/words';
import projectModule from '../../../nodes/thingscloud/thingscloud-project';
import uploadModule from '../../../nodes/thingscloud/thingscloud-upload';
import { startRuntime, type Credentials, type Flow, type Runtime } from '../support/runtime';

const TOKEN = 'device-token-1';
const KEY = 'simulated-key';
const SECRETS: Credentials = {
  project: { projectKey: KEY },
  n: { accessToken: TOKEN },
  n2: { accessToken: TOKEN },
};

/** A GIF of one pixel, distinguishable by a number in its comment. */
function gif(number: number): Buffer {
  return Buffer.concat([
    Buffer.from('GIF89a\x01\0\x01\0\0\0\0\x21\xfe\x01', 'latin1'),
    Buffer.from([number, 0, 0x3b]),
  ]);
}

interface Listed {
  waiting: number;
  dead: number;
  pictures: Array<{ id: number; status: string; alarm: boolean; reason?: { code: string; message: string } }>;
}

describe('thingscloud-upload: on disk', () => {
  let cloud: SimulatedThingsCloud;
  let endpoint: string;
  let userDir: string;
  let runtime: Runtime | undefined;

  beforeEach(async () => {
    cloud = new SimulatedThingsCloud({ paceMs: 0 });
    endpoint = (await cloud.start()).url;
    userDir = mkdtempSync(join(tmpdir(), 'snapflow-outbox-'));
  });
  afterEach(async () => {
    await stop();
    await cloud.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  async function stop(): Promise<void> {
    await runtime?.stop();
    runtime = undefined;
  }

  function uploadNode(id: string, upload: object): Flow[number] {
    const outbox = { keep: 'disk' };
    return {
      id,
      type: 'thingscloud-upload',
      z: 'tab',
      project: 'project',
      identifier: 'photo',
      outbox,
      wires: [['out']],
      ...upload,
    };
  }

  function flow(upload: object = {}, project: object = {}, more: Flow = []): Flow {
    return [
      { id: 'tab', type: 'tab' },
      { id: 'project', type: 'thingscloud-project', endpoint, region: 'simulated', pace: 0, ...project },
      uploadNode('n', upload),
      ...more,
      { id: 'out', type: 'collect', z: 'tab', wires: [] },
      { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
      { id: 'caught', type: 'collect', z: 'tab', wires: [] },
    ];
  }

  async function start(nodes: Flow = flow(), secrets = SECRETS): Promise<Runtime> {
    const settings = (RED: Red): void => void (RED.settings['userDir'] = userDir);
    runtime = await startRuntime([settings, projectModule, uploadModule], nodes, secrets);
    return runtime;
  }

  const folder = (id = 'n') => join(userDir, 'snapflow', 'outbox', id);

  function everythingOnDisk(): string {
    return readdirSync(userDir, { recursive: true })
      .map((name) => join(userDir, String(name)))
      .map((path) => path + (statSync(path).isFile() ? readFileSync(path, 'latin1') : ''))
      .join('\n');
  }

  async function done(red: Runtime): Promise<string | undefined> {
    return ((await red.completions('n').next()).error as { code?: string } | undefined)?.code;
  }

  async function caught(red: Runtime): Promise<Message & { error: { code: string; message: string } }> {
    return (await red.inbox('caught').next()) as never;
  }

  async function list(red: Runtime): Promise<Listed> {
    const { status, body } = await red.post('/snapflow/outbox', { id: 'n' });
    assert.equal(status, 200, JSON.stringify(body));
    return body as unknown as Listed;
  }

  /** What the cloud has, in the order in which it came. */
  const arrived = () => cloud.pictures.map(({ data }) => data).reverse();

  const held = (red: Runtime) =>
    red.statuses('n').until(({ text }) => text === outboxKey('status.held'), 'held status');

  it('accepts while the cloud is away, survives a restart, and then delivers in order with the proof', async () => {
    await cloud.setFault('off');
    let red = await start();
    const pictures = [1, 2, 3].map((n) =>
      makePicture(gif(n), { source: { system: 'huawei', device: 'front' }, takenAt: new Date(n) }),
    );
    for (const [n, { data, info }] of pictures.entries()) {
      red.send('n', {
        payload: data,
        picture: info,
        topic: `t${n}`,
        filename: `f${n}.gif`,
        req: { socket: 1 },
      });
    }
    for (let n = 0; n < 3; n += 1) assert.equal(await done(red), undefined);
    assert.equal(red.inbox('out').all.length, 0);
    await stop();
    assert.equal(readdirSync(join(folder(), 'waiting')).length, 3);
    await cloud.setFault();
    red = await start();
    for (const [n, { info }] of pictures.entries()) {
      const msg = await red.inbox('out').next();
      assert.equal(msg.topic, `t${n}`);
      assert.equal(msg['filename'], `f${n}.gif`);
      assert.deepEqual(msg['picture'], JSON.parse(JSON.stringify(info)));
      assert.equal((msg.payload as { result: number }).result, 1);
      const { system, pictureId, attempts } = msg['upload'] as Record<string, unknown>;
      assert.deepEqual([system, pictureId, attempts], ['thingscloud', info.id, 1]);
      assert.equal('req' in msg, false);
    }
    assert.deepEqual(
      arrived(),
      pictures.map(({ data }) => data),
    );
    await red.statuses('n').until(({ text }) => text === outboxKey('status.uploaded'));
    assert.deepEqual(readdirSync(join(folder(), 'waiting')), []);
  });

  it('never writes a secret, also one that comes with the message, and sends with it after a restart', async () => {
    await cloud.setFault('off');
    const upload = { accessTokenType: 'msg', accessTokenFrom: 'token' };
    const secrets = { project: { projectKey: KEY } };
    let red = await start(flow(upload), secrets);
    red.send('n', { payload: gif(1), token: TOKEN, topic: `told ${KEY}` });
    assert.equal(await done(red), undefined);
    await stop();
    assert.ok(!everythingOnDisk().includes(TOKEN) && !everythingOnDisk().includes(KEY));
    await cloud.setFault();
    red = await start(flow(upload), secrets);
    const msg = await red.inbox('out').next();
    assert.equal(msg.topic, 'told ***');
    assert.equal(cloud.pictures.length, 1);
  });

  it('holds what was sealed with another key, until a message brings the token again', async () => {
    await cloud.setFault('off');
    const upload = { accessTokenType: 'msg', accessTokenFrom: 'token' };
    let red = await start(flow(upload), { project: { projectKey: KEY } });
    red.send('n', { payload: gif(1), token: TOKEN });
    assert.equal(await done(red), undefined);
    await stop();
    const mixed = join(folder(), 'waiting');
    assert.equal(readdirSync(mixed).length, 1);
    await cloud.stop();
    cloud = new SimulatedThingsCloud({ paceMs: 0, projects: [{ key: 'next-key' }] });
    endpoint = (await cloud.start()).url;
    red = await start(flow(upload), { project: { projectKey: 'next-key' } });
    await held(red);
    const { pictures } = await list(red);
    assert.equal(pictures[0]?.status, 'held');
    assert.equal(pictures[0]?.reason?.code, 'AUTH_REJECTED');
    red.send('n', { payload: gif(2), token: TOKEN });
    await red.inbox('out').next();
    await red.inbox('out').next();
    assert.deepEqual(arrived(), [gif(1), gif(2)]);
  });

  it('tells Catch nodes what was given up, lists it with its reason, sends it again or drops it', async () => {
    const red = await start();
    cloud.nextError(4005);
    red.send('n', { payload: gif(1), topic: 'one', alarm: true });
    const failed = await caught(red);
    assert.equal(failed.topic, 'one');
    assert.match(failed.error.code, /^[A-Z_]+$/);
    const { dead, pictures } = await list(red);
    assert.equal(dead, 1);
    assert.equal(pictures[0]?.reason?.code, failed.error.code);
    assert.equal(pictures[0]?.alarm, true);
    assert.equal((failed['upload'] as { outboxId: number }).outboxId, pictures[0]?.id);
    red.send('n', { outbox: { action: 'resend', id: pictures[0]?.id } });
    assert.equal((await red.inbox('out').next()).topic, 'one');
    cloud.nextError(4005);
    red.send('n', { payload: gif(2) });
    await caught(red);
    red.send('n', { outbox: 'list' });
    const listed = (await red.inbox('out').next()).payload as Listed & { counters: { delivered: number } };
    assert.deepEqual([listed.dead, listed.counters.delivered], [1, 1]);
    const id = listed.pictures[0]?.id;
    const { body } = await red.post('/snapflow/outbox/order', { id: 'n', action: 'drop', picture: id });
    assert.equal(body['dead'], 0);
    const again = await red.post('/snapflow/outbox/order', { id: 'n', action: 'drop', picture: id }, 'zh-CN');
    assert.equal(again.status, 422);
    assert.match(String(again.body['message']), /发件箱中没有图片/);
    red.send('n', { outbox: 'burn' });
    assert.equal((await caught(red)).error.code, 'BAD_INPUT');
  });

  it('holds a refused device, keeps its pictures, and goes on when told', async () => {
    const red = await start();
    cloud.nextError(1022);
    red.send('n', { payload: gif(1) });
    red.send('n', { payload: gif(2) });
    await held(red);
    const { pictures, waiting } = await list(red);
    assert.equal(waiting, 2);
    assert.ok(pictures.every(({ status, reason }) => status === 'held' && reason?.code === 'AUTH_REJECTED'));
    red.send('n', { resume: true });
    await red.inbox('out').next();
    await red.inbox('out').next();
    assert.deepEqual(arrived(), [gif(1), gif(2)]);
  });

  it('lets one node only have a folder; the other is told why and takes nothing', async () => {
    const shared = { keep: 'disk', folder: 'shared' };
    const red = await start(flow({ outbox: shared }, {}, [uploadNode('n2', { outbox: shared })]));
    const looks = await Promise.race(
      ['n', 'n2'].map(async (id) => {
        await red.statuses(id).until(({ text }) => text === outboxKey('status.inUse'));
        return id;
      }),
    );
    red.send(looks, { payload: gif(1) });
    const { error } = await caught(red);
    assert.equal(error.code, 'BAD_INPUT');
    assert.match(error.message, /in use by another node/);
    const other = looks === 'n' ? 'n2' : 'n';
    red.send(other, { payload: gif(2) });
    await red.inbox('out').next();
    assert.deepEqual(readdirSync(join(userDir, 'shared', 'waiting')), []);
  });

  it('refuses pictures while its folder is gone, loses none that it had, and goes on by itself', async () => {
    await cloud.setFault('off');
    const red = await start();
    red.send('n', { payload: gif(1) });
    assert.equal(await done(red), undefined);
    const away = join(userDir, 'away');
    renameSync(folder(), away);
    red.send('n', { payload: gif(2) });
    const { error } = await caught(red);
    assert.equal(error.code, 'UNREACHABLE');
    assert.match(error.message, /outbox folder .* is not there \(ENOENT\)/);
    await red.statuses('n').until(({ text }) => text === outboxKey('status.folder'));
    renameSync(away, folder());
    await cloud.setFault();
    await red.inbox('out').next();
    red.send('n', { payload: gif(3) });
    await red.inbox('out').next();
    assert.deepEqual(arrived(), [gif(1), gif(3)]);
  });

  it('says that its folder cannot be used, at the start and on every picture', async () => {
    writeFileSync(join(userDir, 'file'), '');
    const red = await start(flow({ outbox: { keep: 'disk', folder: 'file/below' } }));
    red.send('n', { payload: gif(1) });
    const { error } = await caught(red);
    assert.equal(error.code, 'UNREACHABLE');
    assert.match(error.message, /ENOTDIR/);
    await red.statuses('n').until(({ text }) => text === outboxKey('status.folder'));
  });

  it('puts torn and foreign files aside and delivers the rest', async () => {
    await cloud.setFault('off');
    let red = await start();
    for (const n of [1, 2]) red.send('n', { payload: gif(n) });
    for (let n = 0; n < 2; n += 1) assert.equal(await done(red), undefined);
    await stop();
    const waiting = join(folder(), 'waiting');
    const [first = ''] = readdirSync(waiting).sort();
    writeFileSync(join(waiting, first), readFileSync(join(waiting, first)).subarray(0, 20));
    writeFileSync(join(waiting, 'notes.txt'), 'mine');
    await cloud.setFault();
    red = await start();
    await red.inbox('out').next();
    assert.equal((await caught(red)).error.code, 'NOT_FOUND');
    assert.deepEqual(arrived(), [gif(2)]);
    assert.deepEqual(readdirSync(join(folder(), 'aside')).sort(), [first, 'notes.txt'].sort());
  });

  it('keeps the pace of the project together with a node whose pictures wait in memory', async () => {
    const inMemory = uploadNode('n2', { outbox: { keep: 'memory' } });
    const red = await start(flow({}, { pace: 0.01 }, [inMemory]));
    const times: number[] = [];
    for (const id of ['n', 'n2', 'n', 'n2']) red.send(id, { payload: gif(1) });
    for (let n = 0; n < 4; n += 1) {
      await red.inbox('out').next();
      times.push(Date.now());
    }
    const [first = 0, , , last = 0] = times;
    assert.ok(last - first >= 3 * 500, `${last - first} ms for four pictures 510 ms apart`);
  });

  it('refuses or thins out when there is no room, alarms last', async () => {
    await cloud.setFault('off');
    const red = await start(flow({ outbox: { keep: 'disk', items: 3, overflow: 'thin-out' } }));
    red.send('n', { payload: gif(1) });
    red.send('n', { payload: gif(2), filter: { distance: 0.9 } });
    red.send('n', { payload: gif(3), alarm: true, filter: { distance: 0 } });
    red.send('n', { payload: gif(4), filter: { distance: 0.1 } });
    red.send('n', { payload: gif(5), filter: { distance: 0.8 } });
    for (let n = 0; n < 5; n += 1) assert.equal(await done(red), undefined);
    const { waiting } = await list(red);
    assert.equal(waiting, 3);
    await cloud.setFault();
    for (let n = 0; n < 3; n += 1) await red.inbox('out').next();
    const kept = arrived().map((data) => data.at(-3));
    assert.ok(kept.includes(3) && !kept.includes(4), kept.join());
  });

  it('is ready at once after a deploy, and lists all outboxes', async () => {
    const red = await start();
    await cloud.setFault('slow', { ms: 60_000 });
    red.send('n', { payload: gif(1) });
    assert.equal(await done(red), undefined);
    const began = Date.now();
    await red.deploy(flow({ name: 'changed' }));
    assert.ok(Date.now() - began < 1_500);
    await cloud.setFault();
    red.send('n', { payload: gif(2) });
    await red.inbox('out').next();
    await red.inbox('out').next();
    assert.equal(red.inbox('caught').all.length, 0);
    const { body } = await red.post('/snapflow/outboxes', {});
    const [one] = body['outboxes'] as Array<Record<string, unknown>>;
    assert.deepEqual([one?.['id'], one?.['name'], one?.['waiting']], ['n', 'changed', 0]);
    assert.equal((await red.post('/snapflow/outbox', { id: 'none' })).status, 422);
  });
});
