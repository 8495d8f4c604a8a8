import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { laneKey } from '../../../../lib/delivery';
import type { SnapflowError } from '../../../../lib/errors';
import { turn, until } from '../../../support/fake-clock';
import { failure, follow } from '../sending';
import type { MemoryFiles } from './memory-files';
import { ok, picture, setUp } from './set-up';

describe('outbox: accepted is delivered', () => {
  it('accepts when the picture is on the disk, sends it at once and removes it when delivered', async () => {
    const { clock, files, outbox, sending, delivered, add } = setUp();
    const entry = await add('a1', 'device a', { pictureId: 'abc123' });
    assert.equal(files.names('/outbox/waiting').length, 1);
    assert.deepEqual(
      { ...entry, addedAt: 0 },
      {
        id: 1,
        lane: laneKey('device a'),
        pictureId: 'abc123',
        bytes: 100,
        addedAt: 0,
        alarm: false,
        difference: 0.5,
        extension: 'jpg',
      },
    );
    await clock.advance(2_000);
    sending.last.succeed('url');
    await turn();
    assert.equal(files.names('/outbox/waiting').length, 0);
    assert.deepEqual(delivered, [
      { entry, meta: { name: 'a1' }, result: 'url', attempts: 1, waitedMs: 0, tookMs: 2_000 },
    ]);
    assert.deepEqual(outbox.state().counters, {
      accepted: 1,
      delivered: 1,
      partlyDone: 0,
      dead: 0,
      dropped: 0,
      setAside: 0,
    });
    await outbox.close();
    assert.equal(clock.timers, 0);
  });

  it('gives the send the picture as it was added', async () => {
    const sent: unknown[] = [];
    const { outbox } = setUp({
      send: (outgoing) => {
        sent.push(outgoing.meta, outgoing.body.equals(picture('x', 5_000)), outgoing.entry.pictureId);
        return Promise.resolve('stored');
      },
    });
    const meta = { name: 'x', note: { topic: '门口', list: [1, null, 'two'] } };
    const entry = await outbox.add('lane', { meta, body: picture('x', 5_000) });
    await turn();
    assert.deepEqual(sent, [meta, true, entry.pictureId]);
    assert.match(entry.pictureId, /^[0-9a-f]{24}$/);
    await outbox.close();
  });

  it('goes on after a restart where it stopped: order, age, message and pace', async () => {
    const first = setUp({ rule: () => failure('UNREACHABLE') });
    for (const name of ['a1', 'a2', 'b1']) await first.add(name);
    await first.clock.advance(5_000);
    await first.outbox.close();
    const { clock, files } = first;
    clock.jump(60_000);
    const second = setUp({ clock, files, rule: ok, paceMs: 10_000 });
    await second.outbox.open();
    assert.equal(second.outbox.state().waiting, 3);
    const begin = clock.monotonic();
    await clock.advance(9_999);
    assert.equal(second.sending.log, '', 'nobody knows when it sent last');
    await clock.advance(60_000);
    assert.deepEqual(
      second.sending.starts.map(({ item, at }) => `${item}@${at - begin}`),
      ['a1@10000', 'b1@10000', 'a2@20000'],
    );
    assert.equal(second.delivered[0]?.waitedMs, 75_000, 'those before the restart included');
    await second.add('a3');
    await clock.advance(20_000);
    const order = second.delivered.map(({ meta }) => meta.name);
    assert.deepEqual(
      order.filter((name) => name !== 'b1'),
      ['a1', 'a2', 'a3'],
    );
    assert.equal(order.length, 4);
    await second.outbox.close();
  });

  it('keeps the order of one lane although writing takes turns', async () => {
    const { files, outbox, sending, add } = setUp({ rule: ok });
    await outbox.open();
    let slow = true;
    const { write } = files;
    files.write = async (path, parts) => {
      if (slow) {
        slow = false;
        for (let n = 0; n < 20; n += 1) await turn();
      }
      await write(path, parts);
    };
    await Promise.all(['a1', 'a2', 'a3'].map((name) => add(name)));
    await until(() => sending.starts.length === 3);
    assert.deepEqual(
      sending.starts.map(({ item }) => item),
      ['a1', 'a2', 'a3'],
    );
    await outbox.close();
  });

  it('flushes once for many that are accepted together', async () => {
    const { files, outbox, add } = setUp({ rule: ok });
    await outbox.open();
    let flushes = 0;
    const { flushFolder } = files;
    files.flushFolder = async (path) => {
      flushes += 1;
      await turn();
      await flushFolder(path);
    };
    await Promise.all(Array.from({ length: 50 }, (_, n) => add(`a${n}`, `lane ${n}`)));
    assert.ok(flushes < 50, `${flushes} flushes`);
    await outbox.close();
  });
});

