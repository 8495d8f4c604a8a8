import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import saveModule from '../../../nodes/folder/snapflow-save';
import type { Message } from '../../../nodes/shared/red';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import fetchModule from '../../../nodes/web/snapflow-fetch';
import { freePorts } from '../../support/node-red';
import { jpeg } from '../../lib/huawei/raw-camera';
import { root } from '../support/package';
import { openResources } from '../support/resources';
import { startRuntime, type Flow, type Runtime } from '../support/runtime';

const EMPTY: Flow = [{ id: 'empty', type: 'tab' }];
const picture = jpeg(64, 48);

describe('snapflow-save', () => {
  let base: string;
  let runtime: Runtime | undefined;
  before(() => {
    base = mkdtempSync(join(tmpdir(), 'snapflow-save-node-'));
  });
  after(() => rmSync(base, { recursive: true, force: true }));
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
  });

  async function start(fields: object = {}): Promise<Runtime> {
    runtime = await startRuntime(
      [saveModule],
      [
        { id: 'tab', type: 'tab' },
        { id: 'n', type: 'snapflow-save', z: 'tab', freeMB: 0, zone: 'utc', wires: [['out']], ...fields },
        { id: 'out', type: 'collect', z: 'tab', wires: [] },
        { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
        { id: 'caught', type: 'collect', z: 'tab', wires: [] },
      ],
    );
    return runtime;
  }

  it('names the file after the picture and passes the message on', async () => {
    const folder = join(base, 'named');
    const red = await start({ folder, pattern: '{device}/{yyyy}-{MM}-{dd}/{time}-{id}.{ext}', count: 2 });
    const info = {
      id: 'a1',
      takenAt: '2026-11-29T08:09:10.123Z',
      source: { system: 'huawei', device: '东门/1' },
    };
    red.send('n', { payload: picture, picture: info, topic: 'kept' });
    const msg = await red.inbox('out').next();
    assert.equal(msg['filename'], join(folder, '东门-1', '2026-11-29', '080910123-a1.jpg'));
    assert.deepEqual([msg.payload, msg.topic], [picture, 'kept']);
    assert.deepEqual(readFileSync(String(msg['filename'])), picture);
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.equal((await red.statuses('n').next()).text, 'status.saved');
    for (const id of ['b2', 'c3']) red.send('n', { payload: picture, picture: { ...info, id } });
    for (let count = 0; count < 2; count++) await red.inbox('out').next();
    assert.deepEqual(readdirSync(join(folder, '东门-1', '2026-11-29')).sort(), [
      '080910123-b2.jpg',
      '080910123-c3.jpg',
    ]);
  });

  it('saves what came another way than from our nodes, and nothing that is no picture', async () => {
    const folder = join(base, 'foreign');
    const red = await start({ folder, pattern: '{device}-{name}.{ext}' });
    red.send('n', { payload: picture, filename: '/tmp/x/holiday.jpeg' });
    assert.equal((await red.inbox('out').next())['filename'], join(folder, 'picture-holiday.jpg'));
    for (const payload of ['text', Buffer.from('no picture at all')]) {
      red.send('n', { payload });
      const { error } = (await red.inbox('caught').next()) as Message & { error: { code: string } };
      assert.match(error.code, /BAD_INPUT|UNSUPPORTED_FORMAT/);
    }
  });

  it('tells what is wrong with its folder', async () => {
    const file = join(base, 'a-file');
    writeFileSync(file, 'x');
    const red = await start({ folder: file });
    red.send('n', { payload: picture });
    const { error } = (await red.inbox('caught').next()) as Message & {
      error: { code: string; message: string };
    };
    assert.equal(error.code, 'BAD_INPUT');
    assert.match(error.message, /a-file/);
    await red.stop();
    const unnamed = await start({ folder: ' ' });
    assert.match((await unnamed.statuses('n').next()).text ?? '', /BAD_INPUT/);
  });
});

describe('the example snapflow-save', () => {
  it('saves pictures of the simulated camera, and leaves nothing when it is deployed anew', async () => {
    const ports = await freePorts('18103');
    const folder = mkdtempSync(join(tmpdir(), 'snapflow-save-example-'));
    mkdirSync(join(folder, 'pictures'));
    const text = readFileSync(join(root, 'examples/snapflow-save.json'), 'utf8');
    const flow = (JSON.parse(text.replaceAll('18103', String(ports['18103']))) as Flow)
      .filter(({ type }) => !['comment', 'inject', 'catch'].includes(type))
      .map((node) => (node.type === 'debug' ? { ...node, type: 'collect' } : node))
      .map((node) => (node.type === 'snapflow-save' ? { ...node, folder: join(folder, 'pictures') } : node));
    const idOf = (name: string) => flow.find((node) => node.name?.startsWith(name))?.id ?? '';
    const runtime = await startRuntime([fetchModule, saveModule, simulatorModule], []);
    try {
      await runtime.deploy(flow);
      await runtime.deploy(EMPTY);
      const before = openResources();
      await runtime.deploy(flow);
      await runtime.statuses(idOf('simulated')).until(({ fill }) => fill === 'green');
      runtime.send(idOf('Entrance'), {});
      const msg = await runtime.inbox(idOf('file')).next();
      assert.deepEqual(readFileSync(String(msg['filename'])), msg.payload);
      await runtime.deploy(EMPTY);
      assert.deepEqual(openResources(), before);
    } finally {
      await runtime.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
