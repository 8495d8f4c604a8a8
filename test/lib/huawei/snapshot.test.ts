import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { closedError, SnapflowError } from '../../../lib/errors';
import type { HttpTransport } from '../../../lib/http/types';
import {
  HuaweiCamera,
  wholePicturesOf,
  type HuaweiCameraOptions,
  type SnapshotRequest,
} from '../../../lib/huawei';
import type { Picture } from '../../../lib/picture';
import { jpeg, json, rawCamera, reply, type Answer, type SeenRequest } from './raw-camera';

const uuid = 'a234feaf-7751-99fa-72b1-9d8357e6d26f';
const credentials = { username: 'ApiAdmin', password: 'one-Password-7' };
const formData = { 'Content-Type': 'multipart/form-data; boundary=xyz' };
const [first, second] = [jpeg(64, 48), jpeg(32, 24, 200)];

/** A camera that answers so, and our client of it; both end with the test. */
async function camera(
  t: TestContext,
  answer: Answer | ((request: SeenRequest) => Answer),
  options: Partial<HuaweiCameraOptions> = {},
) {
  const server = await rawCamera(typeof answer === 'function' ? answer : () => answer);
  const client = new HuaweiCamera({ address: server.address, credentials, ...options });
  t.after(async () => {
    await client.close();
    await server.close();
  });
  return { server, client };
}

/** What a snapshot of that answer fails with. */
async function failure(
  t: TestContext,
  answer: Answer,
  options?: Partial<HuaweiCameraOptions>,
): Promise<SnapflowError> {
  const { client } = await camera(t, answer, options);
  const error: unknown = await client.snapshot({ uuid }).then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SnapflowError, String(error));
  assert.equal(error.system, 'huawei');
  return error;
}

/** A part as it stands between the boundaries. */
const part = (type: string, name: string, body: Buffer | string): Array<Buffer | string> => [
  `--xyz\r\nContent-Disposition: form-data; name="f"${name && `; filename="${name}"`}\r\nContent-Type: ${type}\r\n\r\n`,
  body,
  '\r\n',
];
const data = (pictures: Picture[]) => pictures.map((picture) => picture.data);

/** A transport whose reply fails after so many bytes. */
function brokenTransport(bytes: Buffer, length: number, reason: Error): HttpTransport {
  async function* body() {
    await Promise.resolve();
    yield bytes.subarray(0, length);
    throw reason;
  }
  return {
    request: () => Promise.reject(reason),
    stream: () =>
      Promise.resolve({
        status: 200,
        headers: { 'content-type': formData['Content-Type'] },
        body: body(),
        discard: () => Promise.resolve(),
      }),
    close: () => Promise.resolve(),
  };
}

