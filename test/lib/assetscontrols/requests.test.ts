import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  findAssetGuid,
  listAssets,
  listRecordFiles,
  photograph,
  recordPictures,
  testAccount,
  type PhotographInput,
} from '../../../lib/assetscontrols';
import { JumpingClock } from '../../support/jumping-clock';
import { RecordingServer, type Recorded } from '../../support/recording-server';
import { accountAt, collect } from './support';

const GUID = 'a64b2e58-9305-4a01-9c51-092205123945';
/** The document's sample. */
const DONE = {
  Result: 200,
  Message: 'ins send ok',
  FObject: {
    terminalStrId: 'c5b53001-8755-4269-a9c8-b71ca04c6a0d',
    terminalNum: '804250900200',
    dateTime: '2025-12-20T06:58:41.04655Z',
    dateTimestamp: 1766213921046,
    response: '(804250900200,1,001,CAMERA,9,4,0,700160818000_1769373855)',
  },
};
const EXPIRED = { Result: 104, Message: 'token error', FObject: [] };
const login = (token: string) => ({
  Result: 200,
  Message: 'login success',
  FObject: [{ FUserName: 'demo', FTokenID: token, FExpireTime: '2099-12-31T00:00:00' }],
});

function bodyOf(request: Recorded | undefined): Record<string, unknown> {
  return JSON.parse(request?.body.toString('utf8') ?? '') as Record<string, unknown>;
}

