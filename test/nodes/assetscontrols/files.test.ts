import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { PictureInfo } from '../../../lib/picture';
import { Scene } from '../../../lib/simulators/scene';
import { Bench, NUMBER } from './support';

const STEM = `${NUMBER}_1769373855`;
const picture = (name: string, type = 1) => ({
  name,
  type,
  data: new Scene({ name }).picture({ at: new Date(1_769_373_855_000), caption: name }),
});
const VIDEO = { name: `${STEM}_11.mp4`, type: 2, data: Buffer.from('video') };

describe('assetscontrols-photograph: the files of a record', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  const start = (more: object = {}) =>
    bench.start({ operation: 'files', asset: '', record: 'alarm.guid', recordType: 'msg', ...more });

  it('X-AC-c come as picture messages, videos left out', async () => {
    const red = await start();
    const pictures = [picture(`${STEM}_01.jpg`), picture(`${STEM}_02.jpg`)];
    const { guid } = bench.cloud.world.addRecord(STEM, [VIDEO, ...pictures]);
    red.send('n', { alarm: { guid }, topic: 'alarm' });
    for (const [index, { name, data }] of pictures.entries()) {
      const msg = await red.inbox('out').next();
      assert.deepEqual(msg.payload, data);
      const info = msg['picture'] as PictureInfo;
      assert.deepEqual(info.source, { system: 'assetscontrols', device: NUMBER, kind: 'record' });
      assert.deepEqual([info.name, info.takenAt], [name, '2026-01-25T20:44:15.000Z']);
      const { index: place, count } = msg.parts as { index: number; count: number };
      assert.deepEqual([place, count, msg.topic], [index, 2, 'alarm']);
      assert.equal(typeof msg['filename'], 'string');
    }
    assert.equal((await red.completions('n').next()).error, undefined);
    assert.equal(red.completions('n').all.length, 1);
    assert.equal((await red.statuses('n').next()).text, 'status.fetching');
    assert.equal((await red.statuses('n').next()).text, 'status.fetched');
    assert.equal(bench.cloud.counters['instructions'] ?? 0, 0);
  });

  it('X-AC-c are shown on the node, the last one of a record, when asked for', async () => {
    const red = await start({ view: true });
    const pictures = [picture(`${STEM}_01.jpg`), picture(`${STEM}_longer_caption_02.jpg`)];
    red.send('n', { alarm: { guid: bench.cloud.world.addRecord(STEM, pictures).guid } });
    assert.equal((await red.shown('n').next()).bytes, pictures[1]?.data.length);
  });

  it('X-AC-c a record without pictures, an unknown one and none at all are errors', async () => {
    const red = await start();
    const { guid } = bench.cloud.world.addRecord(STEM, [VIDEO]);
    for (const [alarm, code] of [
      [{ guid }, 'NOT_FOUND'],
      [{ guid: 'unknown' }, 'NOT_FOUND'],
      [{}, 'BAD_INPUT'],
    ] as const) {
      red.send('n', { alarm });
      assert.equal((await bench.caught()).code, code);
    }
    assert.equal(red.inbox('out').all.length, 0);
  });

  it('X-AC-c the pictures before one that cannot be fetched go on, and the error tells of it', async () => {
    const red = await start();
    const broken = { name: `${STEM}_02.jpg`, type: 1, data: Buffer.from('<html>gone</html>') };
    const { guid } = bench.cloud.world.addRecord(STEM, [picture(`${STEM}_01.jpg`), broken]);
    red.send('n', { alarm: { guid } });
    const msg = await red.inbox('out').next();
    assert.equal((msg['picture'] as PictureInfo).name, `${STEM}_01.jpg`);
    const error = await bench.caught();
    assert.equal(error.code, 'BAD_RESPONSE');
    assert.match(error.message, /_02\.jpg/);
  });
});