describe('Huawei snapshot: the request', () => {
  it('HW-1 posts the UUID, and nothing else, as JSON to SnapAction', async (t) => {
    const { server, client } = await camera(t, reply(200, { 'Content-Type': 'image/jpeg' }, first));
    await client.snapshot({ uuid });
    assert.equal(server.requests.length, 1);
    const { method, path, headers, body } = server.requests[0]!;
    assert.deepEqual([method, path], ['POST', '/SDCAPI/V1.0/Storage/Snapshot/SnapAction']);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['content-length'], String(body.length));
    assert.equal(body, `{"UUID":"${uuid}"}`);
  });

  it('X-HW-a adds the channel when it is given, also 0, and names it in the picture', async (t) => {
    const { server, client } = await camera(t, reply(200, { 'Content-Type': 'image/jpeg' }, first));
    for (const channelId of [0, 101]) {
      const [picture] = await client.snapshot({ uuid, channelId });
      assert.equal(picture?.info.source.channel, String(channelId));
    }
    assert.deepEqual(
      server.requests.map(({ body }) => body),
      [`{"UUID":"${uuid}","channelID":0}`, `{"UUID":"${uuid}","channelID":101}`],
    );
  });

  it('HW-1 passes the UUID on as it is', async (t) => {
    const { server, client } = await camera(t, reply(200, { 'Content-Type': 'image/jpeg' }, first));
    await client.snapshot({ uuid: ' A"通道\\1 ' });
    assert.equal(
      Buffer.from(server.requests[0]!.body, 'latin1').toString(),
      JSON.stringify({ UUID: ' A"通道\\1 ' }),
    );
  });

  it('HW-1 asks nothing without a UUID or with a channel that is no number', async (t) => {
    const { server, client } = await camera(t, undefined);
    const requests = [{ uuid: '' }, { uuid: '  ' }, {}, { uuid, channelId: 1.5 }, { uuid, channelId: -1 }];
    for (const request of [...requests, { uuid, channelId: NaN }, { uuid, channelId: '101' }]) {
      await assert.rejects(client.snapshot(request as SnapshotRequest), {
        code: 'BAD_INPUT',
        system: 'huawei',
      });
    }
    assert.equal(server.connections(), 0);
  });

  it('HW-1 answers a digest challenge, once, and then asks once for each picture on one connection', async (t) => {
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const { server, client } = await camera(t, ({ method, path, headers }) => {
      const answer = new Map<string, string>();
      const fields = (headers['authorization'] ?? '').matchAll(/(\w+)=(?:"([^"]*)"|([^,\s]+))/g);
      for (const [, name, quoted, bare] of fields) answer.set(name!, quoted ?? bare!);
      const hash1 = md5(`${credentials.username}:SDC:${credentials.password}`);
      const rest = `${answer.get('nonce')}:${answer.get('nc')}:${answer.get('cnonce')}:auth:${md5(`${method}:${path}`)}`;
      if (answer.get('response') === md5(`${hash1}:${rest}`))
        return reply(200, formData, ...part('image/jpeg', '', first), '--xyz--\r\nepilogue');
      const challenge = 'Digest realm="SDC", nonce="a=1,b", algorithm=MD5, qop="auth"';
      return reply(401, { 'WWW-Authenticate': challenge }, 'no');
    });
    for (let turn = 0; turn < 3; turn++) {
      assert.deepEqual(data(await client.snapshot({ uuid })), [first]);
    }
    assert.deepEqual([server.requests.length, server.connections()], [4, 1]);
    assert.equal(server.requests[1]!.body, `{"UUID":"${uuid}"}`);
  });
});

