import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, before, describe, it } from 'node:test';
import sharp from 'sharp';
import type { FitReport } from '../../../lib/fit';
import { makePicture, readPictureHeader, type PictureInfo } from '../../../lib/picture';
import { stampText } from '../../../nodes/fit/stamp-text';
import fitModule from '../../../nodes/fit/snapflow-fit';
import cameraModule from '../../../nodes/huawei/huawei-camera';
import snapshotModule from '../../../nodes/huawei/huawei-snapshot';
import type { Message } from '../../../nodes/shared/red';
import projectModule from '../../../nodes/thingscloud/thingscloud-project';
import uploadModule from '../../../nodes/thingscloud/thingscloud-upload';
import simulatorModule from '../../../nodes/simulator/snapflow-simulator';
import { freePorts } from '../../support/node-red';
import { photo } from '../../lib/fit/pictures';
import { root } from '../support/package';
import { startRuntime, type Flow, type Runtime } from '../support/runtime';

type FitMessage = Message & { payload: Buffer; fit: FitReport; picture: PictureInfo };
type Caught = Message & { error: { code: string; message: string } };

const flow = (config: object = {}): Flow => [
  { id: 'tab', type: 'tab' },
  { id: 'n', type: 'snapflow-fit', z: 'tab', wires: [['out']], ...config },
  { id: 'out', type: 'collect', z: 'tab', wires: [] },
  { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
  { id: 'caught', type: 'collect', z: 'tab', wires: [] },
];

describe('snapflow-fit', () => {
  let jpeg: Buffer;
  let runtime: Runtime | undefined;
  before(async () => {
    jpeg = await (await photo(640, 360)).jpeg({ quality: 90 }).toBuffer();
  });
  afterEach(async () => {
    await runtime?.stop();
    runtime = undefined;
  });
  const start = async (config: object) => (runtime = await startRuntime([fitModule], flow(config)));
  const out = async (red: Runtime) => (await red.inbox('out').next()) as FitMessage;
  const caught = async (red: Runtime) => ((await red.inbox('caught').next()) as Caught).error;

  it('fits the picture of a message and tells what it did; the id stays, all else is as it is now', async () => {
    const red = await start({ maxBytes: '20000', maxWidth: '', format: 'webp' });
    const { info } = makePicture(jpeg, { source: { system: 'huawei', device: 'front' } });
    red.send('n', { payload: jpeg, picture: info, filename: 'front-1.jpg', topic: 'door', other: 7 });
    const msg = await out(red);
    assert.ok(msg.payload.length <= 20_000);
    assert.deepEqual([msg.topic, msg['other'], msg['filename']], ['door', 7, 'front-1.webp']);
    const { format, mime, width, height } = readPictureHeader(msg.payload);
    assert.deepEqual(msg.picture, { ...info, format, mime, width, height, bytes: msg.payload.length });
    assert.equal(msg.picture.id, info.id);
    assert.deepEqual(
      [msg.fit.action, msg.fit.from.bytes, msg.fit.to.format],
      ['encoded', jpeg.length, 'webp'],
    );
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.equal((await red.statuses('n').next()).text, 'status.fitting');
    const size = `${Math.ceil(jpeg.length / 1e3)} kB → ${Math.ceil(msg.payload.length / 1e3)} kB`;
    assert.equal((await red.statuses('n').next()).text, size);
  });

  it('shows the picture as it goes out, when asked to', async () => {
    const red = await start({ maxBytes: '20000', view: true });
    red.send('n', { payload: jpeg });
    assert.equal((await red.shown('n').next()).bytes, (await out(red)).payload.length);
  });

  it('passes what fits as the same Buffer, and needs no msg.picture', async () => {
    const red = await start({ maxBytes: 500_000 });
    red.send('n', { payload: jpeg });
    const { payload, fit, picture } = await out(red);
    assert.equal(payload, jpeg);
    assert.equal(picture, undefined);
    assert.equal(fit.action, 'passed');
    await red.statuses('n').until(({ text }) => text === 'status.passed');
  });

  it('stamps time and device, covers and crops as the dialog says', async () => {
    const red = await start({
      maxBytes: '',
      crop: '0, 0, 50, 100',
      masks: [{ left: 0, top: 0, width: 100, height: 50, style: 'black' }],
      stamp: '{time} {device}',
      stampType: 'str',
      stampZone: 'Asia/Shanghai',
    });
    const source = { system: 'huawei', device: '前门' } as const;
    const { info } = makePicture(jpeg, { source, takenAt: new Date('2026-01-02T03:04:05Z') });
    red.send('n', { payload: jpeg, picture: info });
    const { payload, fit } = await out(red);
    assert.deepEqual([fit.to.width, fit.to.height, fit.notDrawn], [320, 360, '前门']);
    const upper = await sharp(payload)
      .extract({ left: 10, top: 10, width: 300, height: 150 })
      .png()
      .toBuffer();
    assert.ok(((await sharp(upper).stats()).channels[0]?.max ?? 99) < 20);
  });

  it('sends nothing for what is no picture or cannot fit, and tells Catch nodes', async () => {
    const red = await start({ maxBytes: 200 });
    for (const [payload, code] of [
      ['text', 'BAD_INPUT'],
      [Buffer.from('<html>'), 'UNSUPPORTED_FORMAT'],
      [jpeg, 'TOO_LARGE'],
    ] as const) {
      red.send('n', { payload });
      assert.equal((await caught(red)).code, code);
    }
    assert.equal(red.inbox('out').all.length, 0);
    assert.equal(red.completions('n').all.length, 3);
  });

  it('refuses more pictures than may wait, and reports those that wait when it is closed', async () => {
    const red = await start({ maxBytes: 20_000, maxWaiting: 1 });
    for (let count = 0; count < 3; count++) red.send('n', { payload: jpeg });
    assert.equal((await caught(red)).code, 'QUEUE_FULL');
    await out(red);
    await out(red);
    for (let count = 0; count < 2; count++) red.send('n', { payload: jpeg });
    await red.statuses('n').until(({ text }) => text === 'status.fitting');
    await red.deploy([{ id: 'tab', type: 'tab' }]);
    for (let count = 0; count < 2; count++) {
      const { error } = await red
        .completions('n')
        .until((one) => one.error !== undefined && (one.error as { code?: string }).code !== 'QUEUE_FULL');
      assert.equal((error as { code?: string }).code, 'CLOSED');
    }
  });

  it('tells a setting that cannot work when it is deployed, and for each message', async () => {
    const red = await start({ crop: '1, 2, 3' });
    assert.match(String((await red.statuses('n').next()).text), /BAD_INPUT$/);
    red.send('n', { payload: jpeg });
    assert.match((await caught(red)).message, /Crop/);
  });
});

describe('the text of a stamp', () => {
  const known = {
    takenAt: '2026-01-02T03:04:05.678Z',
    source: { system: 'huawei', device: 'Gate', channel: '2' },
  } as const;

  it('has time, device and what else is known in its places', () => {
    assert.equal(
      stampText('{time} {device}/{channel} {kind}', known, 'Asia/Shanghai'),
      '2026-01-02 11:04:05 Gate/2',
    );
    assert.equal(stampText('{time}', known, 'UTC'), '2026-01-02 03:04:05');
    assert.equal(stampText('{other} {name}!', known, ''), '{other} !');
    assert.match(stampText('{time}', {}, ''), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    assert.equal(stampText('{time}', { takenAt: 'some day' }, ''), '');
  });

  it('needs a zone that exists', () => {
    assert.throws(() => stampText('{time}', known, 'Mars/Olympus'), { code: 'BAD_INPUT' });
  });
});

describe('the example snapflow-fit', () => {
  it('brings big pictures under the limit and uploads them, and makes small ones with a stamp', async () => {
    const { camera = 0, cloud = 0 } = await freePorts('camera', 'cloud');
    const nodes = JSON.parse(readFileSync(join(root, 'examples/snapflow-fit.json'), 'utf8')) as Flow;
    const flow = nodes
      .filter(({ type }) => !['comment', 'inject', 'catch'].includes(type))
      .map((node) => {
        if (node.type === 'debug') return { ...node, type: 'collect' };
        if (node.type === 'huawei-camera') return { ...node, address: `http://127.0.0.1:${camera}` };
        if (node.type === 'thingscloud-project') return { ...node, endpoint: `http://127.0.0.1:${cloud}` };
        if (node.type !== 'snapflow-simulator') return node;
        return { ...node, port: node['kind'] === 'thingscloud' ? cloud : camera };
      });
    const modules = [fitModule, cameraModule, snapshotModule, projectModule, uploadModule, simulatorModule];
    const runtime = await startRuntime(modules, []);
    try {
      await runtime.deploy(flow);
      const idOf = (type: string) => flow.find((node) => node.type === type)?.id ?? '';
      for (const { id, type } of flow) {
        if (type === 'snapflow-simulator') await runtime.statuses(id).until(({ fill }) => fill === 'green');
      }
      runtime.send(idOf('huawei-snapshot'), {});
      const results = flow
        .filter(({ type }) => type === 'snapflow-fit')
        .map((node) => (node['wires'] as string[][])[0]?.[0] ?? '');
      const [large, small] = await Promise.all(
        results.map(async (id) => (await runtime.inbox(id).next()) as FitMessage),
      );
      assert.ok(large && small);
      assert.equal(large.fit.from.bytes, 2_500_000);
      assert.ok(large.payload.length <= 500_000);
      assert.deepEqual([large.fit.action, large.fit.encodes], ['cleaned', 0]);
      assert.ok(small.payload.length <= 12_000);
      assert.deepEqual([small.fit.to.width, small.fit.to.height], [320, 180]);
      assert.equal(small.picture.id, large.picture.id);
      const upload = flow.find(({ type }) => type === 'thingscloud-upload')?.['wires'] as string[][];
      const uploaded = (await runtime.inbox(upload[0]?.[0] ?? '').next())['upload'] as { url: string };
      const stored = await (await fetch(uploaded.url)).arrayBuffer();
      assert.deepEqual(Buffer.from(stored), large.payload);
    } finally {
      await runtime.stop();
    }
  });
});
