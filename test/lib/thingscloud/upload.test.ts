import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { isSnapflowError, type SnapflowError } from '../../../lib/errors';
import { SimulatedThingsCloud } from '../../../lib/simulators';
import { describeError } from '../../../lib/texts';
import { ThingsCloudProject, type ThingsCloudOptions } from '../../../lib/thingscloud';
import { startCloud, type Cloud } from './cloud';

const jpeg = (bytes: number) => {
  const picture = Buffer.alloc(bytes, 0x5a);
  Buffer.from('ffd8ffe000104a464946000101', 'hex').copy(picture);
  return picture;
};
const TOKEN = 'tok/en?of a+device';
const KEY = 'key-of-the-project';
const REDACTED = '/device/v1/***/';

let cloud: Cloud;
let project: ThingsCloudProject;

function projectWith(options: Partial<ThingsCloudOptions> = {}): ThingsCloudProject {
  return new ThingsCloudProject({
    endpoint: `http://${cloud.host}`,
    region: 'cn-east',
    projectKey: KEY,
    ...options,
  });
}

const upload = (picture = jpeg(2_000), identifier = 'photo', accessToken = TOKEN) =>
  project.upload({ accessToken, identifier, picture });

async function failureOf(promise: Promise<unknown>): Promise<SnapflowError> {
  const error = await promise.then(
    () => assert.fail('it succeeded'),
    (thrown: unknown) => thrown,
  );
  assert.ok(isSnapflowError(error), inspect(error));
  const shown = [
    error.message,
    JSON.stringify(error),
    inspect(error, { depth: 9 }),
    describeError(error, 'zh-CN'),
  ];
  for (const secret of [TOKEN, encodeURIComponent(TOKEN), KEY]) {
    assert.ok(!shown.join('\n').includes(secret), `a secret in ${shown.join('\n')}`);
  }
  return error;
}

before(async () => {
  cloud = await startCloud();
  project = projectWith();
});
after(async () => {
  await project.close();
  await cloud.close();
});
beforeEach(() => {
  cloud.arrived.length = 0;
  cloud.reply = { body: { result: 1, image_url: 'https://oss.example/1.jpg' } };
});