describe('Huawei snapshot: the pictures', () => {
  it('HW-2 gives all pictures of a reply in order, with names and the JSON beside them', async (t) => {
    const now = new Date('2026-11-22T03:04:05.678Z');
    const meta = { Info: { time: 1, name: '南门' } };
    const png = Buffer.concat([
      Buffer.from('89504e470d0a1a0a0000000d494844520000028000000168', 'hex'),
      Buffer.alloc(9),
    ]);
    const { server, client } = await camera(
      t,
      reply(
        200,
        formData,
        ...part('application/json; charset=UTF-8', '', JSON.stringify(meta)),
        ...part('image/jpeg; charset=UTF-8', '../a.jpg', first),
        ...part('text/plain', 'note.txt', 'just text'),
        ...part('image/jpeg', '', png),
        ...part('application/octet-stream', 'b.jpg', second),
        '--xyz--\r\n',
      ),
      { now: () => now },
    );
    const pictures = await client.snapshot({ uuid });
    assert.deepEqual(data(pictures), [first, png, second]);
    const source = { system: 'huawei', device: `127.0.0.1:${server.port}`, channel: uuid, kind: 'snapshot' };
    assert.deepEqual(
      pictures.map(({ info: { id, ...info } }) => {
        assert.match(id, /^[0-9a-f]{24}$/);
        return info;
      }),
      [
        { format: 'jpeg', mime: 'image/jpeg', width: 64, height: 48, bytes: first.length, name: 'a.jpg' },
        { format: 'png', mime: 'image/png', width: 640, height: 360, bytes: png.length },
        { format: 'jpeg', mime: 'image/jpeg', width: 32, height: 24, bytes: second.length, name: 'b.jpg' },
      ].map((info) => ({ ...info, takenAt: now.toISOString(), source, meta })),
    );
  });

  it('HW-2 gives several JSON parts as a list, and one that is broken as text', async (t) => {
    const { client } = await camera(
      t,
      reply(
        200,
        formData,
        ...part('application/json', '', '\ufeff{"n":1}'),
        ...part('image/jpeg', '', first),
        ...part('application/json', '', '{"n":2'),
        '--xyz--',
      ),
    );
    const [picture] = await client.snapshot({ uuid });
    assert.deepEqual(picture?.info.meta, [{ n: 1 }, '{"n":2']);
  });

  it('HW-2 uses the name that was given to the camera', async (t) => {
    const { client } = await camera(t, reply(200, {}, first), { device: '南门' });
    assert.equal((await client.snapshot({ uuid }))[0]?.info.source.device, '南门');
  });

  const shapes: Array<[title: string, headers: Record<string, string>, body: Array<Buffer | string>]> = [
    [
      'of the first article on it: one part, no name',
      formData,
      ['--xyz\r\nContent-Type: image/jpeg; charset=UTF-8\r\n\r\n', first, '\r\n--xyz--\r\n'],
    ],
    [
      'of multipart/mixed with an empty line first',
      { 'Content-Type': 'multipart/mixed; boundary="xyz"' },
      ['\r\n', ...part('image/jpeg', '', first), '--xyz--'],
    ],
    [
      'without a boundary parameter',
      { 'Content-Type': 'multipart/form-data' },
      [...part('image/jpeg', '', first), '--xyz--'],
    ],
    [
      'under a Content-Type that is cut off',
      { 'Content-Type': 'application/' },
      ['\r\n', ...part('image/jpeg', '', first), '--xyz--'],
    ],
    ['without any Content-Type', {}, [...part('image/jpeg', '', first), '--xyz--']],
    ['that is one bare picture', { 'Content-Type': 'image/jpeg' }, [first]],
    [
      'that is one bare picture under a Content-Type of other things',
      { 'Content-Type': 'text/html' },
      [first],
    ],
    ['that is one bare picture, called multipart', formData, [first]],
  ];
  for (const [title, headers, body] of shapes) {
    it(`HW-2 reads a reply ${title}`, async (t) => {
      const { client } = await camera(t, reply(200, headers, ...body));
      assert.deepEqual(data(await client.snapshot({ uuid })), [first]);
    });
  }

  it('HW-2 takes a JPEG whose end marker is followed by filling', async (t) => {
    const filled = Buffer.concat([first, Buffer.alloc(1000)]);
    const { client } = await camera(t, reply(200, formData, ...part('image/jpeg', '', filled), '--xyz--'));
    assert.deepEqual(data(await client.snapshot({ uuid })), [filled]);
  });

  it('HW-2 reads a reply that comes byte by byte, without a length', async (t) => {
    const bytes = Buffer.concat([
      Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
      ...[...first].map((byte) => Buffer.from([0x31, 13, 10, byte, 13, 10])),
      Buffer.from('0\r\n\r\n'),
    ]);
    const { client } = await camera(t, bytes);
    assert.deepEqual(data(await client.snapshot({ uuid })), [first]);
  });
});

