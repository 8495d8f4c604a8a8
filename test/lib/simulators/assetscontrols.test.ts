import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readPictureHeader } from '../../../lib/picture';
import {
  SimulatedAssetsControls,
  simulators,
  type SimulatedAssetsControlsOptions,
} from '../../../lib/simulators';
import { send } from './plain-client';

const FTokenID = 'simulated-token';
const WISH = { FCameraID: 0, FType: 1, FCount: 1, FDuration: 0, FResolution: 2, FInterval: 2 };

describe('simulated AssetsControls', () => {
  let now: number;
  let cloud: SimulatedAssetsControls;
  let url: string;

  async function open(options: SimulatedAssetsControlsOptions = {}): Promise<void> {
    cloud = new SimulatedAssetsControls({ now: () => now, ...options });
    ({ url } = await cloud.start());
  }

  beforeEach(() => {
    now = Date.UTC(2026, 0, 2, 3, 4, 5, 600);
  });
  afterEach(() => cloud.stop());

  const post = async (endpoint: string, body: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return (await send(`${url}/OpenApi/${endpoint}`, { method: 'POST', body: text })).json();
  };
  const photograph = (wish: object = WISH, more: object = {}) => {
    const FAssetGUID = cloud.world.assets[0]?.guid;
    const FT_GpActiveNewPhotograph = wish;
    const FAction = 'ActiveNewPhotograph';
    return post('Instruction', { FAction, FAssetGUID, FT_GpActiveNewPhotograph, FTokenID, ...more });
  };

  it('answers an instruction as the document shows', async () => {
    await open({ assets: [{ number: '804250900200', guid: 'g-1' }] });
    assert.deepEqual(await photograph(), {
      Result: 200,
      Message: 'ins send ok',
      FObject: {
        terminalStrId: 'g-1',
        terminalNum: '804250900200',
        dateTime: '2026-01-02T03:04:05.60012Z',
        dateTimestamp: now,
        response: `(804250900200,1,001,CAMERA,9,4,0,804250900200_${Math.floor(now / 1000)})`,
      },
    });
  });

  it('is busy while it records', async () => {
    await open();
    await photograph({ ...WISH, FType: 3, FCount: 2, FDuration: 10 });
    const status = async () =>
      ((await photograph())['FObject'] as { response: string }).response.split(',')[6];
    assert.equal(await status(), '1');
    now += 12_000;
    assert.equal(await status(), '0');
  });

  const WRONG: readonly (readonly [string, object])[] = [
    ['no count', { ...WISH, FCount: 0 }],
    ['a count where it does not matter', { ...WISH, FType: 2, FDuration: 5 }],
    ['a duration where it does not matter', { ...WISH, FDuration: 5 }],
    ['no duration', { ...WISH, FType: 2, FCount: 0 }],
    ['an unknown type', { ...WISH, FType: 4 }],
    ['an unknown resolution', { ...WISH, FResolution: 4 }],
    ['an unknown camera', { ...WISH, FCameraID: 2 }],
    ['text for a number', { ...WISH, FCount: '1' }],
  ];
  for (const [what, wish] of WRONG) {
    it(`refuses ${what} with 102`, async () => {
      await open();
      assert.deepEqual(await photograph(wish), { Result: 102, Message: 'Action is error', FObject: [] });
    });
  }

  it('has each result of the document', async () => {
    await open({
      assets: [
        { number: '1', guid: 'ok' },
        { number: '2', guid: 'off', online: false },
        { number: '3', guid: 'blind', hasCamera: false },
      ],
    });
    const result = async (more: object) => (await photograph(WISH, more))['Result'];
    assert.equal(await result({ FTokenID: 'x' }), 104);
    assert.equal(await result({ FAction: 'Other' }), 102);
    assert.equal(await result({ FAssetGUID: 'none' }), 106);
    assert.equal(await result({ FAssetGUID: 'off' }), 111);
    assert.equal(await result({ FAssetGUID: 'blind' }), 131);
    cloud.nextResult(108);
    assert.equal(await result({ FAssetGUID: 'ok' }), 108);
    assert.equal(await result({ FAssetGUID: 'ok' }), 200);
    for (const [fault, wanted] of [
      ['silent', 138],
      ['offline', 111],
      ['expired', 104],
    ] as const) {
      await cloud.setFault(fault);
      assert.equal(await result({ FAssetGUID: 'ok' }), wanted);
    }
    await cloud.setFault();
    assert.equal((await post('Instruction', 'no JSON'))['Result'], 102);
    assert.equal((await post('Nowhere', {}))['Result'], 102);
  });

  it('logs in by MD5, and says wrong and expired with an object of null', async () => {
    await open({
      users: [
        { name: 'a', password: 'p', token: 't' },
        { name: 'b', password: 'p', expired: true },
      ],
    });
    const FPassword = createHash('md5').update('p').digest('hex');
    const login = (FUserName: string, hash = FPassword) => post('login', { FUserName, FPassword: hash });
    const [session] = (await login('a'))['FObject'] as { FTokenID: string }[];
    assert.equal(session?.FTokenID, 't');
    assert.deepEqual(await login('a', 'wrong'), {
      Result: 103,
      Message: 'username or password error',
      FObject: null,
    });
    assert.deepEqual((await login('b'))['Result'], 106);
    assert.deepEqual((await login('nobody'))['Result'], 103);
  });

  it('lists assets, and the files of a record with addresses that work', async () => {
    await open();
    const found = await post('Admin', {
      FAction: 'QueryAdminAssetByAssetId',
      FAssetID: '700160818000',
      FTokenID,
    });
    assert.equal((found['FObject'] as { FGUID: string }[])[0]?.FGUID, cloud.world.assets[0]?.guid);
    assert.equal((await post('Admin', { FAction: 'Other', FTokenID }))['Result'], 102);
    assert.equal(
      (await post('Admin', { FAction: 'QueryAdminAssetByAssetId', FAssetID: '0', FTokenID }))['Result'],
      106,
    );

    await photograph({ ...WISH, FType: 3, FCount: 2, FDuration: 4 });
    const FGUID = cloud.world.records[0]?.guid;
    const files = (await post('Report', { FAction: 'QueryMessageFiles', FGUID, FTokenID }))['FObject'] as {
      FFileName: string;
      FFileType: number;
      FReqURL: string;
    }[];
    // As in the real cloud, the video is labelled as audio.
    assert.deepEqual(
      files.map(({ FFileType }) => FFileType),
      [1, 1, 2],
    );
    assert.ok(files[0]?.FReqURL.includes('/LockFiles//'));
    const { body } = await send(files[0]?.FReqURL ?? '');
    assert.equal(readPictureHeader(body).format, 'jpeg');
    assert.notDeepEqual((await send(files[1]?.FReqURL ?? '')).body, body);
    assert.equal((await send(`${url}/LockFiles//x/none.jpg`)).status, 404);
  });

  it('has the faults that it names', async () => {
    await open();
    assert.deepEqual(
      simulators.assetscontrols.faults.map(({ name }) => name),
      cloud.faults.map(({ name }) => name),
    );
    await cloud.setFault('html');
    const reply = await send(`${url}/OpenApi/login`, { method: 'POST', body: '{}' });
    assert.match(reply.body.toString(), /^<html>/);
    await cloud.setFault('broken-json');
    const broken = await send(`${url}/OpenApi/login`, { method: 'POST', body: '{}' });
    assert.match(broken.body.toString(), /"ins se$/);
    await cloud.setFault('error');
    assert.equal((await send(`${url}/OpenApi/login`, { method: 'POST', body: '{}' })).status, 503);
  });
});