describe('TC-1 upload: what is sent', () => {
  it('TC-1 sends the bytes as they are, with exactly the headers of the document', async () => {
    const picture = jpeg(300_000);
    const uploaded = await upload(picture);
    assert.equal(uploaded.url, 'https://oss.example/1.jpg');
    assert.deepEqual(uploaded.answer, { result: 1, image_url: 'https://oss.example/1.jpg' });
    const [arrived] = cloud.arrived;
    assert.ok(arrived);
    assert.equal(arrived.method, 'POST');
    assert.ok(arrived.body.equals(picture));
    assert.equal(arrived.headers['content-type'], 'application/octet-stream');
    assert.equal(arrived.headers['region'], 'cn-east');
    assert.equal(arrived.headers['project-key'], KEY);
    assert.equal(arrived.headers['content-length'], '300000');
    assert.equal(arrived.headers['transfer-encoding'], undefined);
    const names = arrived.rawHeaders.filter((_, index) => index % 2 === 0);
    assert.deepEqual(names.filter((name) => !/^(host|connection|content-length)$/i.test(name)).sort(), [
      'Content-Type',
      'Project-Key',
      'Region',
    ]);
  });

  it('TC-1 percent-encodes AccessToken and identifier', async () => {
    await upload(undefined, '图片 1/2');
    assert.equal(
      cloud.arrived[0]?.path,
      '/device/v1/tok%2Fen%3Fof%20a%2Bdevice/%E5%9B%BE%E7%89%87%201%2F2/image',
    );
  });

  it('TC-1 takes an endpoint with or without scheme and slash, https by default', async () => {
    for (const endpoint of [
      `http://${cloud.host}/`,
      ` http://${cloud.host}`,
      `http://${cloud.host}/prefix/`,
    ]) {
      const other = projectWith({ endpoint });
      await other.upload({ accessToken: 'a', identifier: 'b', picture: jpeg(100) });
      await other.close();
    }
    assert.deepEqual(
      cloud.arrived.map(({ path }) => path),
      ['/device/v1/a/b/image', '/device/v1/a/b/image', '/prefix/device/v1/a/b/image'],
    );
    const withoutScheme = projectWith({ endpoint: cloud.host });
    const error = await failureOf(
      withoutScheme.upload({ accessToken: TOKEN, identifier: 'b', picture: jpeg(100) }),
    );
    await withoutScheme.close();
    assert.equal(error.code, 'UNREACHABLE', 'https, which this server does not speak');
    assert.equal(cloud.arrived.length, 3);
  });

  it('TC-1 refuses settings that cannot work, without showing them', () => {
    for (const options of [
      { endpoint: '' },
      { endpoint: 'mqtt://upload.example.com' },
      { endpoint: 'two words' },
      { endpoint: `https://upload.example.com/device/v1/${TOKEN}/photo/image` },
      { endpoint: `https://${TOKEN}@upload.example.com` },
      { endpoint: `https://upload.example.com?key=${KEY}` },
      { region: ' ' },
      { region: '华东' },
      { projectKey: '' },
      { projectKey: `${KEY}\r\nX: y` },
    ]) {
      assert.throws(
        () => projectWith(options),
        (error: SnapflowError) =>
          error.code === 'BAD_INPUT' && !error.message.includes(KEY) && !error.message.includes(TOKEN),
        inspect(options),
      );
    }
  });

  it('TC-1 refuses an AccessToken or identifier that would be another path', async () => {
    for (const part of ['', '.', '..', '\ud800']) {
      assert.equal((await failureOf(upload(undefined, 'photo', part))).code, 'BAD_INPUT');
      assert.equal((await failureOf(upload(undefined, part))).code, 'BAD_INPUT');
    }
    assert.equal(cloud.arrived.length, 0);
  });

  it('TC-1 sends no picture that is empty, of another format or above the limit', async () => {
    assert.equal((await failureOf(upload(Buffer.alloc(0)))).code, 'BAD_INPUT');
    assert.equal(
      (await failureOf(upload(Buffer.from('<html>no picture at all</html>')))).code,
      'UNSUPPORTED_FORMAT',
    );
    const large = await failureOf(upload(jpeg(500_001)));
    assert.equal(large.code, 'TOO_LARGE');
    assert.match(large.message, /500001 bytes.*500000/);
    assert.equal(cloud.arrived.length, 0);
    await upload(jpeg(500_000));
    assert.equal(cloud.arrived.length, 1);
  });

  it('TC-1 has a limit that can be set, and takes all five formats', async () => {
    const raised = projectWith({ maxPictureBytes: 512_000 });
    await raised.upload({ accessToken: 'a', identifier: 'b', picture: jpeg(512_000) });
    await raised.close();
    const heads = [
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      Buffer.from('GIF89a'),
      Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WEBP')]),
      Buffer.from('BM'),
    ];
    for (const head of heads) await upload(Buffer.concat([head, Buffer.alloc(100)]));
    assert.equal(cloud.arrived.length, 5);
  });

  it('TC-1 uses a transport of the caller and leaves it open', async () => {
    let closed = 0;
    const calls: string[] = [];
    const own = new ThingsCloudProject(
      { endpoint: 'upload.example.com', region: 'r', projectKey: KEY },
      {
        request: (call) => {
          calls.push(`${call.method} ${call.redactedPath}`);
          return Promise.resolve({ status: 200, headers: {}, body: Buffer.from('{"result":1}') });
        },
        stream: () => Promise.reject(new Error('not asked for')),
        close: () => Promise.resolve(void (closed += 1)),
      },
    );
    await own.upload({ accessToken: TOKEN, identifier: 'photo', picture: jpeg(100) });
    await own.close();
    assert.deepEqual(calls, [`POST ${REDACTED}photo/image`]);
    assert.equal(closed, 0);
  });
});

