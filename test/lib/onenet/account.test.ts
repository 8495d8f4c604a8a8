import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { after, before, beforeEach, describe, it } from 'node:test';
import { HttpClient, type HttpClientOptions, type HttpTransport } from '../../../lib/http';
import {
  deleteFile,
  downloadFile,
  getBootAddress,
  getDevice,
  listFiles,
  testAccount,
  uploadFile,
} from '../../../lib/onenet';
import { JumpingClock } from '../../support/jumping-clock';
import { RecordingServer } from '../../support/recording-server';
import { accountAt, collect } from './support';

const done = { body: { errno: 200, error: 'succ' } };

describe('OneNET account', () => {
  let server: RecordingServer;
  before(async () => {
    server = await RecordingServer.open();
  });
  after(() => server.close());
  beforeEach(() => server.will(done));

  const ADDRESSES: readonly (readonly [string, string])[] = [
    ['', '/ipc/video/boot_address'],
    ['/', '/ipc/video/boot_address'],
    ['/ipc/video', '/ipc/video/boot_address'],
    ['/ipc/video/', '/ipc/video/boot_address'],
    ['/gateway/onenet/', '/gateway/onenet/ipc/video/boot_address'],
    ['/gateway/ipc/video', '/gateway/ipc/video/boot_address'],
  ];
  for (const [suffix, path] of ADDRESSES) {
    it(`sends to ${path} when its address ends in “${suffix}”`, async () => {
      server.will({ body: { errno: 0, data: { boot_address: 'b', boot_port: 1 } } });
      const account = accountAt(server.url + suffix);
      await getBootAddress(account, {});
      await account.close();
      assert.equal(server.requests[0]?.target, path);
    });
  }

  it('takes an address without scheme', async () => {
    const account = accountAt(server.url.replace('http://', ''));
    await uploadFile(account, { productId: '1', name: 'n', content: 'c' });
    await account.close();
    assert.equal(server.requests.length, 1);
  });

  it('refuses what cannot be an address, a zone or a key', () => {
    for (const bad of [
      'ftp://host',
      'http://',
      'http://user:pw@host',
      'http://host/?a=1',
      'http://host:99999',
    ]) {
      assert.throws(() => accountAt(bad), { code: 'BAD_INPUT', system: 'onenet' }, bad);
    }
    for (const bad of ['+8', '8', 'CST', '+15:00', '+08:60', '']) {
      assert.throws(() => accountAt(server.url, { timeZone: bad }), { code: 'BAD_INPUT' }, bad);
    }
    for (const bad of ['two words', 'line\nbreak', 'schlüssel']) {
      assert.throws(
        () => accountAt(server.url, { apiKey: bad }),
        (error: Error) => !error.message.includes(bad),
      );
    }
  });

  it('says what is missing when it has no key, and sends nothing', async () => {
    const account = accountAt(server.url, { apiKey: '' });
    await assert.rejects(getDevice(account, { deviceId: '1' }), { code: 'BAD_INPUT', message: /api-key/ });
    await account.close();
    assert.equal(server.requests.length, 0);
  });

  it('ON-15.1 ON-15.2 ON-15.3 ON-15.4 send a token computed from the access key instead of the api-key', async () => {
    const clock = new JumpingClock(1_700_000_000_000);
    const accessKey = Buffer.from('access').toString('base64');
    const account = accountAt(server.url, { clock, accessKey });
    const file = { productId: '1111', name: 'n' };
    await uploadFile(account, { ...file, content: 'c' });
    await deleteFile(account, file);
    await downloadFile(account, file);
    server.answers = [{ body: { errno: 0, data: [] } }];
    await collect(listFiles(account, { productId: '1111' }));
    const sign = createHmac('sha256', 'access')
      .update('1700003600\nsha256\nproducts/1111\n2018-10-31')
      .digest('base64');
    const token =
      'version=2018-10-31&res=products%2F1111&et=1700003600&method=sha256&sign=' + encodeURIComponent(sign);
    assert.equal(server.requests.length, 4);
    for (const { headers } of server.requests) {
      assert.deepEqual([headers['authorization'], headers['api-key']], [token, undefined]);
    }
    await account.close();
  });

  it('ON-15.1 makes a new token a minute before the old one expires, and one per product', async () => {
    const clock = new JumpingClock(1_700_000_000_000);
    const options = { clock, accessKey: 'YWJj', tokenMethod: 'md5' as const, tokenLifetimeSeconds: 120 };
    const account = accountAt(server.url, options);
    const upload = async (productId: string) => {
      await uploadFile(account, { productId, name: 'n', content: 'c' });
      return String(server.requests.at(-1)?.headers['authorization']);
    };
    const first = await upload('1');
    clock.time += 59_000;
    assert.equal(await upload('1'), first);
    clock.time += 1_000;
    assert.match(await upload('1'), /&et=1700000180&method=md5&/);
    assert.match(await upload('2'), /res=products%2F2&/);
    await account.close();
  });

  it('ON-15.1 sends a ready token, or the api-key when there is none, never both', async () => {
    const withToken = accountAt(server.url, { authorization: 'version=2018-10-31&sign=x' });
    await uploadFile(withToken, { productId: '1', name: 'n', content: 'c' });
    const withKey = accountAt(server.url);
    await uploadFile(withKey, { productId: '1', name: 'n', content: 'c' });
    await Promise.all([withToken.close(), withKey.close()]);
    const [first, second] = server.requests.map(({ headers }) => [
      headers['authorization'],
      headers['api-key'],
    ]);
    assert.deepEqual(first, ['version=2018-10-31&sign=x', undefined]);
    assert.deepEqual(second, [undefined, 'test-key']);
  });

  it('ON-15.1 says so when the access key is no Base64', async () => {
    const account = accountAt(server.url, { accessKey: '!!!' });
    await assert.rejects(uploadFile(account, { productId: '1', name: 'n', content: 'c' }), {
      code: 'BAD_INPUT',
      message: /Base64/,
    });
    await account.close();
  });

  it('is tested by asking for one device', async () => {
    const account = accountAt(server.url);
    const device = { id: '5', title: 'gate' };
    server.will({ body: { errno: 0, data: { total_count: 9, devices: [device] } } });
    assert.deepEqual(await testAccount(account), { device: { deviceId: '5', title: 'gate' } });
    assert.equal(server.requests[0]?.target, '/devices?page=1&per_page=1');
    server.will({ body: { errno: 0, data: { total_count: 0, devices: [] } } });
    assert.deepEqual(await testAccount(account), {});
    server.will({ body: { errno: 401, error: 'auth failed' } });
    await assert.rejects(testAccount(account), { code: 'AUTH_REJECTED' });
    await account.close();
  });

  it('uses its certificate settings for its own host only, and its authorities for all', async () => {
    const opened: HttpClientOptions[] = [];
    const openClient = (options: HttpClientOptions): HttpTransport => {
      opened.push(options);
      return new HttpClient(options);
    };
    const tls = { fingerprint: 'ab'.repeat(32), ca: 'an authority' };
    const account = accountAt(server.url, {
      openClient,
      tls,
      maxConnections: undefined,
      timeoutMs: undefined,
    });
    await account.fetch(new URL(`${server.url}/a.jpg`));
    await account.fetch(new URL(`http://localhost:${server.port}/b.jpg`));
    await account.close();
    assert.deepEqual(
      opened.map((options) => [options.tls, options.maxConnections]),
      [
        [tls, 8],
        [tls, 8],
        [{ ca: 'an authority' }, 8],
      ],
    );
  });

  it('shows no key to who looks at it', () => {
    const account = accountAt(server.url, { apiKey: 'hidden-1', accessKey: 'hidden-2' });
    assert.ok(!/hidden/.test(inspect(account, { depth: 9, showHidden: true }) + JSON.stringify(account)));
  });

  it('ends what runs when it is closed', async () => {
    const account = accountAt(server.url);
    server.will(() => {
      setImmediate(() => void account.close());
      return undefined;
    });
    await assert.rejects(getDevice(account, { deviceId: '1' }), { code: 'CLOSED', system: 'onenet' });
  });
});
