import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { isSnapflowError, SnapflowError } from '../../../lib/errors';
import { wholePicturesOf } from '../../../lib/picture/partial-snapshot';
import { SimulatedSnapshotCamera } from '../../../lib/simulators';
import { WebCamera, type WebCameraOptions } from '../../../lib/web';
import { placeOf } from '../../../lib/web/place';
import { RecordingServer, type Canned } from '../../support/recording-server';
import { jpeg } from '../huawei/raw-camera';

const LOGIN = { kind: 'digest', username: 'admin', password: 'a-Secret-9' } as const;
const [first, second] = [jpeg(64, 48), jpeg(32, 24, 200)];
const image = (body: Buffer, type = 'image/jpeg'): Canned => ({ type, body });

describe('any camera by URL', () => {
  let server: RecordingServer;
  before(async () => {
    server = await RecordingServer.open();
  });
  after(() => server.close());
  beforeEach(() => server.will(image(first)));

  function open(t: TestContext, options: Partial<WebCameraOptions> = {}): WebCamera {
    const camera = new WebCamera({ address: server.url, timeoutMs: 5_000, ...options });
    t.after(() => camera.close());
    return camera;
  }

  async function failure(t: TestContext, path = '/p', options?: Partial<WebCameraOptions>) {
    const error: unknown = await open(t, options)
      .snapshot(path)
      .then(
        () => assert.fail('no error'),
        (reason: unknown) => reason,
      );
    assert.ok(error instanceof SnapflowError, String(error));
    return error;
  }

  it('gives the picture of its path, its format from the bytes, its time when it was asked for', async (t) => {
    const now = new Date('2026-11-29T08:00:00Z');
    server.will(image(first, 'text/plain'));
    const [picture, ...more] = await open(t, { now: () => now }).snapshot('/cgi-bin/snapshot.cgi?channel=1');
    assert.equal(more.length, 0);
    assert.deepEqual(picture?.data, first);
    const { format, width, takenAt, source } = picture?.info ?? {};
    assert.deepEqual([format, width, takenAt], ['jpeg', 64, now.toISOString()]);
    assert.deepEqual(source, { system: 'snapflow', device: `127.0.0.1:${server.port}`, kind: 'snapshot' });
    assert.equal(server.requests[0]?.target, '/cgi-bin/snapshot.cgi?channel=1');
    assert.equal(server.requests[0]?.headers['authorization'], undefined);
  });

  it('answers digest and basic, and sends Basic at once when told to', async (t) => {
    const camera = new SimulatedSnapshotCamera();
    const { url: address } = await camera.start();
    t.after(() => camera.stop());
    const login = { username: 'admin', password: 'simulated' };
    const digest = open(t, { address, login: { kind: 'digest', ...login } });
    await digest.snapshot('/1');
    await digest.snapshot('/2?a=b');
    assert.equal(camera.counters['requests'], 3);
    await open(t, { address, login: { kind: 'basic', ...login } }).snapshot('/');
    assert.equal(camera.counters['requests'], 4);
    const wrong = { address, login: { ...LOGIN, password: 'wrong-Word-1' } };
    const error = await failure(t, '/', wrong);
    assert.equal(error.code, 'AUTH_REJECTED');
    assert.doesNotMatch(JSON.stringify(error) + String(error.cause), /wrong-Word-1/);
  });

  it('reads parts, the first picture of a stream, and base64 in JSON', async (t) => {
    const part = (body: Buffer) => [
      Buffer.from(`--b\r\nContent-Type: image/jpeg\r\nContent-Length: ${body.length}\r\n\r\n`),
      body,
      Buffer.from('\r\n'),
    ];
    const two = Buffer.concat([...part(first), ...part(second), Buffer.from('--b--\r\n')]);
    server.will({ type: 'multipart/mixed; boundary=b', body: two });
    const several = await open(t).snapshot('/');
    assert.deepEqual(
      several.map(({ data }) => data),
      [first, second],
    );
    server.will({ type: 'multipart/x-mixed-replace; boundary=b', body: two });
    assert.equal((await open(t).snapshot('/')).length, 1);

    const base64 = first.toString('base64');
    for (const [jsonField, body] of [
      ['', { ok: true, data: { list: [{ image: base64 }] } }],
      [
        'data.image',
        { data: { image: `data:image/jpeg;base64,${base64}`, other: second.toString('base64') } },
      ],
      ['images[0].data', { images: [{ data: base64.replace(/(.{76})/g, '$1\n') }] }],
      ['image', { image: first.toString('base64url') }],
    ] as const) {
      server.will({ body });
      const [picture] = await open(t, { jsonField }).snapshot('/');
      assert.deepEqual(picture?.data, first, jsonField);
    }
    server.will({ body: { images: [base64, second.toString('base64')] } });
    assert.equal((await open(t, { jsonField: 'images' }).snapshot('/')).length, 2);
    assert.equal((await open(t).snapshot('/')).length, 2);
    assert.match((await failure(t, '/', { jsonField: 'data.image' })).message, /data\.image/);
  });

  it('ends a stream that never ends after its first picture', async (t) => {
    let closed: Promise<void> | undefined;
    const stream = createTcpServer((socket) => {
      closed = new Promise((resolve) => socket.on('error', () => undefined).on('close', () => resolve()));
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n');
        const frame = () => {
          socket.write('--frame\r\nContent-Type: image/jpeg\r\n\r\n');
          socket.write(first);
          socket.write('\r\n', () => setTimeout(() => !socket.destroyed && frame(), 1));
        };
        frame();
      });
    }).listen(0, '127.0.0.1');
    await once(stream, 'listening');
    t.after(() => stream.close());
    const address = `http://127.0.0.1:${(stream.address() as AddressInfo).port}`;
    const [picture] = await open(t, { address, timeoutMs: 60_000 }).snapshot('/video');
    assert.deepEqual(picture?.data, first);
    // Not by a time limit: because nobody wants the rest.
    await closed;
  });

  it('says what came instead of a picture', async (t) => {
    for (const [canned, code, words] of [
      [{ type: 'text/html', body: '<html>Log in' }, 'BAD_RESPONSE', /<html>Log in/],
      [{ body: Buffer.alloc(0) }, 'BAD_RESPONSE', /empty/],
      [image(first.subarray(0, first.length - 40)), 'BAD_RESPONSE', /cut off/],
      [{ status: 401 }, 'AUTH_REJECTED', /login/],
      [{ status: 403 }, 'AUTH_REJECTED', /login/],
      [{ status: 404 }, 'NOT_FOUND', /\/p/],
      [{ status: 503 }, 'DEVICE_BUSY', /busy/],
      [{ status: 500, type: 'text/plain', body: 'sensor' }, 'PLATFORM_FAILED', /sensor/],
      [{ status: 400 }, 'DEVICE_REFUSED', /400/],
    ] as Array<[Canned, string, RegExp]>) {
      server.will(canned);
      const error = await failure(t, '/p?key=in-Query-5');
      assert.equal(error.code, code, JSON.stringify(canned));
      assert.match(error.message, words);
      assert.doesNotMatch(JSON.stringify(error), /in-Query-5/);
    }
  });

  it('passes on what came whole when the rest breaks off', async (t) => {
    const head = '--b\r\nContent-Type: image/jpeg\r\n\r\n';
    const body = Buffer.concat([
      Buffer.from(head),
      first,
      Buffer.from(`\r\n${head}`),
      second.subarray(0, 90),
    ]);
    server.will({ type: 'multipart/mixed; boundary=b', body });
    const error = await failure(t);
    assert.equal(error.code, 'PARTLY_DONE');
    assert.deepEqual(
      wholePicturesOf(error).map(({ data }) => data),
      [first],
    );
  });

  it('sends a login to its own host only, whatever a path or a redirection says', async (t) => {
    const other = await RecordingServer.open();
    t.after(() => other.close());
    other.will(image(second));
    assert.equal((await failure(t, `${other.url}/p`, { login: LOGIN })).code, 'BAD_INPUT');
    server.will({ status: 302, headers: { location: `${other.url}/p` } });
    const error = await failure(t, '/p', { login: { ...LOGIN, kind: 'basic' } });
    assert.equal(error.code, 'BAD_INPUT');
    assert.match(error.message, new RegExp(other.url));
    assert.equal(other.requests.length, 0);

    server.will({ status: 302, headers: { location: '/moved?x=1' } }, image(first));
    await open(t, { login: { ...LOGIN, kind: 'basic' } }).snapshot('/p');
    assert.deepEqual(
      server.requests.map(({ target, headers }) => [target, headers['authorization'] !== undefined]),
      [
        ['/p', true],
        ['/moved?x=1', true],
      ],
    );
    // Without a login there is nothing to protect.
    server.will({ status: 307, headers: { location: `${other.url}/p` } });
    assert.deepEqual((await open(t).snapshot('/p'))[0]?.data, second);
    assert.deepEqual((await open(t, { address: '' }).snapshot(`${other.url}/q`))[0]?.data, second);
    server.will({ status: 302, headers: { location: '/p' } });
    assert.match((await failure(t)).message, /another address/);
  });

  it('tells what is wrong with an address', () => {
    for (const [address, path, words] of [
      ['rtsp://192.0.2.1/live', '', /rtsp:\/\/ gives no single picture/],
      ['http://me:word@192.0.2.1', '', /own fields/],
      ['http:///x', '', /not valid/],
      ['', '/p', /not valid/],
      ['http://192.0.2.1/a?b=1', '/p', /not into both/],
      ['http://192.0.2.1', 'ftp://192.0.2.1/p', /ftp/],
    ] as const) {
      assert.throws(() => placeOf(address, path), words, `${address} ${path}`);
    }
    assert.throws(() => new WebCamera({ address: '', login: LOGIN }), /Fill in the address/);
    assert.equal(
      placeOf('192.0.2.1:8443/api/', 'a b?名=1#x').href,
      'https://192.0.2.1:8443/api/a%20b?%E5%90%8D=1',
    );
    assert.equal(placeOf('http://192.0.2.1/s?id=1', '').href, 'http://192.0.2.1/s?id=1');
    assert.equal(placeOf('http://192.0.2.1/cam/', '?id=1').href, 'http://192.0.2.1/cam?id=1');
  });

  it('never leaves its host by a path that is no whole address', () => {
    const odd = fc.constantFrom('//', '\\', '@', ':', '..', '%2f', '#', '?', 'evil.example', '\t', '[', '照');
    fc.assert(
      fc.property(fc.array(fc.oneof(odd, fc.string({ maxLength: 4 })), { maxLength: 8 }), (pieces) => {
        const path = pieces.join('');
        fc.pre(!/^\s*[a-z][a-z0-9+.-]*:\/\//i.test(path));
        assert.equal(placeOf('http://192.0.2.1:8080/base', path).origin, 'http://192.0.2.1:8080');
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('ends in pictures or a reason for 300 replies of every kind of nonsense', async (t) => {
    const json = Buffer.from(JSON.stringify({ a: [{ image: first.toString('base64') }], b: '照片' }));
    const parts = Buffer.concat([
      Buffer.from('--b\r\n\r\n'),
      first,
      Buffer.from('\r\n--b\r\n\r\nx\r\n--b--'),
    ]);
    const bases = [first, json, parts, Buffer.from('['.repeat(20_000)), Buffer.from('<html>'.repeat(20))];
    const types = [
      'image/jpeg',
      'application/json',
      'multipart/mixed; boundary=b',
      'multipart/form-data',
      '',
    ];
    const wish = fc.record({
      base: fc.constantFrom(...bases),
      type: fc.constantFrom(...types),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      flips: fc.array(fc.tuple(fc.nat(30_000), fc.nat(255)), { maxLength: 20 }),
    });
    const camera = open(t);
    let pictures = 0;
    for (const { base, type, cut, flips } of fc.sample(wish, { seed: 7, numRuns: 300 })) {
      const body = Buffer.from(base.subarray(0, cut > 0.7 ? base.length : Math.ceil(cut * base.length)));
      for (const [at, value] of flips) if (at < body.length) body[at] = value;
      server.will({ type, body });
      const outcome = await camera.snapshot('/').catch((error: unknown) => error);
      if (Array.isArray(outcome)) pictures += outcome.length;
      else assert.ok(isSnapflowError(outcome), String(outcome));
    }
    assert.ok(pictures > 20, 'some are whole');
  });
});
