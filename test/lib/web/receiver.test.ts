import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { Picture } from '../../../lib/picture';
import { PictureReceiver, type ReceiverOptions } from '../../../lib/web';
import { FakeClock } from '../../support/fake-clock';
import { jpeg } from '../huawei/raw-camera';
import { send, type PlainRequest } from '../simulators/plain-client';

const [first, second] = [jpeg(64, 48), jpeg(32, 24, 200)];
const JSON_TYPE = { 'content-type': 'application/json' };

/** A body of form-data written out from RFC 7578. */
function form(...parts: Array<[head: string, body: Buffer | string]>): PlainRequest {
  const pieces = parts.flatMap(([head, body]) => [
    Buffer.from(`--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  return {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.concat([...pieces, Buffer.from('--b--\r\n')]),
  };
}

const raw = (body: Buffer | string, headers: Record<string, string> = {}): PlainRequest => ({
  method: 'POST',
  headers: { 'content-type': 'image/jpeg', ...headers },
  body,
});

async function open(t: TestContext, options: Partial<ReceiverOptions> = {}) {
  const receiver = new PictureReceiver({
    listen: { port: 0, host: '127.0.0.1' },
    basePath: '/push',
    ...options,
  });
  const pictures: Picture[] = [];
  receiver.on('pictures', (taken) => pictures.push(...taken));
  await receiver.start();
  t.after(() => receiver.stop());
  const port = receiver.address?.port ?? 0;
  const push = (request: PlainRequest, path = '/push/door') =>
    send(`http://127.0.0.1:${port}${path}`, request);
  return { receiver, pictures, push, port };
}

describe('pictures that cameras push', () => {
  it('are taken raw, by POST and PUT, whatever their label says', async (t) => {
    const { pictures, push } = await open(t);
    const reply = await push(raw(first));
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.json(), {
      ok: true,
      pictures: [{ id: pictures[0]?.info.id, format: 'jpeg', bytes: first.length }],
    });
    await push({ ...raw(first), method: 'PUT' });
    await push(raw(first, { 'content-type': 'application/x-www-form-urlencoded' }));
    await push({ method: 'POST', body: first });
    assert.equal(pictures.length, 4);
    for (const { data } of pictures) assert.deepEqual(data, first);
    const { source, meta, takenAt } = pictures[0]?.info ?? {};
    assert.deepEqual(source, { system: 'snapflow', device: 'door', kind: 'pushed' });
    assert.deepEqual(meta, { address: '127.0.0.1', path: '/door', query: {}, fields: {} });
    assert.ok(Math.abs(Date.parse(takenAt ?? '') - Date.now()) < 10_000);
  });

  it('are taken from forms, with what stands beside them', async (t) => {
    const { pictures, push } = await open(t, { device: { from: 'field', name: 'camera' } });
    const reply = await push(
      form(
        ['name="event.xml"; filename="event.xml"', '<event/>'.repeat(40)],
        ['name="camera"', '东门'],
        ['name="a"; filename="门.jpg"', first],
        ['name="b"; filename="2.jpg"', second],
      ),
      '/push',
    );
    assert.equal(reply.status, 200);
    assert.deepEqual(
      pictures.map(({ data, info }) => [data, info.name, info.source.device]),
      [
        [first, '门.jpg', '东门'],
        [second, '2.jpg', '东门'],
      ],
    );
    assert.deepEqual((pictures[0]?.info.meta as { fields: object }).fields, { camera: '东门' });
    assert.equal((await push(form(['name="image"', first.toString('base64')]))).status, 200);
    assert.deepEqual(pictures[2]?.data, first);
  });

  it('are taken from JSON, from the field that is named or wherever they stand', async (t) => {
    const base64 = first.toString('base64');
    const { pictures, push } = await open(t, {
      field: 'data.image',
      device: { from: 'field', name: 'camera.id' },
    });
    const body = { camera: { id: 17 }, data: { image: `data:image/jpeg;base64,${base64}` }, at: 'now' };
    assert.equal((await push(raw(JSON.stringify(body), JSON_TYPE))).status, 200);
    assert.deepEqual(pictures[0]?.data, first);
    assert.equal(pictures[0]?.info.source.device, '17');
    for (const [wrong, status] of [
      [{ data: {} }, 400],
      [{ data: { image: 'no base64 at all!' } }, 400],
      [{ data: { image: Buffer.from('<html>no picture</html>').toString('base64') } }, 415],
    ] as const) {
      const reply = await push(raw(JSON.stringify(wrong), JSON_TYPE));
      assert.equal(reply.status, status, JSON.stringify(wrong));
    }
    const anywhere = await open(t);
    await anywhere.push(raw(JSON.stringify({ list: [{ x: base64 }, { y: second.toString('base64url') }] })));
    assert.deepEqual(
      anywhere.pictures.map(({ data }) => data),
      [first, second],
    );
  });

  it('name their device by path, query, header, or all the same', async (t) => {
    for (const [device, path, headers, name] of [
      [{ from: 'path', name: '' }, '/push/gate/%E4%B8%9C', {}, 'gate/东'],
      [{ from: 'path', name: '' }, '/push', {}, '127.0.0.1'],
      [{ from: 'query', name: 'cam' }, '/push?cam=a%0Ab', {}, 'a b'],
      [{ from: 'header', name: 'X-Camera' }, '/push', { 'x-camera': 'north' }, 'north'],
      [{ from: 'fixed', name: 'Yard' }, '/push/x', {}, 'Yard'],
    ] as const) {
      const { pictures, push } = await open(t, { device });
      assert.equal((await push(raw(first, headers), path)).status, 200);
      assert.equal(pictures[0]?.info.source.device, name);
    }
  });

  it('are refused with the reason, in the language of the sender', async (t) => {
    const { pictures, push, receiver } = await open(t, {
      limits: { maxBodyBytes: 20_000, maxPictures: 2, maxParts: 4, maxFields: 3 },
    });
    const refused: number[] = [];
    receiver.on('refused', ({ status }) => refused.push(status));
    const many = (count: number, head: string) =>
      form(
        ...Array.from({ length: count }, (_, index) => [`name="${index}"${head}`, first] as [string, Buffer]),
      );
    for (const [request, status, code, path] of [
      [{ method: 'GET' }, 405, 'BAD_INPUT'],
      [raw(first), 404, 'NOT_FOUND', '/elsewhere'],
      [raw(first), 404, 'NOT_FOUND', '/pushing'],
      [raw(''), 400, 'BAD_INPUT'],
      [raw('<html>hello, this is no picture</html>'), 415, 'UNSUPPORTED_FORMAT'],
      [raw(first.subarray(0, first.length - 30)), 400, 'BAD_RESPONSE'],
      [raw('{"image":', JSON_TYPE), 400, 'BAD_INPUT'],
      [raw(first, { 'content-encoding': 'gzip' }), 415, 'UNSUPPORTED_FORMAT'],
      [raw(Buffer.alloc(20_001)), 413, 'TOO_LARGE'],
      [many(3, '; filename="x.jpg"'), 413, 'TOO_LARGE'],
      [many(5, '; filename="x.jpg"'), 413, 'TOO_LARGE'],
      [many(4, ''), 413, 'TOO_LARGE'],
      [form(['name="event"', 'only words']), 400, 'BAD_INPUT'],
      [raw(first, { 'content-type': 'multipart/form-data' }), 400, 'BAD_INPUT'],
      [{ ...many(1, '; filename="x"'), body: 'no form at all' }, 400, 'BAD_INPUT'],
    ] as Array<[PlainRequest, number, string, string?]>) {
      const reply = await push(request, path);
      const { ok, code: told, message } = reply.json();
      assert.deepEqual([reply.status, ok, told], [status, false, code], String(message));
    }
    const chinese = await push({ method: 'DELETE', headers: { 'accept-language': 'zh-CN' } });
    assert.equal(chinese.headers.allow, 'POST, PUT');
    assert.match(String(chinese.json()['message']), /\p{Script=Han}/u);
    assert.equal(refused.length, 16);
    assert.deepEqual(pictures, []);
    assert.equal((await push(raw(first))).status, 200);
  });

  it('need the login that is asked for, before a byte of their body is read', async (t) => {
    const basic = await open(t, { login: { kind: 'basic', username: '门', password: 'a:b' } });
    const pair = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    assert.equal((await basic.push(raw(first, pair('门:a:b')))).status, 200);
    const reply = await basic.push(raw(first, pair('门:a:c')));
    assert.equal(reply.status, 401);
    assert.match(reply.headers['www-authenticate'] ?? '', /^Basic realm="Snapflow"/);
    const bearer = await open(t, { login: { kind: 'bearer', token: 'T0ken' } });
    assert.equal((await bearer.push(raw(first, { authorization: 'bearer T0ken' }))).status, 200);
    for (const authorization of ['Bearer t0ken', 'Bearer', 'T0ken', '', `Bearer ${'x'.repeat(5_000)}`]) {
      assert.equal(
        (await bearer.push(raw(first, { authorization }))).status,
        401,
        authorization.slice(0, 20),
      );
    }
    assert.equal(bearer.pictures.length, 1);
    assert.throws(() => new PictureReceiver({ login: { kind: 'bearer', token: '' } }), /Fill in/);
  });

  it('may be announced first: 100 Continue, or the refusal', async (t) => {
    const { pictures, push } = await open(t, { limits: { maxBodyBytes: 5_000 } });
    const expect = { expect: '100-continue', 'content-length': String(first.length) };
    assert.equal((await push(raw(first, expect))).status, 200);
    assert.equal(pictures.length, 1);
    const large = { expect: '100-continue', 'content-length': '6000' };
    const reply = await push(raw(Buffer.alloc(6_000), large)).catch((error: unknown) => error);
    assert.ok(reply instanceof Error || (reply as { status: number }).status === 413);
  });

  it('cost nothing when their sender falls silent, and end with the receiver', async (t) => {
    const clock = new FakeClock();
    const { receiver, port } = await open(t, { clock });
    const head = 'POST /push/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n';
    const slow = connect(port, '127.0.0.1').on('error', () => undefined);
    slow.write(`${head}abc`);
    await once(slow, 'connect');
    const told = once(receiver, 'refused');
    let reply = '';
    slow.on('data', (chunk) => (reply += String(chunk)));
    while (clock.timers === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await clock.advance(16_000);
    const [{ status }] = (await told) as [{ status: number }];
    assert.equal(status, 408);
    while (!reply.includes('TIMEOUT')) await once(slow, 'data');
    const other = connect(port, '127.0.0.1').on('error', () => undefined);
    other.write(head);
    await once(other, 'connect');
    const closed = [slow, other].map(
      (socket) =>
        new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.on('close', () => resolve()))),
    );
    await receiver.stop();
    await Promise.all(closed);
  });

  it('are answered whatever 300 senders of nonsense send', async (t) => {
    const { pictures, push, receiver } = await open(t, { limits: { maxBodyBytes: 100_000 } });
    const errors: unknown[] = [];
    receiver.on('error', (error) => errors.push(error));
    const whole = form(['name="a"; filename="a.jpg"', first], ['name="c"', 'x']).body as Buffer;
    const json = Buffer.from(JSON.stringify({ a: { b: [first.toString('base64'), '照片'] } }));
    const wish = fc.record({
      base: fc.constantFrom(whole, json, first, Buffer.from('['.repeat(50_000)), Buffer.from('a=b&c=%zz')),
      type: fc.constantFrom(
        'multipart/form-data; boundary=b',
        'multipart/form-data; boundary=',
        'application/json',
        'image/jpeg',
        'application/x-www-form-urlencoded',
        'multipart/mixed; boundary=b',
      ),
      cut: fc.double({ min: 0, max: 1, noNaN: true }),
      flips: fc.array(fc.tuple(fc.nat(3_000), fc.nat(255)), { maxLength: 12 }),
    });
    for (const { base, type, cut, flips } of fc.sample(wish, { seed: 11, numRuns: 300 })) {
      const body = Buffer.from(base.subarray(0, cut > 0.6 ? base.length : Math.ceil(cut * base.length)));
      for (const [at, value] of flips) if (at < body.length) body[at] = value;
      const { status } = await push(raw(body, { 'content-type': type }));
      assert.ok([200, 400, 413, 415].includes(status), String(status));
    }
    assert.deepEqual(errors, []);
    assert.ok(pictures.length > 10);
  });
});
