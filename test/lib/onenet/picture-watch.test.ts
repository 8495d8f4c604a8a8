import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { SnapflowError } from '../../../lib/errors';
import {
  fileWatchStore,
  PictureWatch,
  type Account,
  type PictureWatchOptions,
  type WatchState,
} from '../../../lib/onenet';
import type { Picture } from '../../../lib/picture';
import { SimulatedOnenet } from '../../../lib/simulators';
import { FakeClock, turn } from '../../support/fake-clock';

import { accountAt, JPEG } from './support';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('OneNET watch for new pictures (ON-5.2, ON-5.5)', () => {
  let clock: FakeClock;
  let cloud: SimulatedOnenet;
  let account: Account;
  let folder: string;
  let given: Picture[];
  let errors: SnapflowError[];

  beforeEach(async () => {
    clock = new FakeClock();
    cloud = new SimulatedOnenet({ now: () => clock.now() });
    account = accountAt((await cloud.start()).url, { apiKey: 'simulated-key', clock });
    folder = await mkdtemp(join(tmpdir(), 'snapflow-watch-'));
    given = [];
    errors = [];
  });
  afterEach(async () => {
    await account.close();
    await cloud.stop();
    await rm(folder, { recursive: true });
  });

  const names = () => given.map(({ info }) => info.name);

  /** A picture at the platform, taken so many milliseconds ago. */
  function store(name: string, agoMs = 0, data = JPEG): void {
    const takenAt = clock.now() - agoMs;
    const picture = { name, format: 'jpg' as const, data, description: '', takenAt, visibleAt: clock.now() };
    cloud.world.device('500000').channel('1').store(picture, 1_000_000);
  }

  function watch(options: Partial<PictureWatchOptions> = {}): PictureWatch {
    return new PictureWatch(account, {
      deviceId: '500000',
      channelId: '1',
      store: fileWatchStore(join(folder, 'watch.json')),
      onPicture: (picture) => void given.push(picture),
      onError: (error) => void errors.push(error),
      ...options,
    });
  }

  it('gives out each new picture once, oldest first, and none from before it began', async () => {
    store('old', HOUR);
    const watching = watch();
    assert.equal(await watching.poll(), 0);
    clock.jump(MINUTE);
    store('b');
    store('a', 10_000);
    assert.equal(await watching.poll(), 2);
    assert.equal(await watching.poll(), 0);
    clock.jump(MINUTE);
    store('c');
    await watching.poll();
    assert.deepEqual(names(), ['a', 'b', 'c']);
    assert.deepEqual(given[0]?.info.source, {
      system: 'onenet',
      device: '500000',
      channel: '1',
      kind: 'picture',
    });
    assert.deepEqual(errors, []);
  });

  it('gives out what was stored since a time, when told to', async () => {
    for (let index = 0; index < 120; index++)
      store(`p${String(index).padStart(3, '0')}`, (120 - index) * MINUTE);
    store('too old', 3 * HOUR);
    const watching = watch({ startAt: new Date(clock.now() - 121 * MINUTE) });
    assert.equal(await watching.poll(), 120);
    assert.deepEqual(names().slice(0, 2), ['p000', 'p001']);
  });

  it('goes on after a restart where it was, with what came meanwhile', async () => {
    await watch().poll();
    clock.jump(MINUTE);
    store('a');
    await watch().poll();
    clock.jump(12 * HOUR);
    store('while away', 6 * HOUR);
    store('now');
    assert.equal(await watch().poll(), 2);
    assert.deepEqual(names(), ['a', 'while away', 'now']);
    assert.equal(await watch().poll(), 0);
  });

  it('gives out late pictures: soon when a little late, with the next look back when up to a day late', async () => {
    const watching = watch();
    await watching.poll();
    clock.jump(20 * HOUR);
    await watching.poll();
    clock.jump(MINUTE);
    store('9 minutes late', 9 * MINUTE);
    store('19 hours late', 19 * HOUR);
    await watching.poll();
    assert.deepEqual(names(), ['9 minutes late']);
    clock.jump(HOUR);
    await watching.poll();
    assert.deepEqual(names(), ['9 minutes late', '19 hours late']);
    clock.jump(2 * HOUR);
    await watching.poll();
    assert.equal(given.length, 2);
  });

  it('misses nothing while the platform is away, however long', async () => {
    const watching = watch();
    await watching.poll();
    await cloud.setFault('off');
    for (let hour = 0; hour < 50; hour++) {
      clock.jump(HOUR);
      store(`p${String(hour).padStart(2, '0')}`);
      await assert.rejects(watching.poll(), { code: 'UNREACHABLE' });
    }
    await cloud.setFault();
    assert.equal(await watching.poll(), 50);
    clock.jump(HOUR);
    assert.equal(await watching.poll(), 0);
  });

  it('gives a picture again that its receiver could not take, and no other twice', async () => {
    let isFull = true;
    const watching = watch({
      onPicture: (picture) => {
        if (picture.info.name === 'b' && isFull) throw new Error('full');
        given.push(picture);
      },
    });
    await watching.poll();
    clock.jump(MINUTE);
    store('a', 2000);
    store('b', 1000);
    store('c');
    await assert.rejects(watching.poll(), /full/);
    assert.deepEqual(names(), ['a']);
    isFull = false;
    clock.jump(HOUR);
    await watching.poll();
    assert.deepEqual(names(), ['a', 'b', 'c']);
  });

  it('gives a picture again, with the same id, when the process ended before it was saved', async () => {
    const states: WatchState[] = [];
    const crashing = {
      load: () => Promise.resolve(states.at(-1)),
      save: (state: WatchState) => {
        if (given.length === 1 && states.length > 0) return Promise.reject(new Error('no space left'));
        states.push(structuredClone(state));
        return Promise.resolve();
      },
    };
    const watching = watch({ store: crashing });
    await watching.poll();
    clock.jump(MINUTE);
    store('a');
    await assert.rejects(watching.poll(), /no space left/);
    given.push(...given);
    await watch({ store: crashing }).poll();
    assert.equal(new Set(given.map(({ info }) => info.id)).size, 1);
  });

  it('goes on past a picture that is none, tries it again with growing pauses, and gives it up after a day', async () => {
    const watching = watch();
    await watching.poll();
    clock.jump(MINUTE);
    store('broken', 1000, Buffer.from('this is a text, no picture'));
    store('good');
    let tries = 0;
    cloud.on('request', ({ path }) => {
      if (path.endsWith('.jpg')) tries++;
    });
    for (let minute = 0; minute < 26 * 60; minute++) {
      clock.jump(MINUTE);
      // A restart in between forgets nothing.
      await (minute === 100 ? watch() : watching).poll();
    }
    assert.deepEqual(names(), ['good']);
    assert.deepEqual(
      errors.map(({ code, details, retryable }) => [code, details, retryable]),
      [
        ['BAD_RESPONSE', { name: 'broken', isGivenUp: false }, true],
        ['BAD_RESPONSE', { name: 'broken', isGivenUp: true }, false],
      ],
    );
    assert.ok(tries > 25 && tries < 40, String(tries));
  });

  it('gives out a picture whose host failed for a while, though the round went on', async () => {
    const watching = watch();
    await watching.poll();
    clock.jump(MINUTE);
    store('a', 1000);
    store('b');
    // The list comes, the first picture does not.
    cloud.once('request', () => void cloud.setFault('error', { times: 1 }));
    assert.equal(await watching.poll(), 1);
    clock.jump(MINUTE);
    assert.equal(await watching.poll(), 1);
    assert.deepEqual(names(), ['b', 'a']);
    assert.deepEqual(errors.length, 1);
  });

  it('ends the round when the way to the pictures is cut, and holds none of them up afterwards', async () => {
    const watching = watch();
    await watching.poll();
    clock.jump(MINUTE);
    store('a', 1000);
    store('b');
    cloud.once('request', () => void cloud.setFault('reset'));
    await assert.rejects(watching.poll(), { code: 'UNREACHABLE' });
    assert.equal(cloud.counters['requests'], 3);
    await cloud.setFault();
    await watching.poll();
    clock.jump(MINUTE);
    await watching.poll();
    assert.deepEqual(names(), ['b', 'a']);
  });

  it('passes no picture over because the key is refused meanwhile', async () => {
    const watching = watch();
    await watching.poll();
    clock.jump(MINUTE);
    store('a');
    for (let round = 0; round < 30; round++) {
      cloud.once('request', () => cloud.nextRefusal(401, 'auth failed'));
      await assert.rejects(watching.poll(), { code: 'AUTH_REJECTED' });
      clock.jump(HOUR);
    }
    assert.equal(await watching.poll(), 1);
  });

  it('says so when there are more new pictures than one round may find', async () => {
    const watching = watch({ maxFound: 3, startAt: new Date(clock.now() - HOUR) });
    for (const name of ['a', 'b', 'c', 'd']) store(name, 1000);
    assert.equal(await watching.poll(), 3);
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['PARTLY_DONE'],
    );
  });

  it('stays small: it forgets what can no longer come, and never gives it again', async () => {
    const watching = watch({ maxSeen: 10, lateMs: 2 * HOUR });
    await watching.poll();
    for (let index = 0; index < 50; index++) {
      clock.jump(MINUTE);
      store(`p${index}`);
      await watching.poll();
    }
    const file = JSON.parse(await readFile(join(folder, 'watch.json'), 'utf8')) as WatchState;
    assert.equal(file.seen.length, 10);
    await watch({ maxSeen: 10, lateMs: 2 * HOUR }).poll();
    assert.equal(given.length, 50);
    clock.jump(5 * HOUR);
    await watching.poll();
    assert.equal(
      (JSON.parse(await readFile(join(folder, 'watch.json'), 'utf8')) as WatchState).seen.length,
      0,
    );
    assert.equal(given.length, 50);
  });

  it('keeps pictures of one second apart when it must forget', async () => {
    const watching = watch({ maxSeen: 3 });
    await watching.poll();
    clock.jump(MINUTE);
    for (const name of ['a', 'b', 'c', 'd', 'e']) store(name);
    await watching.poll();
    store('f');
    await watching.poll();
    await watch({ maxSeen: 3 }).poll();
    assert.deepEqual(names(), ['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('begins anew with the state of another channel, and says so when the state cannot be read', async () => {
    const path = join(folder, 'watch.json');
    await writeFile(
      path,
      JSON.stringify({ of: '500000/2', since: 0, polledAt: 0, sweptAt: 0, seen: [], owed: [] }),
    );
    store('old', HOUR);
    assert.equal(await watch().poll(), 0);
    await writeFile(path, '{"of":');
    assert.equal(await watch().poll(), 0);
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['BAD_INPUT'],
    );
    await writeFile(path, '{"of":"500000/1","since":"x","seen":[]}');
    assert.equal(await watch().poll(), 0);
  });

  it('runs round by round, reports a failed one, and ends with its signal', async () => {
    const ending = new AbortController();
    const arrived = new Promise<void>((resolve) => {
      const watching = watch({
        intervalMs: 30_000,
        onPicture: (picture) => {
          given.push(picture);
          resolve();
        },
      });
      void watching.run(ending.signal).finally(() => ended());
    });
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    await untilWaiting();
    await cloud.setFault('error', { times: 1 });
    await clock.advance(30_000);
    await untilWaiting();
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['PLATFORM_FAILED'],
    );
    store('a');
    await clock.advance(30_000);
    await arrived;
    assert.deepEqual(names(), ['a']);
    ending.abort();
    await end;
    assert.equal(clock.timers, 0);
  });

  async function untilWaiting(): Promise<void> {
    while (clock.timers === 0) await turn();
  }
});