describe('TC-1 upload: what is answered', () => {
  it('TC-1 takes 1, "1" and true for a success, also without an address', async () => {
    for (const result of [1, '1', true]) {
      cloud.reply = { body: { result, image_url: 'u' } };
      assert.equal((await upload()).url, 'u');
    }
    for (const image_url of [undefined, null, '']) {
      cloud.reply = { body: { result: 1, image_url } };
      assert.equal((await upload()).url, undefined);
    }
    cloud.reply = { body: `\uFEFF${JSON.stringify({ result: 1, errcode: 0, image_url: 'u' })}` };
    assert.equal((await upload()).url, 'u');
  });

  // errcode, HTTP status and message as in the document's table; what it means to us.
  const AUTH = 'Upload authentication failed';
  const REPORT = 'Device Attribute report failed';
  const OFTEN = 'Request frequency is too high, please wait for a moment.';
  const table: Array<[errcode: number, status: number, message: string, code: string, failure: string]> = [
    [4001, 400, 'Missing Region header', 'BAD_INPUT', 'hold'],
    [4002, 400, 'Missing Project-Key header', 'BAD_INPUT', 'hold'],
    [4003, 400, 'Request body must be image binary data', 'BAD_INPUT', 'refuse'],
    [4004, 400, 'Invalid image format', 'UNSUPPORTED_FORMAT', 'refuse'],
    [4005, 413, 'Image size exceeds limit', 'TOO_LARGE', 'fix'],
    [4006, 400, 'Missing Content-Type: application/octet-stream header', 'BAD_INPUT', 'hold'],
    [1022, 400, AUTH, 'AUTH_REJECTED', 'hold'],
    [1480, 400, AUTH, 'AUTH_REJECTED', 'hold'],
    [1424, 400, AUTH, 'BAD_INPUT', 'hold'],
    [1470, 400, AUTH, 'NOT_FOUND', 'hold'],
    [1471, 400, AUTH, 'BAD_INPUT', 'hold'],
    [1023, 400, AUTH, 'BAD_INPUT', 'hold'],
    [4008, 400, 'Region not found', 'NOT_FOUND', 'hold'],
    [4009, 400, REPORT, 'PARTLY_DONE', 'done'],
    [401, 400, REPORT, 'PARTLY_DONE', 'done'],
    [451, 400, REPORT, 'PARTLY_DONE', 'done'],
    [402, 400, REPORT, 'PARTLY_DONE', 'done'],
    [403, 400, REPORT, 'PARTLY_DONE', 'done'],
    [413, 400, REPORT, 'PARTLY_DONE', 'done'],
    [4041, 404, 'The requested endpoint does not exist', 'NOT_FOUND', 'hold'],
    [4291, 429, OFTEN, 'RATE_LIMITED', 'wait'],
    [4292, 429, OFTEN, 'RATE_LIMITED', 'wait'],
    [5001, 500, 'Internal server error', 'PLATFORM_FAILED', 'retry'],
  ];
  for (const [errcode, status, message, code, failure] of table) {
    it(`TC-1 errcode ${errcode} is ${code}, its lane: ${failure}`, async () => {
      cloud.reply = { status, body: { result: 0, errcode, message } };
      const error = await failureOf(upload());
      assert.equal(error.code, code);
      assert.equal(error.system, 'thingscloud');
      assert.equal(error.details?.['failure'], failure);
      assert.equal(error.retryable, failure === 'retry' || failure === 'wait');
      assert.deepEqual(error.platform, { code: errcode, message, httpStatus: status });
      assert.match(error.message, new RegExp(`\\b${errcode}\\b`));
      assert.doesNotMatch(error.message, /\{\{/);
      assert.match(describeError(error, 'zh-CN'), /\p{Script=Han}/u);
    });
  }

  it('TC-1 goes by the errcode before the HTTP status, also as text', async () => {
    cloud.reply = {
      status: 500,
      body: { result: '0', errcode: '4009', message: '', image_url: 'https://oss/2' },
    };
    const error = await failureOf(upload());
    assert.equal(error.code, 'PARTLY_DONE');
    assert.equal(error.details?.['url'], 'https://oss/2');
    cloud.reply = { status: 200, body: { result: 1, errcode: 4004, message: '' } };
    assert.equal((await failureOf(upload())).code, 'UNSUPPORTED_FORMAT');
  });

  it('TC-1 knows codes of no table by their message, else by the HTTP status', async () => {
    const cases: Array<[status: number, body: object, code: string, failure: string]> = [
      [400, { result: 0, errcode: 499, message: REPORT }, 'PARTLY_DONE', 'done'],
      [400, { result: 0, errcode: 1099, message: AUTH }, 'AUTH_REJECTED', 'hold'],
      [429, { result: 0, errcode: 4299, message: '' }, 'RATE_LIMITED', 'wait'],
      [503, { result: 0, errcode: 5009, message: 'Busy' }, 'PLATFORM_FAILED', 'retry'],
      [400, { result: 0, errcode: 4099, message: 'New' }, 'PLATFORM_FAILED', 'refuse'],
      [400, { result: 0, errcode: 'E7', message: 'New' }, 'PLATFORM_FAILED', 'refuse'],
      [200, { result: 0 }, 'PLATFORM_FAILED', 'refuse'],
    ];
    for (const [status, body, code, failure] of cases) {
      cloud.reply = { status, body };
      const error = await failureOf(upload());
      assert.equal(error.code, code, inspect(body));
      assert.equal(error.details?.['failure'], failure, inspect(body));
    }
  });

  it('TC-1 keeps how long the platform says to wait', async () => {
    cloud.reply = {
      status: 429,
      headers: { 'retry-after': '17' },
      body: { result: 0, errcode: 4291, message: OFTEN },
    };
    assert.equal((await failureOf(upload())).details?.['retryAfterMs'], 17_000);
  });

  it('TC-1 takes what is no answer of ThingsCloud for BAD_RESPONSE, and shows its beginning', async () => {
    const html = '<html><head><title>502 Bad Gateway</title></head></html>';
    for (const [status, body, shown] of [
      [502, html, /502.*<html><head><title>502 Bad Gateway/],
      [200, html, /200.*<html>/],
      [404, html, /404.*<html>/],
      [200, '{"result":1,"image_url":"htt', /result/],
      [200, '', /empty/],
      [500, '', /empty/],
      [200, '[1]', /\[1\]/],
      [200, 'null', /null/],
      [200, '{"ok":true}', /ok/],
    ] as const) {
      cloud.reply = { status, body };
      const error = await failureOf(upload());
      assert.equal(error.code, 'BAD_RESPONSE', body);
      assert.equal(error.details?.['failure'], 'retry');
      assert.equal(error.platform?.httpStatus, status);
      assert.match(error.message, shown);
    }
  });

  it('TC-1 without JSON the HTTP status alone tells too large and too often', async () => {
    cloud.reply = { status: 413, body: '<html>413 Request Entity Too Large</html>' };
    const large = await failureOf(upload());
    assert.deepEqual([large.code, large.details?.['failure']], ['TOO_LARGE', 'fix']);
    cloud.reply = { status: 429, headers: { 'retry-after': '5' }, body: 'slow down' };
    const often = await failureOf(upload());
    assert.deepEqual([often.code, often.details], ['RATE_LIMITED', { failure: 'wait', retryAfterMs: 5_000 }]);
  });

  it('TC-1 redacts AccessToken and key where a server repeats them', async () => {
    const path = `/device/v1/${encodeURIComponent(TOKEN)}/photo/image`;
    cloud.reply = { status: 404, body: `No ${path} for ${TOKEN} and ${KEY}` };
    assert.match((await failureOf(upload())).message, /No \/device\/v1\/\*\*\*\/photo/);
    cloud.reply = { status: 400, body: { result: 0, errcode: 7, message: `no ${TOKEN}, no ${KEY}` } };
    assert.equal((await failureOf(upload())).platform?.message, 'no ***, no ***');
  });

  it('TC-1 takes an endless reply for a wrong server, not for a too large picture', async () => {
    const small = projectWith({ maxReplyBytes: 1_000 });
    cloud.reply = { body: 'x'.repeat(2_000) };
    const error = await failureOf(
      small.upload({ accessToken: TOKEN, identifier: 'photo', picture: jpeg(100) }),
    );
    await small.close();
    assert.deepEqual([error.code, error.details?.['failure']], ['BAD_RESPONSE', 'retry']);
  });

  it('TC-1 ends when aborted or out of time, without the AccessToken in the error', async () => {
    cloud.silent = true;
    const abort = new AbortController();
    const aborted = failureOf(
      project.upload(
        { accessToken: TOKEN, identifier: 'photo', picture: jpeg(100) },
        { signal: abort.signal },
      ),
    );
    abort.abort();
    assert.equal((await aborted).code, 'CLOSED');
    const hasty = projectWith({ timeoutMs: 50 });
    const late = await failureOf(
      hasty.upload({ accessToken: TOKEN, identifier: 'photo', picture: jpeg(100) }),
    );
    assert.equal(late.code, 'TIMEOUT');
    await hasty.close();
    cloud.silent = false;
  });
});

describe('X-TC-a attributes', () => {
  it('X-TC-a reports attributes as JSON with the project key', async () => {
    cloud.reply = { body: { result: 1 } };
    const attributes = { photo: 'https://oss.example/1.jpg', count: 3 };
    await project.reportAttributes({ accessToken: TOKEN, attributes });
    const [arrived] = cloud.arrived;
    assert.equal(arrived?.method, 'POST');
    assert.equal(arrived?.path, `/device/v1/${encodeURIComponent(TOKEN)}/attributes`);
    assert.equal(arrived?.headers['content-type'], 'application/json');
    assert.equal(arrived?.headers['project-key'], KEY);
    assert.equal(arrived?.headers['region'], undefined);
    assert.deepEqual(JSON.parse(String(arrived?.body)), attributes);
  });

  it('X-TC-a the codes of a half done upload are plain failures here', async () => {
    for (const [errcode, code, failure] of [
      [401, 'AUTH_REJECTED', 'hold'],
      [451, 'AUTH_REJECTED', 'hold'],
      [402, 'BAD_INPUT', 'refuse'],
      [403, 'RATE_LIMITED', 'wait'],
      [413, 'QUOTA_EXCEEDED', 'hold'],
      [1022, 'AUTH_REJECTED', 'hold'],
      [998, 'PLATFORM_FAILED', 'refuse'],
    ] as const) {
      cloud.reply = { status: 400, body: { result: 0, errcode, message: 'Device Attribute report failed' } };
      const error = await failureOf(project.reportAttributes({ accessToken: TOKEN, attributes: { a: 1 } }));
      assert.deepEqual([error.code, error.details?.['failure']], [code, failure], String(errcode));
    }
  });
});

describe('TC-1 against the simulated cloud', () => {
  it('TC-1 a picture is stored, and every check of the service can be met', async () => {
    const simulator = new SimulatedThingsCloud({ paceMs: 0 });
    const { url } = await simulator.start();
    const real = projectWith({ endpoint: url, region: 'simulated', projectKey: 'simulated-key' });
    const other = projectWith({ endpoint: url, region: 'nowhere', projectKey: 'simulated-key' });
    const picture = jpeg(1_000);
    const uploaded = await real.upload({ accessToken: 'device-1', identifier: 'photo', picture });
    assert.ok(simulator.pictures[0]?.data.equals(picture));
    assert.match(uploaded.url ?? '', /\/pictures\//);
    const error = await failureOf(other.upload({ accessToken: 'device-1', identifier: 'photo', picture }));
    assert.equal(error.platform?.code, 4008);
    await real.close();
    await other.close();
    await simulator.stop();
  });
});
