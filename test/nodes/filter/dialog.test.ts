import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { readPictureHeader } from '../../../lib/picture';
import type { Runtime } from '../support/runtime';
import { EMPTY, flowOf, message, start, stop } from './support';

interface Shown {
  pass: boolean;
  reason: string;
  wouldPass: boolean;
  distance?: number;
  data?: string;
}

describe('the dialog of a filter', () => {
  let runtime: Runtime;
  afterEach(() => stop(runtime));

  async function send(count: number, intruder = false): Promise<void> {
    for (let index = 0; index < count; index++) {
      runtime.send('n', await message({ noise: 3 + index, intruder }));
      await runtime.completions('n').next();
    }
  }
  async function ask(fields: object = {}): Promise<Shown[]> {
    const { status, body } = await runtime.post('/snapflow/filter/pictures', {
      node: 'n',
      threshold: '0.38',
      ...fields,
    });
    assert.equal(status, 200, JSON.stringify(body));
    return body['pictures'] as Shown[];
  }

  it('shows the last pictures, small, and what another threshold would have done', async () => {
    runtime = await start({ useChanged: true, threshold: 0.38 });
    await send(2);
    await send(1, true);
    const pictures = await ask({ thumbnails: true });
    assert.deepEqual(
      pictures.map(({ reason, wouldPass }) => [reason, wouldPass]),
      [
        ['first', true],
        ['unchanged', false],
        ['changed', true],
      ],
    );
    const thumbnail = Buffer.from(pictures[2]?.data ?? '', 'base64');
    assert.deepEqual(
      [readPictureHeader(thumbnail).format, readPictureHeader(thumbnail).width],
      ['jpeg', 128],
    );
    assert.ok(thumbnail.length < 10_000);
    const strict = await ask({ threshold: 0.95 });
    assert.deepEqual(
      strict.map(({ wouldPass, data }) => [wouldPass, data]),
      [
        [true, undefined],
        [false, undefined],
        [false, undefined],
      ],
    );
    assert.ok((await ask({ threshold: 0 })).every(({ wouldPass }) => wouldPass));
    const masks = [{ left: '0', top: '0', width: '100', height: '95' }];
    assert.deepEqual(
      (await ask({ masks })).map(({ wouldPass }) => wouldPass),
      [true, false, false],
    );
  });

  it('keeps fifty of them over a redeploy, none once it is told to forget, and none at all if not wanted', async () => {
    runtime = await start({ useChanged: false });
    await send(53);
    assert.equal((await ask()).length, 50);
    await runtime.deploy(flowOf({ useChanged: true, threshold: 0.38 }));
    assert.equal((await ask()).length, 50);
    runtime.send('n', { reset: true });
    await runtime.completions('n').next();
    assert.deepEqual(await ask(), []);
    await runtime.deploy(flowOf({ keepLast: false }));
    await send(1);
    assert.deepEqual(await ask(), []);
  });

  it('forgets the pictures of a node that is gone', async () => {
    runtime = await start({ useChanged: false });
    await send(1);
    assert.equal((await ask()).length, 1);
    await runtime.deploy(EMPTY);
    assert.deepEqual(await ask(), []);
  });

  it('refuses a threshold or a region that makes no sense, in the language of the browser', async () => {
    runtime = await start();
    for (const draft of [
      { threshold: 'x' },
      { threshold: 2 },
      { masks: [{ left: 90, top: 0, width: 50, height: 5 }] },
    ]) {
      const { status, body } = await runtime.post(
        '/snapflow/filter/pictures',
        { node: 'n', threshold: 0.3, ...draft },
        'zh-CN',
      );
      assert.equal(status, 422);
      assert.match(String(body['message']), /\p{Script=Han}/u);
    }
  });
});
