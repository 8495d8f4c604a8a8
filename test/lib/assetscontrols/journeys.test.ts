import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  listAssets,
  photograph,
  recordPictures,
  testAccount,
  type Account,
  type AccountOptions,
} from '../../../lib/assetscontrols';
import { SimulatedAssetsControls, type SimulatedAssetsControlsOptions } from '../../../lib/simulators';
import { JumpingClock } from '../../support/jumping-clock';
import { accountAt, collect } from './support';

const NUMBER = '700160818000';

describe('AssetsControls journeys through the simulated platform', () => {
  let clock: JumpingClock;
  let cloud: SimulatedAssetsControls;
  let account: Account;

  async function open(
    options: SimulatedAssetsControlsOptions = {},
    own: Partial<AccountOptions> = {},
  ): Promise<void> {
    cloud = new SimulatedAssetsControls({ now: () => clock.time, ...options });
    const { url } = await cloud.start();
    account = accountAt(url, { token: '', username: 'demo', password: 'simulated', clock, ...own });
  }

  beforeEach(() => {
    clock = new JumpingClock();
  });
  afterEach(async () => {
    await account.close();
    await cloud.stop();
  });

  it('AC-1 AC-2 X-AC-c a photograph by number, and its pictures from the record', async () => {
    await open();
    const taken = await photograph(account, {
      assetNumber: NUMBER,
      type: 'both',
      count: 2,
      durationSeconds: 5,
      intervalSeconds: 3,
    });
    assert.equal(taken.at, new Date(clock.time).toISOString());
    assert.equal(taken.file, `${NUMBER}_${Math.floor(clock.time / 1000)}`);
    const record = cloud.world.records[0]?.guid ?? assert.fail();
    const pictures = await collect(recordPictures(account, record));
    assert.equal(pictures.length, 2);
    const [first] = pictures;
    assert.equal(first?.info.name, `${taken.file}_01.jpg`);
    assert.deepEqual(first.info.source, { system: 'assetscontrols', device: NUMBER, kind: 'record' });
    assert.equal(first.info.takenAt, new Date(Math.floor(clock.time / 1000) * 1000).toISOString());
    assert.notEqual(first.info.id, pictures[1]?.info.id);
    assert.equal(cloud.counters['logins'], 1);
  });

  it('AC-2 a camera that still works is busy, and done after a while', async () => {
    await open();
    const long = { assetNumber: NUMBER, type: 'record' as const, durationSeconds: 20 };
    await photograph(account, long);
    await assert.rejects(photograph(account, long), { code: 'DEVICE_BUSY' });
    const told: number[] = [];
    const onBusy = (tries: number) => told.push(tries);
    const again = await photograph(account, long, { busyRetries: 3, busyPauseMs: 8_000, onBusy });
    assert.deepEqual([again.busyTries, clock.waits], [3, [8_000, 8_000, 8_000]]);
    assert.deepEqual(told, [1, 2, 3]);
  });

  it('X-AC-a a token that changes costs one more login', async () => {
    await open();
    await testAccount(account);
    const [user] = cloud.world.users;
    assert.ok(user);
    user.token = 'changed';
    assert.deepEqual(await testAccount(account), { assets: 1 });
    assert.equal(cloud.counters['logins'], 2);
    user.expired = true;
    await assert.rejects(testAccount(account), {
      code: 'AUTH_REJECTED',
      platform: { code: 106, message: 'account expired' },
    });
  });

  it('AC-1 assets that are offline, without camera, unknown', async () => {
    await open({
      assets: [
        { number: '1', online: false },
        { number: '2', hasCamera: false },
      ],
    });
    assert.deepEqual(
      (await listAssets(account)).map(({ number }) => number),
      ['1', '2'],
    );
    await assert.rejects(photograph(account, { assetNumber: '1', count: 1 }), { code: 'DEVICE_OFFLINE' });
    await assert.rejects(photograph(account, { assetNumber: '2', count: 1 }), { code: 'DEVICE_REFUSED' });
    await assert.rejects(photograph(account, { assetNumber: '3', count: 1 }), { code: 'NOT_FOUND' });
    await assert.rejects(photograph(account, { assetGuid: 'none', count: 1 }), { code: 'NOT_FOUND' });
  });

  const FAULTS: readonly (readonly [string, string])[] = [
    ['busy', 'DEVICE_BUSY'],
    ['offline', 'DEVICE_OFFLINE'],
    ['silent', 'TIMEOUT'],
    ['expired', 'AUTH_REJECTED'],
    ['html', 'BAD_RESPONSE'],
    ['broken-json', 'BAD_RESPONSE'],
    ['error', 'PLATFORM_FAILED'],
    ['empty', 'BAD_RESPONSE'],
    ['garbage', 'BAD_RESPONSE'],
    ['reset', 'UNREACHABLE'],
    ['off', 'UNREACHABLE'],
  ];
  for (const [fault, code] of FAULTS) {
    it(`AC-1 while the fault “${fault}” is on ends with ${code}, and the next one works`, async () => {
      await open();
      const { guid } = cloud.world.assets[0] ?? assert.fail();
      await testAccount(account);
      await cloud.setFault(fault);
      await assert.rejects(photograph(account, { assetGuid: guid, count: 1 }), {
        code,
        system: 'assetscontrols',
      });
      await cloud.setFault();
      await photograph(account, { assetGuid: guid, count: 1 });
    });
  }

  it('X-AC-c a record that is unknown, a file that is gone or is no picture', async () => {
    await open();
    await assert.rejects(collect(recordPictures(account, 'none')), { code: 'NOT_FOUND' });
    const file = (name: string, data: Buffer) => ({ name, type: 1, data });
    const odd = cloud.world.addRecord('x', [file('x.jpg', Buffer.from('this is a text, no picture'))]);
    await assert.rejects(collect(recordPictures(account, odd.guid)), { code: 'BAD_RESPONSE' });
    const gone = cloud.world.addRecord('y', [file('y.jpg', Buffer.alloc(0))]);
    const listed = cloud.world.records.find(({ guid }) => guid === gone.guid);
    cloud.once('request', () => listed?.files.pop());
    await assert.rejects(collect(recordPictures(account, gone.guid)), { code: 'NOT_FOUND' });
  });

  it('X-AC-c no credential goes to the host of the files', async () => {
    await open();
    await photograph(account, { assetNumber: NUMBER, count: 1 });
    const seen: string[] = [];
    cloud.on('request', ({ path, headers, body }) => {
      if (path.startsWith('/LockFiles')) seen.push(JSON.stringify(headers) + body.toString());
    });
    await collect(recordPictures(account, cloud.world.records[0]?.guid ?? ''));
    assert.equal(seen.length, 1);
    assert.ok(!seen[0]?.includes('simulated-token'));
  });
});