describe('outbox: failures', () => {
  it('makes a dead letter of what is refused, with its reason, also after a restart', async () => {
    const first = setUp({
      rule: (name) => (name === 'a1' ? failure('UNSUPPORTED_FORMAT', { failure: 'refuse' }) : 'stored'),
    });
    const entry = await first.add('a1');
    await first.add('a2');
    await until(() => first.delivered.length === 1);
    assert.deepEqual(
      first.failed.map(({ kind, meta, error }) => [kind, meta?.name, error.code]),
      [['dead', 'a1', 'UNSUPPORTED_FORMAT']],
    );
    assert.deepEqual(first.outbox.state().dead, { items: 1, bytes: 100 });
    await first.outbox.close();

    const second = setUp({ files: first.files, rule: ok });
    await second.outbox.open();
    const [listed] = await second.outbox.list();
    assert.deepEqual(listed?.entry, entry);
    assert.equal(listed.status, 'dead');
    assert.equal(listed.reason?.code, 'UNSUPPORTED_FORMAT');
    assert.equal(listed.reason.message, 'UNSUPPORTED_FORMAT for a test');
    assert.ok((await second.outbox.read(entry.id))?.body.equals(picture('a1')));
    assert.equal(second.sending.starts.length, 0, 'not sent again by itself');
    assert.ok((await second.add('a3')).id > entry.id);
    await second.outbox.close();
  });

  it('sends dead letters again, one or all, as the newest of their lanes', async () => {
    let refuse = true;
    const { outbox, sending, add, files } = setUp({
      rule: (name) => (refuse && name !== 'b1' ? failure('UNSUPPORTED_FORMAT') : 'stored'),
    });
    const entries = [await add('a1'), await add('a2'), await add('b1')];
    await until(() => outbox.state().dead.items === 2);
    refuse = false;
    assert.equal(await outbox.resend(999), 0);
    assert.equal(await outbox.resend(entries[1]?.id), 1);
    await until(() => sending.last.item === 'a2' && outbox.state().waiting === 0);
    assert.equal(await outbox.resend(), 1);
    await until(() => sending.last.item === 'a1' && outbox.state().waiting === 0);
    assert.deepEqual(outbox.state().dead, { items: 0, bytes: 0 });
    assert.deepEqual(files.names('/outbox/dead'), [], 'no reason is left behind');
    assert.deepEqual(await outbox.list(), []);
    await outbox.close();
  });

  it('drops what waits or is dead by hand, never what is being sent', async () => {
    const { outbox, files, add } = setUp({
      rule: (name) => (name === 'd1' ? failure('BAD_INPUT') : undefined),
    });
    const dead = await add('d1');
    const sent = await add('a1');
    const waits = await add('a2');
    await until(() => outbox.state().dead.items === 1);
    assert.equal(await outbox.drop(sent.id), false);
    assert.equal(await outbox.drop(waits.id), true);
    assert.equal(await outbox.drop(dead.id), true);
    assert.equal(await outbox.drop(dead.id), false);
    assert.equal(files.names('/outbox/waiting').length, 1);
    assert.deepEqual(files.names('/outbox/dead'), []);
    assert.equal(outbox.state().counters.dropped, 2);
    await outbox.close();
  });

  it('keeps at most so many dead letters, the newest', async () => {
    const { outbox, dropped, add } = setUp({ maxDeadItems: 2, rule: () => failure('BAD_INPUT') });
    for (const name of ['a1', 'a2', 'a3']) await add(name);
    await until(() => outbox.state().counters.dead === 3);
    assert.deepEqual(
      (await outbox.list()).map(({ entry }) => entry.id),
      [2, 3],
    );
    assert.deepEqual(
      dropped.map(({ kind, entry }) => [kind, entry.id]),
      [['forgotten', 1]],
    );
    await outbox.close();
  });

  it('holds a lane over a restart of the sending and lists why; resume by its name or by what it was added as', async () => {
    let rejected = true;
    const { clock, outbox, sending, add } = setUp({
      rule: (name) => (rejected && name.startsWith('a') ? failure('AUTH_REJECTED') : 'stored'),
    });
    await add('a1', 'token of a');
    await add('a2', 'token of a');
    await clock.advance(1_000);
    const [held] = outbox.state().held;
    assert.deepEqual([held?.lane, held?.waiting], [laneKey('token of a'), 2]);
    assert.deepEqual(
      (await outbox.list()).map(({ status, reason, attempts }) => [status, reason?.code, attempts]),
      [
        ['held', 'AUTH_REJECTED', 1],
        ['held', 'AUTH_REJECTED', 0],
      ],
    );
    rejected = false;
    outbox.resume(held?.lane);
    await clock.advance(1_000);
    assert.equal(outbox.state().waiting, 0);
    rejected = true;
    await add('a3', 'token of a');
    await clock.advance(1_000);
    rejected = false;
    outbox.resume('token of a');
    await clock.advance(1_000);
    assert.equal(sending.last.item, 'a3');
    assert.equal(outbox.state().waiting, 0);
    await outbox.close();
  });

  it('never sends again what is stored and only partly done, not even after a restart', async () => {
    const first = setUp({ rule: () => failure('PARTLY_DONE', { url: 'https://oss/1' }) });
    await first.add('a1');
    await until(() => first.failed.length === 1);
    assert.equal(first.failed[0]?.kind, 'partly-done');
    assert.deepEqual(first.failed[0].error.details, { url: 'https://oss/1' });
    await first.outbox.close();
    const second = setUp({ files: first.files, rule: ok });
    await second.outbox.open();
    assert.deepEqual(await second.outbox.list(), []);
    assert.equal(second.outbox.state().waiting, 0);
    await second.outbox.close();
  });

  it('refits once what is too large', async () => {
    const sizes: number[] = [];
    const { outbox, delivered } = setUp({
      fix: (outgoing) => Promise.resolve({ ...outgoing, body: outgoing.body.subarray(0, 40) }),
      send: ({ body }) => {
        sizes.push(body.length);
        return body.length > 50 ? Promise.reject(failure('TOO_LARGE')) : Promise.resolve('stored');
      },
    });
    await outbox.add('a', { meta: { name: 'x' }, body: picture('x') });
    await until(() => delivered.length === 1);
    assert.deepEqual(sizes, [100, 40]);
    await outbox.close();
  });

  it('gives up what is too old as a dead letter, by the clock that never jumps', async () => {
    const { clock, outbox, failed, add } = setUp({ maxAgeMs: 600_000, rule: () => failure('UNREACHABLE') });
    await add('a1');
    clock.jump(86_400_000 * 365);
    await clock.advance(300_000);
    assert.equal(failed.length, 0, 'the clock was set, no time has passed');
    clock.jump(-86_400_000 * 900);
    await clock.advance(300_001);
    assert.deepEqual(
      failed.map(({ kind, error, meta }) => [kind, error.code, meta?.name]),
      [['dead', 'TIMEOUT', 'a1']],
    );
    assert.equal(outbox.state().dead.items, 1);
    await outbox.close();
  });

  it('after a long pause gives up what is too old one by one, not all in memory at once', async () => {
    const first = setUp({ rule: () => failure('UNREACHABLE') });
    for (let n = 0; n < 50; n += 1) await first.add(`a${n}`);
    await first.outbox.close();
    const { clock, files } = first;
    clock.jump(86_400_000);
    let reading = 0;
    let mostReading = 0;
    const { read } = files;
    files.read = async (path) => {
      mostReading = Math.max(mostReading, (reading += 1));
      return await read(path).finally(() => (reading -= 1));
    };
    const hasty = setUp({ clock, files, rule: ok, maxAgeMs: 3_600_000 });
    await hasty.outbox.open();
    await hasty.outbox.close();
    assert.ok(hasty.failed.length < 3, 'a close does not wait for all of them');
    const left = files.names('/outbox/waiting').length;
    const second = setUp({ clock, files, rule: ok, maxAgeMs: 3_600_000 });
    await second.outbox.open();
    await until(() => second.failed.length === left);
    assert.deepEqual(
      second.failed.map(({ meta, error }) => `${meta?.name} ${error.code}`),
      Array.from({ length: left }, (_, n) => `a${n + 50 - left} TIMEOUT`),
    );
    assert.equal(mostReading, 1);
    assert.equal(second.outbox.state().dead.items, 50);
    await second.outbox.close();
  });

  it('takes no picture for old because a clock was wrong when it was taken', async () => {
    const clock1970 = setUp({ rule: () => failure('UNREACHABLE') });
    clock1970.clock.jump(-clock1970.clock.now() + 5_000);
    await clock1970.add('a1');
    await clock1970.outbox.close();
    const second = setUp({ files: clock1970.files, rule: () => failure('UNREACHABLE'), maxAgeMs: 60_000 });
    second.clock.jump(86_400_000);
    await second.outbox.open();
    await second.clock.advance(59_000);
    assert.equal(second.failed.length, 0);
    await second.clock.advance(2_000);
    assert.equal(second.failed[0]?.error.code, 'TIMEOUT');
    await second.outbox.close();

    const future = setUp({ rule: () => failure('UNREACHABLE') });
    future.clock.jump(86_400_000);
    await future.add('a1');
    await future.outbox.close();
    const back = setUp({ files: future.files, rule: ok, maxAgeMs: 60_000 });
    await back.outbox.open();
    await until(() => back.delivered.length === 1);
    assert.equal(back.delivered[0]?.waitedMs, 0, 'never less than nothing');
    await back.outbox.close();
  });
});

