import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { classifyFailure } from '../../../lib/delivery';
import { SnapflowError } from '../../../lib/errors';
import type { NameFacts } from '../../../lib/picture/name-places';
import { SimulatedHttpStore } from '../../../lib/simulators';
import { WebTarget, type WebTargetOptions } from '../../../lib/web';
import { RecordingServer } from '../../support/recording-server';
import { jpeg } from '../huawei/raw-camera';

const picture = jpeg(64, 48);
const facts = (more: Partial<NameFacts> = {}): NameFacts => ({
  device: '东门/1',
  channel: '1',
  kind: 'snapshot',
  system: 'snapflow',
  id: 'a1',
  name: 'img',
  ext: 'jpg',
  takenAt: new Date('2026-11-29T08:09:10.123Z'),
  ...more,
});

describe('pictures to any server', () => {
  let server: RecordingServer;
  before(async () => {
    server = await RecordingServer.open();
  });
  after(() => server.close());
  beforeEach(() => server.will({ body: { ok: 1 } }));

  function open(t: TestContext, options: Partial<WebTargetOptions> = {}): WebTarget {
    const target = new WebTarget({ address: server.url, timeoutMs: 5_000, ...options });
    t.after(() => target.close());
    return target;
  }

  const send = (target: WebTarget, more?: Partial<NameFacts>) =>
    target.send(target.job(facts(more), 'image/jpeg', 'a "b".jpg'), picture);

  it('go raw to the path that their values fill, encoded', async (t) => {
    const target = open(t, { method: 'PUT', path: '/p/{device}/{date}-{time}.{ext}?id={id}&n={name}' });
    const answer = await send(target, { name: 'a&b=c' });
    const { method, target: at, headers, body } = server.requests[0] ?? assert.fail();
    assert.deepEqual([method, headers['content-type'], body], ['PUT', 'image/jpeg', picture]);
    assert.equal(at, '/p/%E4%B8%9C%E9%97%A8%2F1/20261129-080910123.jpg?id=a1&n=a%26b%3Dc');
    assert.deepEqual(answer, { status: 200, body: { ok: 1 }, url: server.url + at.replace(/\?.*/, '') });
  });

  it('go as a file of a form, with further fields, as a store reads them', async (t) => {
    const store = new SimulatedHttpStore({ auth: { password: 'simulated' } });
    const { url } = await store.start();
    t.after(() => store.stop());
    const target = open(t, {
      address: url,
      path: 'upload',
      form: { field: 'image', fields: { camera: '{device}', at: '{date}' } },
      login: { kind: 'digest', username: 'store', password: 'simulated' },
    });
    const answer = await send(target);
    assert.deepEqual([answer.status, answer.location], [201, '/upload']);
    const [file] = store.files;
    assert.deepEqual(file?.data, picture);
    assert.deepEqual(
      [file?.field, file?.filename, file?.type, file?.fields],
      ['image', 'a %22b%22.jpg', 'image/jpeg', { camera: '东门/1', at: '20261129' }],
    );
    for (const kind of ['basic', 'digest'] as const) {
      const wrong = open(t, { address: url, login: { kind, username: 'store', password: 'wrong-Word-1' } });
      const error: unknown = await send(wrong).catch((reason: unknown) => reason);
      assert.ok(
        error instanceof SnapflowError && error.code === 'AUTH_REJECTED' && classifyFailure(error) === 'hold',
      );
      assert.doesNotMatch(JSON.stringify(error), /wrong-Word-1/);
    }
  });

  it('show a token, and are told by the status what becomes of them', async (t) => {
    const target = open(t, { login: { kind: 'bearer', token: 'T0ken' }, path: '/p?key=in-Query-5' });
    await send(target);
    assert.equal(server.requests[0]?.headers['authorization'], 'Bearer T0ken');
    for (const [status, code, failure, headers, waitMs] of [
      [400, 'DEVICE_REFUSED', 'refuse', {}],
      [401, 'AUTH_REJECTED', 'hold', {}],
      [404, 'NOT_FOUND', 'hold', {}],
      [405, 'NOT_FOUND', 'hold', {}],
      [408, 'TIMEOUT', 'retry', {}],
      [413, 'TOO_LARGE', 'fix', {}],
      [415, 'DEVICE_REFUSED', 'refuse', {}],
      [429, 'RATE_LIMITED', 'wait', { 'retry-after': '7' }, 7_000],
      [500, 'PLATFORM_FAILED', 'retry', {}],
      [503, 'PLATFORM_FAILED', 'wait', { 'retry-after': '2' }, 2_000],
      [507, 'QUOTA_EXCEEDED', 'retry', {}],
      [302, 'BAD_INPUT', 'hold', { location: 'https://evil.example/x?key=1' }],
    ] as Array<[number, string, string, Record<string, string>, number?]>) {
      server.will({ status, headers, type: 'text/plain', body: 'why' });
      const error: unknown = await send(target).catch((reason: unknown) => reason);
      assert.ok(error instanceof SnapflowError);
      assert.deepEqual([error.code, classifyFailure(error)], [code, failure], String(status));
      assert.equal(error.details?.['retryAfterMs'], waitMs);
      assert.doesNotMatch(JSON.stringify(error), /T0ken|in-Query-5|key=1/);
      assert.equal(server.requests.length, 1, 'no redirection is followed');
    }
  });

  it('never go elsewhere, whatever they are called', async (t) => {
    const target = open(t, { path: '/base/{device}/x' });
    for (const device of ['..', '.', '//evil.example', 'http://evil.example', '@evil.example', '\ud800']) {
      assert.ok(
        new URL(target.job(facts({ device }), 'image/jpeg', 'x').path, 'http://a').pathname.startsWith(
          '/base/',
        ),
      );
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (device) => {
        const { path } = target.job(facts({ device }), 'image/jpeg', 'x');
        const url = new URL(`http://192.0.2.1${path}`);
        assert.equal(url.host, '192.0.2.1');
        assert.match(url.pathname, /^\/base\/[^/]*\/x$/);
      }),
      { seed: 9, numRuns: 200 },
    );
    await send(target, { device: '..' });
    assert.equal(server.requests[0]?.target, '/base/_/x');
  });

  it('need an address, and places that there are', () => {
    for (const options of [
      { address: '' },
      { address: 'ftp://x' },
      { address: 'http://a', path: '/{nothing}' },
      { address: 'http://a', path: 'http://b/x' },
      { address: 'http://a', form: { field: 'f', fields: { x: '{y}' } } },
    ]) {
      assert.throws(() => new WebTarget(options), SnapflowError, JSON.stringify(options));
    }
  });
});