describe('AssetsControls: request on the wire and decoded answer', () => {
  let server: RecordingServer;
  before(async () => {
    server = await RecordingServer.open();
  });
  after(() => server.close());

  it('AC-1 sends what the document shows, byte for byte, and nothing beside', async () => {
    server.will({ body: DONE });
    const account = accountAt(server.url);
    const input = { assetGuid: GUID, count: 3, intervalSeconds: 2 };
    const given = await photograph(account, input);
    await account.close();
    const [request] = server.requests;
    assert.equal(`${request?.method} ${request?.target}`, 'POST /OpenApi/Instruction');
    assert.equal(
      request?.body.toString('utf8'),
      '{"FAction":"ActiveNewPhotograph","FAssetGUID":"a64b2e58-9305-4a01-9c51-092205123945",' +
        '"FT_GpActiveNewPhotograph":{"FCameraID":0,"FType":1,"FCount":3,"FDuration":0,"FResolution":2,"FInterval":2},' +
        '"FTokenID":"test-token","FTimeDifferent":28800,"FLanguage":"1"}',
    );
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(request.headers['content-length'], String(request.body.length));
    for (const name of ['authorization', 'origin', 'referer']) assert.equal(request.headers[name], undefined);
    assert.deepEqual(given, {
      assetGuid: GUID,
      terminalId: 'c5b53001-8755-4269-a9c8-b71ca04c6a0d',
      terminalNumber: '804250900200',
      at: '2025-12-20T06:58:41.046Z',
      file: '700160818000_1769373855',
      busyTries: 0,
      response: '(804250900200,1,001,CAMERA,9,4,0,700160818000_1769373855)',
    });
  });

  const WISHES: readonly (readonly [string, Omit<PhotographInput, 'assetGuid'>, object])[] = [
    [
      'one picture',
      { count: 1, intervalSeconds: 9, durationSeconds: 9 },
      { FCameraID: 0, FType: 1, FCount: 1, FDuration: 0, FResolution: 2, FInterval: 0 },
    ],
    [
      'a video of the other camera',
      { type: 'record', durationSeconds: 10, count: 9, resolution: '1080p', camera: 'top' },
      { FCameraID: 1, FType: 2, FCount: 0, FDuration: 10, FResolution: 3, FInterval: 0 },
    ],
    [
      'both, with numbers as text',
      { type: 'both', count: '2', durationSeconds: '15', intervalSeconds: '5', resolution: '360p' },
      { FCameraID: 0, FType: 3, FCount: 2, FDuration: 15, FResolution: 0, FInterval: 5 },
    ],
    [
      '480p',
      { count: 1, resolution: '480p' },
      { FCameraID: 0, FType: 1, FCount: 1, FDuration: 0, FResolution: 1, FInterval: 0 },
    ],
  ];
  for (const [what, wish, fields] of WISHES) {
    it(`AC-1 ${what}: sends 0 for numbers that do not matter`, async () => {
      server.will({ body: DONE });
      const account = accountAt(server.url);
      await photograph(account, { assetGuid: GUID, ...wish });
      await account.close();
      assert.deepEqual(bodyOf(server.requests[0])['FT_GpActiveNewPhotograph'], fields);
    });
  }

  const BAD: readonly (readonly [string, PhotographInput])[] = [
    ['no asset', { count: 1 }],
    ['GUID and number', { assetGuid: GUID, assetNumber: '1', count: 1 }],
    ['no count', { assetGuid: GUID }],
    ['a count of 0', { assetGuid: GUID, count: 0 }],
    ['a count that is no number', { assetGuid: GUID, count: ' ' }],
    ['no interval between pictures', { assetGuid: GUID, count: 2 }],
    ['a video without a length', { assetGuid: GUID, type: 'record' }],
    ['both without a count', { assetGuid: GUID, type: 'both', durationSeconds: 3 }],
    ['half a second', { assetGuid: GUID, type: 'record', durationSeconds: 0.5 }],
    ['an unknown type', { assetGuid: GUID, count: 1, type: 'toString' as 'capture' }],
    ['an unknown resolution', { assetGuid: GUID, count: 1, resolution: '4K' as '720p' }],
    ['an unknown camera', { assetGuid: GUID, count: 1, camera: 'side' as 'main' }],
  ];
  for (const [what, input] of BAD) {
    it(`AC-1 refuses ${what} before anything is sent`, async () => {
      server.will({ body: DONE });
      const account = accountAt(server.url);
      await assert.rejects(photograph(account, input), { code: 'BAD_INPUT', system: 'assetscontrols' });
      await account.close();
      assert.equal(server.requests.length, 0);
    });
  }

  it('sends language and time difference of the account, to an address with or without /OpenApi', async () => {
    server.will({ body: DONE });
    for (const suffix of ['', '/', '/OpenApi', '/openapi/']) {
      const account = accountAt(server.url + suffix, { language: '2', timeDifferenceSeconds: -3600 });
      await photograph(account, { assetGuid: GUID, count: 1 });
      await account.close();
    }
    for (const request of server.requests) {
      assert.equal(request.target, '/OpenApi/Instruction');
      const { FLanguage, FTimeDifferent } = bodyOf(request);
      assert.deepEqual([FLanguage, FTimeDifferent], ['2', -3600]);
    }
  });

  it('refuses what cannot be its address', () => {
    for (const bad of ['ftp://host', 'https://', 'https://user:pw@host', 'https://host/?a=1']) {
      assert.throws(() => accountAt(bad), { code: 'BAD_INPUT', system: 'assetscontrols' }, bad);
    }
  });

  it('X-AC-a logs in with the MD5 of the password, once for all that wait, and keeps the token', async () => {
    server.will({ body: login('fresh') }, { body: DONE });
    const account = accountAt(server.url, { token: '', username: 'demo', password: 'pässword' });
    const wishes = [1, 2, 3].map((count) => ({ assetGuid: GUID, count, intervalSeconds: 1 }));
    await Promise.all(wishes.map((wish) => photograph(account, wish)));
    await photograph(account, { assetGuid: GUID, count: 1 });
    await account.close();
    const logins = server.requests.filter(({ target }) => target === '/OpenApi/login');
    assert.deepEqual(logins.map(bodyOf), [
      { FUserName: 'demo', FPassword: createHash('md5').update('pässword').digest('hex') },
    ]);
    assert.equal(server.requests.length, 5);
    for (const request of server.requests.slice(1)) assert.equal(bodyOf(request)['FTokenID'], 'fresh');
  });

  it('X-AC-a logs in again once when the token has expired, once for all, and sends once more', async () => {
    let token = 'new';
    const answer = (request: Recorded) => {
      if (request.target.endsWith('login')) return { body: login(token) };
      return { body: bodyOf(request)['FTokenID'] === token ? DONE : EXPIRED };
    };
    server.will(answer);
    const account = accountAt(server.url, { token: 'old', username: 'demo', password: 'pw' });
    const wish = { assetGuid: GUID, count: 1 };
    await Promise.all([photograph(account, wish), photograph(account, wish)]);
    const logins = () => server.requests.filter(({ target }) => target === '/OpenApi/login').length;
    assert.equal(logins(), 1);
    token = 'newer';
    await photograph(account, wish);
    await account.close();
    assert.equal(logins(), 2);
  });

  it('X-AC-a gives up when the new token is refused, too, and without user and password at once', async () => {
    server.will((request) => ({ body: request.target.endsWith('login') ? login('x') : EXPIRED }));
    const withLogin = accountAt(server.url, { username: 'demo', password: 'pw' });
    await assert.rejects(photograph(withLogin, { assetGuid: GUID, count: 1 }), { code: 'AUTH_REJECTED' });
    assert.equal(server.requests.length, 3);
    server.will({ body: EXPIRED });
    const tokenOnly = accountAt(server.url);
    await assert.rejects(photograph(tokenOnly, { assetGuid: GUID, count: 1 }), { code: 'AUTH_REJECTED' });
    assert.equal(server.requests.length, 1);
    await Promise.all([withLogin.close(), tokenOnly.close()]);
  });

  it('X-AC-a a failed login fails all that wait, and the next call tries anew', async () => {
    server.will(
      { body: { Result: 103, Message: 'wrong', FObject: null } },
      { body: login('t') },
      { body: DONE },
    );
    const account = accountAt(server.url, { token: '', username: 'demo', password: 'pw' });
    const wish = { assetGuid: GUID, count: 1 };
    const both = await Promise.allSettled([photograph(account, wish), photograph(account, wish)]);
    for (const one of both) assert.equal(one.status, 'rejected');
    assert.equal(server.requests.length, 1);
    assert.equal((await photograph(account, wish)).file, '700160818000_1769373855');
    await account.close();
  });

  it('X-AC-a who stops waiting for the login does not stop it for the others', async () => {
    const aborting = new AbortController();
    server.will(
      () => {
        aborting.abort();
        return { body: login('t') };
      },
      { body: DONE },
    );
    const account = accountAt(server.url, { token: '', username: 'demo', password: 'pw' });
    const wish = { assetGuid: GUID, count: 1 };
    const impatient = photograph(account, wish, { signal: aborting.signal });
    const patient = photograph(account, wish);
    await assert.rejects(impatient, { code: 'CLOSED', system: 'assetscontrols' });
    assert.equal((await patient).busyTries, 0);
    await account.close();
  });

  it('X-AC-a says what is missing without token and password, and when a login gives no token', async () => {
    const bare = accountAt(server.url, { token: '', username: 'demo' });
    await assert.rejects(photograph(bare, { assetGuid: GUID, count: 1 }), { code: 'BAD_INPUT' });
    server.will({ body: { Result: 200, Message: 'ok', FObject: [{}] } });
    const empty = accountAt(server.url, { token: '', username: 'demo', password: 'pw' });
    await assert.rejects(photograph(empty, { assetGuid: GUID, count: 1 }), { code: 'BAD_RESPONSE' });
    await Promise.all([bare.close(), empty.close()]);
  });

  it('X-AC-b looks a number up once, and again after its GUID is refused', async () => {
    const found = { Result: 200, Message: 'ok', FObject: [{ FGUID: GUID, FAssetID: '804250900200' }] };
    server.will(
      { body: found },
      { body: DONE },
      { body: DONE },
      { body: { Result: 106, Message: '', FObject: [] } },
    );
    const account = accountAt(server.url);
    const wish = { assetNumber: '804250900200', count: 1 };
    await photograph(account, wish);
    await photograph(account, wish);
    assert.deepEqual(
      server.requests.map(({ target }) => target),
      ['/OpenApi/Admin', '/OpenApi/Instruction', '/OpenApi/Instruction'],
    );
    assert.deepEqual(bodyOf(server.requests[0]), {
      FAction: 'QueryAdminAssetByAssetId',
      FAssetID: '804250900200',
      FTokenID: 'test-token',
    });
    assert.equal(bodyOf(server.requests[2])['FAssetGUID'], GUID);
    await assert.rejects(photograph(account, wish), { code: 'NOT_FOUND' });
    server.will({ body: found });
    assert.equal(await findAssetGuid(account, '804250900200'), GUID);
    assert.equal(server.requests.length, 1);
    server.will({ body: { Result: 200, Message: 'ok', FObject: [] } });
    await assert.rejects(findAssetGuid(account, '1'), { code: 'NOT_FOUND', message: /number 1\b/ });
    await account.close();
  });

  it('X-AC-b lists the assets, and is tested by that', async () => {
    const FObject = [
      { FGUID: 'g1', FAssetID: 1, FVehicleName: 'truck' },
      { FGUID: 'g2' },
      { FAssetID: 'lost' },
      null,
    ];
    server.will({ body: { Result: '200', Message: 'ok', FObject } });
    const account = accountAt(server.url);
    assert.deepEqual(await listAssets(account), [{ guid: 'g1', number: '1', name: 'truck' }, { guid: 'g2' }]);
    assert.deepEqual(await testAccount(account), { assets: 2 });
    assert.deepEqual(bodyOf(server.requests[0]), { FAction: 'QueryAdminAssetList', FTokenID: 'test-token' });
    await account.close();
  });

  it('X-AC-c asks for the files of a record', async () => {
    const url =
      'https://files.example:8068//LockFiles//800250800021_1762438053/800250800021_1762438053_11.mp4';
    const FObject = [
      { FFileName: '800250800021_1762438053_11.mp4', FFileType: 2, FReqURL: url, FCreateTime: null },
      { FReqURL: 'https://files.example/x_01.jpg', FFileType: '1' },
      { FFileName: 'odd', FFileType: -1 },
      { FFileName: 'sound', FFileType: 3 },
      { FFileName: 'new', FFileType: 9 },
    ];
    server.will({ body: { Result: 200, Message: 'ok', FObject } });
    const account = accountAt(server.url);
    assert.deepEqual(await listRecordFiles(account, 'record-1'), [
      { name: '800250800021_1762438053_11.mp4', type: 'audio', url },
      { name: 'x_01.jpg', type: 'picture', url: 'https://files.example/x_01.jpg' },
      { name: 'odd', type: 'invalid' },
      { name: 'sound', type: 'video' },
      { name: 'new', type: 'unknown' },
    ]);
    assert.equal(server.requests[0]?.target, '/OpenApi/Report');
    assert.deepEqual(bodyOf(server.requests[0]), {
      FAction: 'QueryMessageFiles',
      FGUID: 'record-1',
      FTokenID: 'test-token',
    });
    await account.close();
  });

  it('X-AC-c says so when a file has no address that can be fetched', async () => {
    const account = accountAt(server.url);
    for (const FReqURL of [undefined, '', 'files/x.jpg', 'ftp://files.example/x.jpg']) {
      server.will({ body: { Result: 200, FObject: [{ FFileName: 'x.jpg', FFileType: 1, FReqURL }] } });
      await assert.rejects(collect(recordPictures(account, 'r')), {
        code: 'BAD_RESPONSE',
        message: /“x\.jpg”/,
      });
    }
    await account.close();
  });

  it('AC-2 tries again while the camera is busy, by setting only, and tells how often', async () => {
    const busy = { ...DONE, FObject: { ...DONE.FObject, response: '(804250900200,1,001,CAMERA,9,4,1,)' } };
    const clock = new JumpingClock();
    const account = accountAt(server.url, { clock });
    const wish = { assetGuid: GUID, count: 1 };
    server.will({ body: busy });
    await assert.rejects(photograph(account, wish), { code: 'DEVICE_BUSY', retryable: true });
    assert.equal(server.requests.length, 1);
    server.will({ body: busy }, { body: busy }, { body: DONE });
    const given = await photograph(account, wish, { busyRetries: 5, busyPauseMs: 3_000 });
    assert.deepEqual([given.busyTries, clock.waits], [2, [3_000, 3_000]]);
    server.will({ body: busy });
    await assert.rejects(photograph(account, wish, { busyRetries: 2 }), { code: 'DEVICE_BUSY' });
    assert.equal(server.requests.length, 3);
    await account.close();
  });
});