describe('outbox: bounds', () => {
  const held = () => failure('AUTH_REJECTED');
  const names = async ({ outbox }: ReturnType<typeof setUp>) => {
    const listed = await outbox.list();
    return Promise.all(listed.map(async ({ entry }) => (await outbox.read(entry.id))?.meta.name));
  };

  it('refuses by default, and counts what is being written', async () => {
    const { outbox, add, dropped } = setUp({ maxItems: 3, maxBytes: 1_000, rule: held });
    const outcomes = ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => follow(add(name)));
    await until(() => outcomes.every(({ value, code }) => value ?? code));
    assert.deepEqual(
      outcomes.map(({ code }) => code),
      [undefined, undefined, undefined, 'QUEUE_FULL', 'QUEUE_FULL'],
    );
    await assert.rejects(add('x', 'x', {}, 1_001), { code: 'TOO_LARGE' });
    assert.deepEqual(dropped, []);
    await outbox.close();
  });

  it('drop-oldest: the oldest goes, alarms last, what is being sent never', async () => {
    const all = setUp({
      maxItems: 4,
      overflow: 'drop-oldest',
      rule: (name) => (name === 's1' ? undefined : held()),
    });
    await all.add('s1');
    await all.add('a1', 'a', { alarm: true });
    await all.add('b1');
    await all.add('a2');
    await all.add('a3');
    assert.deepEqual(await names(all), ['s1', 'a1', 'a2', 'a3']);
    await all.add('a4', 'a', { alarm: true });
    await all.add('a5', 'a', { alarm: true });
    assert.deepEqual(await names(all), ['s1', 'a1', 'a4', 'a5']);
    await assert.rejects(all.add('a6'), { code: 'QUEUE_FULL' }, 'no alarm goes for a picture that is none');
    await all.add('a7', 'a', { alarm: true });
    assert.deepEqual(await names(all), ['s1', 'a4', 'a5', 'a7']);
    assert.deepEqual(
      all.dropped.map(({ kind, entry }) => `${kind} ${entry.id}`),
      ['overflow 3', 'overflow 4', 'overflow 5', 'overflow 2'],
    );
    assert.equal(all.outbox.state().counters.dropped, 4);
    await until(() => all.files.names('/outbox/waiting').length === 4);
    await all.outbox.close();
  });

  it('thin-out: keeps alarms and those that differ most', async () => {
    const all = setUp({ maxItems: 4, overflow: 'thin-out', rule: held });
    await all.add('a1', 'a', { difference: 0.9 });
    await all.add('a2', 'a', { difference: 0.01, alarm: true });
    await all.add('a3', 'a', { difference: 0.4 });
    await all.add('a4', 'a', { difference: 0.1 });
    await all.add('a5', 'a', { difference: 0.8 });
    assert.deepEqual(await names(all), ['a1', 'a2', 'a3', 'a5']);
    await all.add('a6', 'a', { difference: 0.5 });
    assert.deepEqual(await names(all), ['a1', 'a2', 'a5', 'a6'], 'a3 (0.4) goes before a6 (0.5)');
    await all.outbox.close();
  });

  it('thin-out: small changes add up, so that a slow change is thinned evenly', async () => {
    const all = setUp({ maxItems: 8, overflow: 'thin-out', rule: held });
    for (let n = 0; n < 64; n += 1) await all.add(`a${n}`, 'a', { difference: 0.01 });
    const kept = (await names(all)).map((name) => Number(name?.slice(1)));
    const gaps = kept.slice(1).map((n, index) => n - (kept[index] as number));
    assert.equal(kept.length, 8);
    assert.ok(Math.max(...gaps) <= 32, `kept ${kept.join(' ')}`);
    assert.ok((kept[0] as number) < 32 && (kept[7] as number) === 63);
    await all.outbox.close();
  });

  it('lowered limits make room bit by bit, not in one long breath', async () => {
    const first = setUp({ rule: held });
    for (let n = 0; n < 300; n += 1) await first.add(`a${n}`);
    await first.outbox.close();
    const second = setUp({ files: first.files, rule: held, maxItems: 10, overflow: 'drop-oldest' });
    await second.add('b1');
    assert.equal(second.outbox.state().waiting, 201);
    await second.add('b2');
    await second.add('b3');
    assert.equal(second.outbox.state().waiting, 10);
    await second.outbox.close();
  });

  it('makes room by bytes too, for several if it must', async () => {
    const all = setUp({ maxBytes: 1_000, overflow: 'drop-oldest', rule: held });
    for (const name of ['a1', 'b1', 'b2']) await all.add(name, 'a', {}, 300);
    await all.add('c1', 'a', {}, 800);
    assert.deepEqual(await names(all), ['c1']);
    await all.outbox.close();
  });
});

