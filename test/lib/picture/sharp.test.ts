import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { SnapflowError } from '../../../lib/errors';
import { inTurn, loadSharp } from '../../../lib/picture/sharp';
import { describeError } from '../../../lib/texts';
import { until } from '../../support/fake-clock';

describe('sharp', () => {
  it('says how to get it where it is missing, in one sentence, and is looked for again the next time', async () => {
    const missing = () => {
      throw new Error('Could not load the "sharp" module\nmany lines of advice');
    };
    assert.throws(
      () => loadSharp(missing),
      (error: SnapflowError) => {
        assert.equal(error.code, 'BAD_INPUT');
        assert.match(error.message, /npm install sharp.*Could not load the "sharp" module$/);
        assert.match(describeError(error, 'zh-CN'), /\p{Script=Han}.*npm install sharp/u);
        return true;
      },
    );
    const sharp = loadSharp();
    assert.equal(
      (
        await sharp(Buffer.alloc(3), { raw: { width: 1, height: 1, channels: 3 } })
          .png()
          .toBuffer()
      )[1],
      0x50,
    );
    assert.equal(sharp.concurrency(), 1);
  });

  it('is not loaded with the package', async () => {
    const source = `require('./lib/picture/sharp'); console.log(Object.keys(require.cache).some((file) => /sharp.dist/.test(file)))`;
    const run = promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', source]);
    assert.equal((await run).stdout.trim(), 'false');
  });

  it('works on two pictures at the same time at most, and goes on after a failure', async () => {
    let running = 0;
    let most = 0;
    const ends: Array<() => void> = [];
    const works = Array.from({ length: 6 }, (_, index) =>
      inTurn(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => ends.push(resolve));
        running -= 1;
        if (index === 0) throw new Error('broken');
        return index;
      }),
    );
    const outcomes = Promise.allSettled(works);
    for (let index = 0; index < 6; index++) {
      await until(() => ends.length > index);
      ends[index]?.();
    }
    assert.deepEqual(
      (await outcomes).map(({ status }) => status),
      ['rejected', ...Array<string>(5).fill('fulfilled')],
    );
    assert.ok(most <= 2);
  });
});
