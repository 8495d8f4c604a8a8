import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { before, describe, it } from 'node:test';
import { Workshop } from '../../../lib/fit';
import { photo } from './pictures';

describe('the workshop', () => {
  let picture: Buffer;
  before(async () => {
    picture = await (await photo(1280, 720)).jpeg({ quality: 92 }).toBuffer();
  });
  const fitting = { maxBytes: 50_000 };

  it('works on 50 pictures that come at once one after the other, in order, and stalls nobody', async () => {
    const workshop = new Workshop();
    await workshop.fit(picture, fitting);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const order: number[] = [];
    const all = Array.from({ length: 50 }, async (_one, index) => {
      const { data } = await workshop.fit(picture, fitting);
      assert.ok(data.length <= fitting.maxBytes);
      order.push(index);
    });
    assert.deepEqual([workshop.running, workshop.queued], [1, 49]);
    await Promise.all(all);
    delay.disable();
    assert.deepEqual(
      order,
      [...order].sort((one, other) => one - other),
    );
    assert.deepEqual([workshop.running, workshop.queued], [0, 0]);
    // The bench shows the true figure; here only a blocked loop would be seen: one encode takes longer than that.
    assert.ok(delay.percentile(50) / 1e6 < 100, `${delay.percentile(50) / 1e6} ms`);
  });

  it('lets what fits pass at once, but not past others', async () => {
    const workshop = new Workshop();
    assert.equal((await workshop.fit(picture)).data, picture);
    const order: string[] = [];
    await Promise.all([
      workshop.fit(picture, fitting).then(() => order.push('first')),
      workshop.fit(picture).then(() => order.push('second')),
    ]);
    assert.deepEqual(order, ['first', 'second']);
  });

  it('refuses what is too many or too much', async () => {
    for (const workshop of [
      new Workshop({ maxQueued: 1 }),
      new Workshop({ maxQueuedBytes: picture.length }),
    ]) {
      const taken = [workshop.fit(picture, fitting), workshop.fit(picture, fitting)];
      await assert.rejects(workshop.fit(picture, fitting), { code: 'QUEUE_FULL' });
      await Promise.all(taken);
      await workshop.fit(picture, fitting);
    }
    assert.throws(() => new Workshop({ maxParallel: 0 }), { code: 'BAD_INPUT' });
  });

  it('lets a waiting and a running picture be given up', async () => {
    const workshop = new Workshop();
    const [running, waiting] = [new AbortController(), new AbortController()];
    const ends = [
      workshop.fit(picture, fitting, { signal: running.signal }),
      workshop.fit(picture, fitting, { signal: waiting.signal }),
      workshop.fit(picture, fitting),
    ];
    waiting.abort();
    await assert.rejects(ends[1] as Promise<unknown>, { code: 'CLOSED' });
    assert.equal(workshop.queued, 1);
    running.abort();
    await assert.rejects(ends[0] as Promise<unknown>, { code: 'CLOSED' });
    assert.ok((await ends[2])?.data);
    assert.deepEqual([workshop.running, workshop.queued], [0, 0]);
  });

  it('goes on after a failure, and ends all when it is closed', async () => {
    const workshop = new Workshop();
    await assert.rejects(workshop.fit(picture, { maxBytes: 100 }), { code: 'TOO_LARGE' });
    const ends = [workshop.fit(picture, fitting), workshop.fit(picture, fitting)];
    workshop.close();
    for (const end of ends) await assert.rejects(end, { code: 'CLOSED' });
    await assert.rejects(workshop.fit(picture, fitting), { code: 'CLOSED' });
  });
});