describe('outbox: secrets', () => {
  it('writes none: a lane is hashed, what the caller names is replaced', async () => {
    const secrets = ['token/of "device"', 'project-key'];
    const { files, outbox, sending } = setUp({ secrets: () => secrets });
    const meta = {
      name: 'x',
      note: { 'project-key': 1, path: '/device/v1/token/of "device"/photo', list: ['a project-key b'] },
    };
    await outbox.add('token/of "device"', { meta, body: picture('x') }, { pictureId: 'token/of "device"' });
    await until(() => sending.starts.length === 1);
    const all = files.contents();
    for (const secret of secrets) {
      assert.ok(!all.includes(secret));
      assert.ok(!all.includes(JSON.stringify(secret).slice(1, -1)));
    }
    assert.match(all, /a \*\*\* b/);
    await outbox.close();
  });
});

describe('outbox: a disk in trouble', () => {
  for (const [errno, code] of [
    ['ENOSPC', 'QUEUE_FULL'],
    ['EDQUOT', 'QUEUE_FULL'],
    ['EROFS', 'UNREACHABLE'],
    ['EACCES', 'UNREACHABLE'],
    ['EIO', 'UNREACHABLE'],
  ] as const) {
    it(`${errno} while accepting: ${code}, nothing is left behind, what was accepted is delivered, then it goes on`, async () => {
      for (const operation of ['write', 'rename', 'flushFolder'] as const) {
        const { files, outbox, sending, delivered, add } = setUp();
        await add('a1');
        files.fail(errno, [operation], '/w');
        const error = await add('a2').then(
          () => assert.fail('accepted'),
          (thrown: SnapflowError) => thrown,
        );
        assert.equal(error.code, code, operation);
        assert.equal(error.retryable, true);
        assert.match(error.message, new RegExp(`/outbox.*${errno}`));
        files.fail();
        assert.equal(files.names('/outbox/waiting').length, 1, operation);
        assert.deepEqual(files.names('/outbox/writing'), []);
        sending.last.succeed();
        await until(() => delivered.length === 1);
        await add('a3');
        await until(() => sending.last.item === 'a3');
        await outbox.close();
      }
    });
  }

  it('does not send again what it could not remove, and removes it when the disk lets it', async () => {
    const { clock, files, outbox, sending, delivered, add } = setUp({ rule: ok });
    await outbox.open();
    files.fail('EROFS', ['remove', 'write']);
    files.before = ((before) => (operation, path) => {
      if (operation === 'remove') before(operation, path);
    })(files.before);
    await add('a1');
    await add('a2');
    await until(() => delivered.length === 2);
    assert.equal(outbox.state().unsettled, 2);
    assert.equal(outbox.state().problem?.code, 'UNREACHABLE');
    assert.equal(files.names('/outbox/waiting').length, 2);
    await clock.advance(10_000);
    assert.equal(sending.starts.length, 2);
    files.fail();
    await clock.advance(2_000);
    assert.equal(outbox.state().unsettled, 0);
    assert.equal(outbox.state().problem, undefined);
    assert.equal(files.names('/outbox/waiting').length, 0);
    await outbox.close();
  });

  it('makes a dead letter later when it cannot now, and the lane goes on', async () => {
    const { clock, files, outbox, delivered, add } = setUp({
      rule: (name) => (name === 'a1' ? failure('BAD_INPUT') : 'stored'),
    });
    await outbox.open();
    files.fail('ENOSPC', ['write'], '/dead/');
    await add('a1');
    await add('a2');
    await until(() => delivered.length === 1);
    files.fail('EIO', ['rename', 'remove'], '/dead/');
    await clock.advance(2_000);
    assert.equal(outbox.state().dead.items, 0);
    assert.equal(outbox.state().problem?.code, 'UNREACHABLE');
    files.fail();
    await clock.advance(2_000);
    const [dead] = await outbox.list();
    assert.equal(dead?.reason?.code, 'BAD_INPUT');
    await outbox.close();
  });

  it('waits for a folder that vanished with pictures in it, and goes on when it is back', async () => {
    const { clock, files, outbox, delivered, dropped, failed, add, sending } = setUp({
      paceMs: 10_000,
      maxAttempts: 2,
      rule: ok,
    });
    for (const name of ['a1', 'a2', 'b1', 'b2']) await add(name);
    await until(() => delivered.length === 2);
    const mount = files.unmount('/outbox');
    await clock.advance(600_000);
    await assert.rejects(add('c1'), { code: 'UNREACHABLE', message: /\/outbox is not there/ });
    assert.equal(outbox.state().problem?.code, 'UNREACHABLE');
    assert.equal(outbox.state().waiting, 2);
    assert.equal(sending.starts.length, 2, 'nothing to send, and no attempt is counted');
    mount();
    await clock.advance(120_000);
    assert.deepEqual(delivered.map(({ meta }) => meta.name).sort(), ['a1', 'a2', 'b1', 'b2']);
    assert.equal(outbox.state().problem, undefined);
    assert.deepEqual([dropped, failed], [[], []]);
    await add('c1');
    await outbox.close();
  });

  it('sends a picture whose folder was away just as it was read', async () => {
    const { clock, files, outbox, delivered, dropped, add } = setUp({ rule: ok });
    blink(files, 'read');
    await add('a1');
    await clock.advance(60_000);
    assert.deepEqual([delivered.length, dropped], [1, []]);
    await outbox.close();
  });

  it('leaves no picture behind whose folder was away just as it was delivered', async () => {
    const { clock, files, outbox, delivered, add } = setUp({ rule: ok });
    blink(files, 'remove');
    await add('a1');
    await until(() => delivered.length === 1);
    await clock.advance(10_000);
    assert.deepEqual([files.names('/outbox/waiting'), outbox.state().unsettled], [[], 0]);
    await outbox.close();
  });

  it('keeps a dead letter that is to be sent again while the folder is away', async () => {
    const { files, outbox, delivered, failed, add } = setUp({
      rule: () => (failed.length === 0 ? failure('BAD_INPUT') : 'stored'),
    });
    const { id } = await add('a1');
    await until(() => failed.length === 1);
    const mount = files.unmount('/outbox');
    await assert.rejects(outbox.resend(id), { code: 'UNREACHABLE' });
    mount();
    assert.equal(outbox.state().dead.items, 1);
    assert.equal(await outbox.resend(id), 1);
    await until(() => delivered.length === 1);
    await outbox.close();
  });

  it('makes a folder again that vanished empty', async () => {
    const { clock, files, outbox, delivered, add } = setUp({ rule: ok });
    await add('a1');
    await until(() => delivered.length === 1);
    files.unmount('/outbox');
    await assert.rejects(add('a2'), { code: 'UNREACHABLE' });
    await clock.advance(4_000);
    await add('a3');
    await until(() => delivered.length === 2);
    await outbox.close();
  });

  it('cannot be opened: says why, refuses, and opens by itself when it can', async () => {
    const { clock, files, outbox, delivered, add } = setUp({ rule: ok });
    files.fail('EACCES', ['makeFolder']);
    await assert.rejects(outbox.open(), { code: 'UNREACHABLE', message: /EACCES/ });
    await assert.rejects(add('a1'), { code: 'UNREACHABLE' });
    assert.equal(outbox.state().open, false);
    assert.equal(outbox.state().problem?.code, 'UNREACHABLE');
    assert.equal(clock.timers, 1, 'tried again by one timer');
    files.fail();
    await clock.advance(2_000);
    assert.equal(outbox.state().open, true);
    await add('a1');
    await until(() => delivered.length === 1);
    await outbox.close();
    assert.equal(clock.timers, 0);
  });

  it('puts torn and foreign files aside under their names; they stop nothing', async () => {
    const first = setUp({ rule: () => undefined });
    for (const name of ['a1', 'a2', 'a3']) await first.add(name);
    await first.outbox.close();
    const { files } = first;
    const [name = ''] = files.names('/outbox/waiting');
    const whole = await files.read(`/outbox/waiting/${name}`);
    files.plant(`/outbox/waiting/${name}`, whole.subarray(0, whole.length - 30));
    files.plant('/outbox/waiting/holiday.jpg', picture('holiday'));
    files.plant('/outbox/aside/holiday.jpg', Buffer.from('an older one'));
    files.plant('/outbox/writing/half', Buffer.from('never accepted'));
    files.plant('/outbox/dead/nobody.jpg.json', Buffer.from('{}'));
    files.plant('/outbox/dead/notes.txt', Buffer.from('of a person'));

    const second = setUp({ files, rule: ok });
    await second.outbox.open();
    await until(() => second.delivered.length === 2);
    assert.deepEqual(
      second.delivered.map(({ meta }) => meta.name),
      ['a2', 'a3'],
    );
    assert.deepEqual(second.setAside, ['holiday.jpg', name]);
    assert.deepEqual(
      second.dropped.map(({ kind, entry }) => [kind, entry.id]),
      [['lost', 1]],
    );
    assert.deepEqual(files.names('/outbox/aside'), [name, 'holiday.jpg', 'holiday.jpg.1']);
    assert.deepEqual(files.names('/outbox/writing'), []);
    assert.deepEqual(files.names('/outbox/dead'), ['notes.txt']);
    assert.equal(second.outbox.state().counters.setAside, 2);
    await second.outbox.close();
  });

  it('a file that the disk cannot read is tried again, then put aside', async () => {
    const { clock, files, outbox, delivered, setAside, add } = setUp({ rule: ok, paceMs: 10 });
    await outbox.open();
    files.fail('EIO', ['read'], '/waiting/000000000001-');
    await add('a1');
    await add('a2');
    await clock.advance(1_500);
    assert.equal(setAside.length, 0);
    await clock.advance(10_000);
    assert.equal(setAside.length, 1);
    assert.deepEqual(
      delivered.map(({ meta }) => meta.name),
      ['a2'],
    );
    await outbox.close();
  });

  it('a file that somebody removed is dropped from the list and stops nothing', async () => {
    const { clock, files, outbox, delivered, dropped, add } = setUp({ rule: ok, paceMs: 1_000 });
    for (const name of ['a1', 'a2', 'a3']) await add(name);
    const gone = files.names('/outbox/waiting').find((name) => name.startsWith('000000000002')) ?? '';
    await files.remove(`/outbox/waiting/${gone}`);
    await clock.advance(10_000);
    assert.deepEqual(
      delivered.map(({ meta }) => meta.name),
      ['a1', 'a3'],
    );
    assert.deepEqual(
      dropped.map(({ kind, entry }) => [kind, entry.id]),
      [['lost', 2]],
    );
    await outbox.close();
  });
});