describe('Huawei snapshot: what the camera answers instead', () => {
  const status = (code: unknown, text?: unknown) => ({
    RequestURL: '/SDCAPI/V1.0/Storage/Snapshot/SnapAction',
    StatusCode: code,
    StatusString: text,
  });
  const cases: Array<[code: string, httpStatus: number, body: unknown, platform: object]> = [
    [
      'DEVICE_REFUSED',
      200,
      { ResponseStatus: status(7, 'Invalid Operation') },
      { code: 7, message: 'Invalid Operation' },
    ],
    ['DEVICE_REFUSED', 400, status(-1, 'FAILED'), { code: -1, message: 'FAILED' }],
    ['DEVICE_REFUSED', 200, { responseStatus: { statusCode: '12', statusString: '' } }, { code: 12 }],
    ['DEVICE_REFUSED', 500, { ResponseStatus: status(3, 'internal') }, { code: 3, message: 'internal' }],
    ['DEVICE_REFUSED', 200, status('E1', 'odd'), { code: 'E1', message: 'odd' }],
    ['DEVICE_BUSY', 200, { ResponseStatus: status(4, 'Device Busy') }, { code: 4, message: 'Device Busy' }],
    ['DEVICE_BUSY', 503, status(9, 'later'), { code: 9, message: 'later' }],
    ['DEVICE_BUSY', 200, status(9, '设备正忙'), { code: 9, message: '设备正忙' }],
    ['NOT_FOUND', 200, status(5, 'UUID does not exist'), { code: 5, message: 'UUID does not exist' }],
    ['NOT_FOUND', 404, { ResponseStatus: status(5, 'bad') }, { code: 5, message: 'bad' }],
    ['NOT_FOUND', 400, status(5, 'Invalid UUID'), { code: 5, message: 'Invalid UUID' }],
    ['AUTH_REJECTED', 403, status(2, 'bad'), { code: 2, message: 'bad' }],
    ['AUTH_REJECTED', 200, status(2, 'No permission'), { code: 2, message: 'No permission' }],
  ];
  for (const [code, httpStatus, body, platform] of cases) {
    it(`HW-1 ${code} for HTTP ${httpStatus} ${JSON.stringify(body)}`, async (t) => {
      const error = await failure(t, json(httpStatus, body));
      assert.equal(error.code, code);
      assert.deepEqual(error.platform, { ...platform, httpStatus });
      assert.equal(error.retryable, code === 'DEVICE_BUSY' || httpStatus === 500);
      assert.match(error.message, new RegExp(String(Object.values(platform).at(-1))));
    });
  }

  it('HW-2 finds the answer in a part, and under any Content-Type', async (t) => {
    const body = JSON.stringify({ ResponseStatus: status(7, 'Invalid Operation') });
    for (const answer of [
      reply(200, formData, ...part('application/json', '', body), ...part('image/jpeg', '', ''), '--xyz--'),
      reply(200, formData, body),
      reply(200, { 'Content-Type': 'image/jpeg' }, body),
    ]) {
      const error = await failure(t, answer);
      assert.deepEqual([error.code, error.platform?.code], ['DEVICE_REFUSED', 7]);
    }
  });

  const pages: Array<[code: string, httpStatus: number, body: string, message: RegExp, retryable: boolean]> =
    [
      ['NOT_FOUND', 404, '<html>404</html>', /no SDC API at this address \(HTTP 404\)/, false],
      ['AUTH_REJECTED', 403, '<html>', /HTTP 403/, false],
      ['DEVICE_BUSY', 503, '', /HTTP 503/, true],
      ['DEVICE_BUSY', 429, 'slow down', /HTTP 429/, true],
      ['PLATFORM_FAILED', 500, '<html>oops</html>', /HTTP 500/, true],
      ['DEVICE_REFUSED', 405, '<html>nope</html>', /HTTP 405, "<html>nope/, false],
      ['BAD_RESPONSE', 200, '', /empty/, true],
      ['BAD_RESPONSE', 200, '<html><title>Login', /starts with "<html><title>Login/, false],
      ['BAD_RESPONSE', 200, '{"ResponseStatus":{"StatusCode":0}}', /without a picture/, false],
      ['BAD_RESPONSE', 200, '[]', /without a picture/, false],
      ['BAD_RESPONSE', 200, '{"broken', /without a picture/, false],
    ];
  for (const [code, httpStatus, body, message, retryable] of pages) {
    it(`HW-1 ${code} for HTTP ${httpStatus} with ${body || 'nothing'}`, async (t) => {
      const error = await failure(t, reply(httpStatus, {}, body));
      assert.deepEqual([error.code, error.retryable], [code, retryable]);
      assert.match(error.message, message);
    });
  }

  it('HW-1 follows no redirect, and names the address to use', async (t) => {
    const error = await failure(t, reply(302, { Location: 'https://192.0.2.10/index.html?token=x' }));
    assert.equal(error.code, 'BAD_INPUT');
    assert.match(error.message, /\(https:\/\/192\.0\.2\.10, HTTP 302\)/);
    assert.match(
      (await failure(t, reply(302, { Location: '/login?sid=1' }))).message,
      /\(\/login, HTTP 302\)/,
    );
  });

  it('HW-1 AUTH_REJECTED for a wrong password, which is shown nowhere', async (t) => {
    const error = await failure(
      t,
      reply(401, { 'WWW-Authenticate': 'Digest realm="SDC", nonce="n", qop="auth"' }),
    );
    assert.equal(error.code, 'AUTH_REJECTED');
    assert.ok(!JSON.stringify([error, error.values, error.stack]).includes(credentials.password));
  });

  const empty: Array<[title: string, body: Array<Buffer | string>, message: RegExp]> = [
    ['no part', ['--xyz--\r\n'], /empty/],
    [
      'no picture',
      [...part('application/json', '', '{"a":1}'), '--xyz--'],
      /without a picture.*\{\\"a\\":1\}/,
    ],
    [
      'a page called a picture',
      [...part('image/jpeg', 'a.jpg', '<html>'), '--xyz--'],
      /something as image\/jpeg.*<html>/,
    ],
    ['an empty picture', [...part('image/jpeg', 'a.jpg', ''), '--xyz--'], /something as image\/jpeg/],
    ['a page', ['<html>Login'], /no boundary.*<html>Login/],
  ];
  for (const [title, body, message] of empty) {
    it(`HW-2 BAD_RESPONSE for a multipart reply that holds ${title}`, async (t) => {
      const error = await failure(t, reply(200, formData, ...body));
      assert.equal(error.code, 'BAD_RESPONSE');
      assert.match(error.message, message);
      assert.deepEqual(wholePicturesOf(error), []);
    });
  }
});

describe('Huawei snapshot: never half a picture', () => {
  const whole = Buffer.concat(
    [...part('image/jpeg', 'a.jpg', first), ...part('image/jpeg', 'b.jpg', second), '--xyz--\r\n'].map(
      (piece) => Buffer.from(piece as string),
    ),
  );
  /** Between the two pictures, and in the middle of the second. */
  const middle = whole.indexOf(second) + 100;

  it('HW-2 refuses a bare picture that is shorter than its Content-Length', async (t) => {
    const error = await failure(t, {
      hangUp: reply(200, { 'Content-Length': String(first.length + 1) }, first),
    });
    assert.deepEqual([error.code, error.retryable], ['UNREACHABLE', true]);
  });

  it('HW-2 refuses a bare picture without its end when no length tells', async (t) => {
    const head = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n';
    const { client } = await camera(t, { hangUp: Buffer.concat([Buffer.from(head), first]) });
    assert.deepEqual(data(await client.snapshot({ uuid })), [first]);
    const error = await failure(t, { hangUp: Buffer.concat([Buffer.from(head), first.subarray(0, -20)]) });
    assert.deepEqual([error.code, error.retryable], ['BAD_RESPONSE', true]);
    assert.match(error.message, /cut off.*end marker/);
  });

  it('HW-2 refuses a picture without its end also in a reply that is whole', async (t) => {
    const error = await failure(
      t,
      reply(200, formData, ...part('image/jpeg', '', first.subarray(0, -20)), '--xyz--'),
    );
    assert.equal(error.code, 'BAD_RESPONSE');
    assert.match(error.message, /end marker/);
  });

  it('HW-2 keeps the whole pictures of a reply that is cut, and says that others are missing', async (t) => {
    const cuts: Array<[title: string, answer: Answer, cause: string]> = [
      ['by its own framing', reply(200, formData, whole.subarray(0, middle)), 'BAD_RESPONSE'],
      [
        'by the connection',
        {
          hangUp: reply(
            200,
            { ...formData, 'Content-Length': String(whole.length) },
            whole.subarray(0, middle),
          ),
        },
        'UNREACHABLE',
      ],
      ['without its last boundary', reply(200, formData, whole.subarray(0, -9)), 'BAD_RESPONSE'],
      [
        'with a second picture that has no end',
        reply(
          200,
          formData,
          ...part('image/jpeg', '', first),
          ...part('image/jpeg', '', second.subarray(0, -9)),
          '--xyz--',
        ),
        'BAD_RESPONSE',
      ],
      [
        'with a second picture that is none',
        reply(200, formData, ...part('image/jpeg', '', first), ...part('image/png', '', 'oops'), '--xyz--'),
        'BAD_RESPONSE',
      ],
    ];
    for (const [title, answer, cause] of cuts) {
      const error = await failure(t, answer);
      assert.deepEqual([error.code, error.retryable], ['PARTLY_DONE', false], title);
      assert.equal((error.cause as SnapflowError).code, cause, title);
      assert.deepEqual(data(wholePicturesOf(error)), [first], title);
      assert.match(error.message, /Only 1 of the pictures/);
      assert.ok(!('pictures' in error.toJSON()), 'no picture bytes in a log');
    }
  });

  it('HW-2 gives no picture of a reply that is cut in its first', async (t) => {
    const error = await failure(t, reply(200, formData, whole.subarray(0, 150)));
    assert.deepEqual([error.code, error.retryable, wholePicturesOf(error)], ['BAD_RESPONSE', true, []]);
  });

  it('HW-2 gives the pictures before the one that is too many', async (t) => {
    const error = await failure(t, reply(200, formData, whole), { maxPictures: 1 });
    assert.deepEqual([error.code, (error.cause as SnapflowError).code], ['PARTLY_DONE', 'TOO_LARGE']);
    assert.match(error.message, /more than 1 pictures/);
    assert.deepEqual(data(wholePicturesOf(error)), [first]);
  });

  it('HW-2 tells what the connection failed with, and CLOSED even if pictures had come', async () => {
    const broken = new SnapflowError('UNREACHABLE', 'The connection broke.', { system: 'huawei' });
    for (const [length, reason] of [
      [0, broken],
      [5, broken],
      [150, broken],
      [middle, closedError('huawei')],
    ] as const) {
      const client = new HuaweiCamera(
        { address: '192.0.2.10', credentials },
        brokenTransport(whole, length, reason),
      );
      await assert.rejects(client.snapshot({ uuid }), reason);
    }
  });

  it('HW-2 reads no reply beyond its cap', async (t) => {
    const error = await failure(t, reply(200, { 'Content-Type': 'image/jpeg' }, first), {
      maxReplyBytes: 100,
    });
    assert.equal(error.code, 'TOO_LARGE');
  });
});

describe('Huawei snapshot: time and place', () => {
  it('HW-1 ends when its caller stops waiting, with CLOSED', async (t) => {
    const start = reply(200, { ...formData, 'Content-Length': '100000' }, ...part('image/jpeg', '', first));
    for (const answer of [undefined, start]) {
      const controller = new AbortController();
      const { client } = await camera(t, () => {
        setImmediate(() => controller.abort());
        return answer;
      });
      await assert.rejects(client.snapshot({ uuid }, { signal: controller.signal }), { code: 'CLOSED' });
    }
  });

  it('HW-1 TIMEOUT when the camera does not answer in time', { timeout: 10_000 }, async (t) => {
    assert.equal((await failure(t, undefined, { timeoutMs: 50 })).code, 'TIMEOUT');
  });

  it('HW-1 asks again when the camera has dropped the connection meanwhile', async (t) => {
    let asked = 0;
    const { server, client } = await camera(t, () =>
      ++asked === 2 ? { hangUp: Buffer.alloc(0) } : reply(200, {}, first),
    );
    for (let turn = 0; turn < 2; turn++) assert.deepEqual(data(await client.snapshot({ uuid })), [first]);
    assert.deepEqual([server.requests.length, server.connections()], [3, 2]);
  });

  it('HW-1 fails clearly while the camera is off, and works again when it is back', async (t) => {
    const answer = () => reply(200, {}, first);
    const before = await rawCamera(answer);
    const client = new HuaweiCamera({ address: before.address, credentials });
    t.after(() => client.close());
    await client.snapshot({ uuid });
    await before.close();
    for (let turn = 0; turn < 2; turn++) {
      await assert.rejects(client.snapshot({ uuid }), { code: 'UNREACHABLE', system: 'huawei' });
    }
    const after = await rawCamera(answer, before.port);
    t.after(() => after.close());
    assert.deepEqual(data(await client.snapshot({ uuid })), [first]);
  });

  it('ends what runs when it is closed, and does nothing afterwards', async (t) => {
    const closing: Array<Promise<void>> = [];
    const { server, client } = await camera(t, () => {
      closing.push(client.close());
      return undefined;
    });
    await assert.rejects(client.snapshot({ uuid }), { code: 'CLOSED' });
    await Promise.all(closing);
    await assert.rejects(client.snapshot({ uuid }), { code: 'CLOSED' });
    assert.equal(server.requests.length, 1);
    const unused = new HuaweiCamera({ address: server.address, credentials });
    await unused.close();
    await assert.rejects(unused.channels(), { code: 'CLOSED' });
    assert.equal(server.connections(), 1);
  });

  it('BAD_INPUT for an address that is none', async () => {
    for (const address of ['', 'not an address', 'https://user:secret@192.0.2.10']) {
      const client = new HuaweiCamera({ address, credentials });
      const error = await client.snapshot({ uuid }).catch((reason: unknown) => reason as SnapflowError);
      assert.ok(error instanceof SnapflowError);
      assert.equal(error.code, 'BAD_INPUT');
      assert.ok(!error.message.includes('secret'));
    }
  });
});
