import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { HuaweiCamera } from '../../../lib/huawei';
import { baseUrlOf } from '../../../lib/huawei/address';
import { json, rawCamera, reply, type Answer } from './raw-camera';

const DEVICE_ID = '/SDCAPI/V1.0/Rest/DeviceID';
const CHANNELS = '/SDCAPI/V1.0/CnsPaas/ChnQury';
const SYSTEM = '/SDCAPI/V1.0/MiscIaas/System';

/** A camera that knows some paths. */
async function camera(t: TestContext, answers: Record<string, Answer>) {
  const missing = reply(404, { 'Content-Type': 'text/html' }, '<html>Not found</html>');
  const server = await rawCamera(({ path }) => (path in answers ? answers[path] : missing));
  const credentials = { username: 'ApiAdmin', password: 'one-Password-7' };
  const client = new HuaweiCamera({ address: server.address, credentials });
  t.after(async () => {
    await client.close();
    await server.close();
  });
  return { server, client };
}

const deviceIds = json(200, {
  IDs: [
    { UUID: 'AAAA-1', deviceID: '34020000001320000001' },
    { UUID: 'bbbb-2', deviceID: 34 },
    { deviceID: 'without a UUID' },
    null,
  ],
});
const attributes = json(200, {
  CnsChnParam: [
    { uuid: 'BBBB-2', attrList: { name: 'panorama', channelId: '102', desc: 'default' }, funcList: {} },
    { uuid: 'aaaa-1', attrList: { name: 'details', channelId: 101 } },
    { uuid: 'cccc-3', attrList: { name: '', channelId: '2001' } },
    { uuid: 'dddd-4' },
    'nonsense',
  ],
  ResponseStatus: { RequestURL: CHANNELS, StatusCode: 0, StatusString: 'OK' },
});
const refused = json(400, { ResponseStatus: { StatusCode: 9, StatusString: 'not supported' } });

describe('Huawei channels', () => {
  it('X-HW-b, X-HW-c joins what both lists know of a channel', async (t) => {
    const { server, client } = await camera(t, { [DEVICE_ID]: deviceIds, [CHANNELS]: attributes });
    assert.deepEqual(await client.channels(), [
      { uuid: 'AAAA-1', deviceId: '34020000001320000001', channelId: '101', name: 'details' },
      { uuid: 'bbbb-2', deviceId: '34', channelId: '102', name: 'panorama' },
      { uuid: 'cccc-3', channelId: '2001' },
      { uuid: 'dddd-4' },
    ]);
    assert.deepEqual(
      server.requests.map(({ method, path }) => [method, path]),
      [
        ['GET', DEVICE_ID],
        ['GET', CHANNELS],
      ],
    );
    assert.equal(server.connections(), 1);
  });

  it('X-HW-b is enough, whatever is wrong with the other list', async (t) => {
    for (const other of [undefined, refused, reply(200, {}, '<html>Login</html>'), reply(200, {}, '')]) {
      const { client } = await camera(t, { [DEVICE_ID]: deviceIds, ...(other && { [CHANNELS]: other }) });
      assert.deepEqual(
        (await client.channels()).map(({ uuid }) => uuid),
        ['AAAA-1', 'bbbb-2'],
      );
    }
  });

  it('X-HW-c is enough', async (t) => {
    const { client } = await camera(t, { [CHANNELS]: attributes });
    assert.deepEqual((await client.channels())[0], { uuid: 'BBBB-2', channelId: '102', name: 'panorama' });
  });

  it('X-HW-b, X-HW-c gives none for a camera that lists none, or lists of another shape', async (t) => {
    for (const body of [{ IDs: [] }, { IDs: 'none' }, [], 'text', 7, null]) {
      const { client } = await camera(t, { [DEVICE_ID]: json(200, body), [CHANNELS]: json(200, body) });
      assert.deepEqual(await client.channels(), []);
    }
  });

  it('X-HW-b, X-HW-c fails when neither is there, with what says most', async (t) => {
    const { client: noApi } = await camera(t, {});
    await assert.rejects(noApi.channels(), { code: 'NOT_FOUND', message: /no SDC API/, system: 'huawei' });
    const { client: refusing } = await camera(t, { [CHANNELS]: refused });
    await assert.rejects(refusing.channels(), {
      code: 'DEVICE_REFUSED',
      platform: { code: 9, message: 'not supported', httpStatus: 400 },
    });
  });

  it('X-HW-b does not ask on after a wrong password, a busy camera or an abort', async (t) => {
    const challenge = { 'WWW-Authenticate': 'Digest realm="SDC", nonce="n", qop="auth"' };
    for (const [answer, code] of [
      [reply(401, challenge), 'AUTH_REJECTED'],
      [reply(503, {}), 'DEVICE_BUSY'],
    ] as const) {
      const { server, client } = await camera(t, { [DEVICE_ID]: answer, [CHANNELS]: attributes });
      await assert.rejects(client.channels(), { code });
      assert.ok(server.requests.every(({ path }) => path === DEVICE_ID));
    }
    const { server, client } = await camera(t, { [DEVICE_ID]: deviceIds });
    await assert.rejects(client.channels({ signal: AbortSignal.abort() }), { code: 'CLOSED' });
    assert.equal(server.connections(), 0);
  });
});

describe('Huawei system info', () => {
  it('X-HW-d tells model, version and serial number, and keeps the rest', async (t) => {
    const raw = {
      devType: 'X2221',
      softVersion: 'SDC 11.1.0',
      ESN: '2102',
      manufacturer: 'Huawei',
      memInfo: { ddrMem: 1 },
    };
    const { client } = await camera(t, { [SYSTEM]: json(200, raw) });
    assert.deepEqual(await client.systemInfo(), {
      model: 'X2221',
      softwareVersion: 'SDC 11.1.0',
      serialNumber: '2102',
      manufacturer: 'Huawei',
      raw,
    });
  });

  it('X-HW-d reads what older firmware calls otherwise', async (t) => {
    const raw = { fullDeviceType: 'X@Y', barCode: 77, softVersion: '' };
    const { client } = await camera(t, { [SYSTEM]: json(200, raw) });
    assert.deepEqual(await client.systemInfo(), { model: 'X@Y', serialNumber: '77', raw });
  });

  it('X-HW-d fails with the words of the camera, or with what came instead of JSON', async (t) => {
    for (const [answer, code] of [
      [json(200, { StatusCode: 4, StatusString: 'Device Busy' }), 'DEVICE_BUSY'],
      [reply(200, {}, '<html>'), 'BAD_RESPONSE'],
      [reply(200, {}, ''), 'BAD_RESPONSE'],
      [undefined, 'NOT_FOUND'],
    ] as const) {
      const { client } = await camera(t, answer ? { [SYSTEM]: answer } : {});
      await assert.rejects(client.systemInfo(), { code, system: 'huawei' });
    }
  });
});

describe('Huawei address', () => {
  const cases: Array<[written: string, address: string]> = [
    ['192.0.2.10', 'https://192.0.2.10'],
    [' camera.example:8443 ', 'https://camera.example:8443'],
    ['http://192.0.2.10', 'http://192.0.2.10'],
    ['HTTPS://camera', 'HTTPS://camera'],
    ['2001:db8::1', 'https://[2001:db8::1]'],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
    ['https://192.0.2.10/SDCAPI/V1.0/Storage/Snapshot/SnapAction', 'https://192.0.2.10'],
    ['192.0.2.10/proxy', 'https://192.0.2.10/proxy'],
  ];
  for (const [written, address] of cases) {
    it(`is ${address} when "${written}" is written`, () => assert.equal(baseUrlOf(written), address));
  }
});