describe('outbox: close', () => {
  it('leaves what waits on the disk, what is being sent too, and accepts no more', async () => {
    const { clock, files, outbox, sending, add } = setUp();
    for (const name of ['a1', 'a2']) await add(name);
    await until(() => sending.starts.length === 1);
    await outbox.close();
    assert.equal(sending.last.signal.aborted, true);
    assert.equal(files.names('/outbox/waiting').length, 2);
    await assert.rejects(add('a3'), { code: 'CLOSED' });
    await assert.rejects(outbox.open(), { code: 'CLOSED' });
    assert.equal(clock.timers, 0);
    await outbox.close();
  });

  it('what was being accepted is accepted, and there at the next start', async () => {
    const { files, outbox, add } = setUp();
    await outbox.open();
    const adding = add('a1');
    await turn();
    await outbox.close();
    await adding;
    assert.equal(files.names('/outbox/waiting').length, 1);
  });

  it('hears nothing of a send that ends after the grace: the picture is sent again after the next start', async () => {
    let end = (_result: string): void => undefined;
    const { clock, files, outbox, delivered, add } = setUp({
      send: () => new Promise((resolve) => (end = resolve)),
    });
    await add('a1');
    await until(() => outbox.state().sending === 1);
    const closed = outbox.close();
    await clock.advance(1_000);
    await closed;
    end('late');
    await turn();
    assert.equal(delivered.length, 0);
    assert.equal(files.names('/outbox/waiting').length, 1);
  });

  it('gives a running send its time, so that it is not sent twice', async () => {
    const { clock, files, outbox, sending, delivered, add } = setUp({ drainMs: 3_000 });
    await add('a1');
    await until(() => sending.starts.length === 1);
    const closed = outbox.close();
    await clock.advance(2_000);
    sending.last.succeed();
    await closed;
    assert.equal(delivered.length, 1);
    assert.equal(files.names('/outbox/waiting').length, 0);
  });
});

/** The next time that this is done to a picture that waits, the folder is away just then. */
function blink(files: MemoryFiles, operation: 'read' | 'remove'): void {
  const real = files[operation] as (path: string) => Promise<never>;
  files[operation] = async (path) => {
    if (!path.includes('/waiting/')) return real(path);
    files[operation] = real;
    const mount = files.unmount('/outbox');
    try {
      return await real(path);
    } finally {
      mount();
    }
  };
}
