import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { isSnapflowError } from '../../../lib/errors';
import { selfSignedCertificate } from '../../../lib/simulators';
import {
  CLOUD_FAULTS,
  ERRCODES,
  SimulatedThingsCloud,
  type CloudDevice,
  type SimulatedThingsCloudOptions,
} from '../../../lib/simulators/thingscloud';
import { send, type PlainReply } from './plain-client';

/** The smallest beginnings that tell the five formats. */
const PICTURES = {
  jpeg: Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'),
  png: Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108', 'hex'),
  gif: Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1'),
  webp: Buffer.from('RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00', 'latin1'),
  bmp: Buffer.from('BM\x3a\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00', 'latin1'),
};
const HEADERS = {
  'Content-Type': 'application/octet-stream',
  Region: 'simulated',
  'Project-Key': 'simulated-key',
};
const FREQUENCY = 'Request frequency is too high, please wait for a moment.';

const running: SimulatedThingsCloud[] = [];

async function started(options: SimulatedThingsCloudOptions = {}) {
  const cloud = new SimulatedThingsCloud({ paceMs: 0, ...options });
  running.push(cloud);
  const { url } = await cloud.start();
  const upload = (
    body: Buffer | string = PICTURES.jpeg,
    headers: Record<string, string> = {},
    path = '/device/v1/token-1/photo/image',
  ) => send(url + path, { method: 'POST', headers: { ...HEADERS, ...headers }, body });
  return { cloud, url, upload };
}

const withDevice = (device: Partial<CloudDevice>, options: SimulatedThingsCloudOptions = {}) =>
  started({
    projects: [{ key: 'simulated-key', devices: [{ accessToken: 'token-1', ...device }] }],
    ...options,
  });

function says(reply: PlainReply, status: number, errcode: number, message: string): void {
  assert.deepEqual([reply.status, reply.json()], [status, { result: 0, errcode, message }]);
  assert.equal(reply.headers['content-type'], 'application/json');
}

/** Headers without one of them. */
async function without(url: string, name: keyof typeof HEADERS): Promise<PlainReply> {
  const headers: Record<string, string> = { ...HEADERS };
  delete headers[name];
  return send(`${url}/device/v1/token-1/photo/image`, { method: 'POST', headers, body: PICTURES.jpeg });
}

describe('SimulatedThingsCloud', () => {
  afterEach(async () => {
    for (const cloud of running.splice(0)) await cloud.stop();
  });

  it('TC-1 stores each of the five formats and serves it at the address it returns', async () => {
    const { cloud, url, upload } = await started();
    for (const [format, picture] of Object.entries(PICTURES)) {
      const reply = await upload(picture);
      assert.equal(reply.status, 200, format);
      const { result, image_url: address } = reply.json() as { result: unknown; image_url: string };
      assert.equal(result, 1);
      assert.ok(address.startsWith(`${url}/pictures/`));
      const served = await send(address);
      assert.equal(served.headers['content-type'], `image/${format}`);
      assert.deepEqual(served.body, picture);
    }
    assert.deepEqual(
      cloud.pictures.map((picture) => picture.format),
      ['bmp', 'webp', 'gif', 'png', 'jpeg'],
      'newest first',
    );
    assert.equal(cloud.counters['uploads'], 5);
    assert.equal(cloud.counters['stored'], 5);
    assert.equal(new Set(cloud.pictures.map((picture) => picture.name)).size, 5);
  });

  it('TC-1 speaks TLS and says so in the address of a picture', async () => {
    const own = selfSignedCertificate({ commonName: 'cloud' });
    const { url } = await started({ tls: own });
    const options = { method: 'POST', headers: HEADERS, body: PICTURES.jpeg, ca: own.cert };
    const reply = await send(`${url}/device/v1/t/photo/image`, options);
    assert.match(
      String(reply.json()['image_url']),
      /^https:\/\/127\.0\.0\.1:\d+\/pictures\/[0-9a-f]{24}\.jpg$/,
    );
  });

  it('TC-1 reads percent-encoded AccessToken and identifier', async () => {
    const { cloud, upload } = await withDevice({ accessToken: 'a/b c', attributes: { 图片: 'image-url' } });
    const path = `/device/v1/${encodeURIComponent('a/b c')}/${encodeURIComponent('图片')}/image`;
    assert.equal((await upload(PICTURES.png, {}, path)).status, 200);
    assert.equal(cloud.pictures[0]?.identifier, '图片');
    assert.equal(cloud.pictures[0]?.device, 'a/b …', 'the token is not given away');
  });

  it('TC-1 checks each header: 4006, 4001, 4002, 4008', async () => {
    const { cloud, url, upload } = await started();
    const type = 'Missing Content-Type: application/octet-stream header';
    says(await without(url, 'Content-Type'), 400, 4006, type);
    says(await upload(undefined, { 'Content-Type': 'image/jpeg' }), 400, 4006, type);
    says(
      await upload(undefined, { 'Content-Type': 'application/octet-stream; charset=utf-8' }),
      400,
      4006,
      type,
    );
    says(await without(url, 'Region'), 400, 4001, 'Missing Region header');
    says(await upload(undefined, { Region: '' }), 400, 4001, 'Missing Region header');
    says(await without(url, 'Project-Key'), 400, 4002, 'Missing Project-Key header');
    says(await upload(undefined, { 'Project-Key': '' }), 400, 4002, 'Missing Project-Key header');
    says(await upload(undefined, { Region: 'elsewhere' }), 400, 4008, 'Region not found');
    const two = await started({ regions: ['a', 'b'] });
    assert.equal((await two.upload(undefined, { Region: 'b' })).status, 200);
    assert.equal(cloud.counters['stored'], undefined);
  });

  it('TC-1 checks the body: 4003, 4004, 4005', async () => {
    const { upload } = await started();
    const data = 'Request body must be image binary data';
    says(await upload(Buffer.alloc(0)), 400, 4003, data);
    says(await upload('{"image":"…"}'.replace('…', '')), 400, 4003, data);
    says(await upload(`--boundary\r\nContent-Type: image/jpeg\r\n\r\n`), 400, 4003, data);
    says(await upload(Buffer.from('49492a0008000000000000000000', 'hex')), 400, 4004, 'Invalid image format');
    const most = Buffer.concat([PICTURES.jpeg, Buffer.alloc(500_000 - PICTURES.jpeg.length)]);
    assert.equal((await upload(most)).status, 200);
    const over = Buffer.concat([most, Buffer.alloc(1)]);
    says(await upload(over), 413, 4005, 'Image size exceeds limit');
    const small = await started({ maxPictureBytes: 20, maxRequestBytes: 1_000 });
    says(await small.upload(), 413, 4005, 'Image size exceeds limit');
    says(await small.upload(over), 413, 4005, 'Image size exceeds limit');
  });

  it('TC-1 checks project, device, type, attribute and OSS: 1022, 1480, 1424, 1470, 1471, 1023', async () => {
    const words = 'Upload authentication failed';
    says(await (await started()).upload(undefined, { 'Project-Key': 'other' }), 400, 1022, words);
    says(await (await withDevice({ accessToken: 'other' })).upload(), 400, 1480, words);
    says(await (await withDevice({ enabled: false })).upload(), 400, 1480, words);
    says(await (await withDevice({ typed: false })).upload(), 400, 1424, words);
    says(await (await withDevice({ attributes: { note: 'text' } })).upload(), 400, 1470, words);
    says(await (await withDevice({ attributes: { photo: 'text' } })).upload(), 400, 1471, words);
    const inherited = await withDevice({ attributes: {} });
    says(await inherited.upload(undefined, {}, '/device/v1/token-1/constructor/image'), 400, 1470, words);
    says(
      await (await started({ projects: [{ key: 'simulated-key', oss: false }] })).upload(),
      400,
      1023,
      words,
    );
  });

  it('TC-1 reads its projects anew at each upload', async () => {
    const { cloud, upload } = await withDevice({});
    const [project] = cloud.projects;
    const [device] = project?.devices ?? [];
    assert.ok(device);
    device.enabled = false;
    assert.equal((await upload()).json()['errcode'], 1480);
    device.enabled = true;
    assert.equal((await upload()).status, 200);
  });

  it('TC-1 keeps the picture when the attribute cannot be reported: 4009, 401, 451, 402, 403, 413', async () => {
    const words = 'Device Attribute report failed';
    for (const reportError of [4009, 401, 451, 402, 403, 413] as const) {
      const { cloud, upload } = await withDevice({ reportError });
      says(await upload(), 400, reportError, words);
      assert.equal(cloud.pictures.length, 1);
    }
  });

  it('TC-1 counts a device’s messages of a day in China: 413', async () => {
    let now = Date.UTC(2026, 0, 1, 15, 59, 0);
    const { cloud, upload } = await withDevice({ dailyMessages: 2 }, { now: () => now });
    for (const expected of [undefined, undefined, 413]) {
      assert.equal((await upload()).json()['errcode'], expected);
    }
    now += 60_000;
    assert.equal((await upload()).json()['result'], 1, 'midnight');
    assert.equal(cloud.pictures.length, 4);
  });

  it('TC-1 lets each device upload once in ten seconds: 4291; projects at their own pace: 4292', async () => {
    let now = 0;
    const { upload } = await started({ paceMs: undefined, now: () => now });
    const other = '/device/v1/token-2/photo/image';
    assert.equal((await upload()).status, 200);
    now = 9_999;
    says(await upload(), 429, 4291, FREQUENCY);
    assert.equal((await upload(undefined, {}, other)).status, 200, 'another device');
    now = 10_000;
    assert.equal((await upload()).status, 200, 'the refused one did not count');
    now = 19_998;
    assert.equal((await upload()).json()['errcode'], 4291);
    assert.equal((await upload(undefined, {}, other)).json()['errcode'], 4291);

    let later = 0;
    const project = await started({ projectPaceMs: 1_000, now: () => later });
    assert.equal((await project.upload()).status, 200);
    says(await project.upload(undefined, {}, other), 429, 4292, FREQUENCY);
    later = 1_000;
    assert.equal((await project.upload(undefined, {}, other)).status, 200);
  });

  it('TC-1 knows no other endpoint: 4041', async () => {
    const { url, upload } = await started();
    const words = 'The requested endpoint does not exist';
    for (const path of [
      '/device/v1/token-1/photo',
      '/device/v1/a/b/c/image',
      '/device/v1//photo/image',
      '/%',
      '/device/v1/%/photo/image',
    ]) {
      says(await upload(undefined, {}, path), 404, 4041, words);
    }
    says(await send(`${url}/device/v1/token-1/photo/image`, { headers: HEADERS }), 404, 4041, words);
    says(await send(`${url}/pictures/none.jpg`), 404, 4041, words);
  });

  it('TC-1 gives any code of the table when told to, then goes on', async () => {
    assert.equal(ERRCODES.length, 23);
    const { cloud, upload } = await started();
    for (const errcode of ERRCODES) {
      const before = cloud.pictures.length;
      cloud.nextError(errcode);
      const reply = await upload();
      assert.equal(reply.json()['errcode'], errcode);
      const stored = [4009, 401, 451, 402, 403, 413].includes(errcode) ? 1 : 0;
      assert.equal(cloud.pictures.length - before, stored, `${errcode}`);
    }
    cloud.nextError(5001, 2);
    says(await upload(), 500, 5001, 'Internal server error');
    assert.equal((await upload()).status, 500);
    assert.equal((await upload()).status, 200);
    assert.throws(
      () => cloud.nextError(4007),
      (error) => isSnapflowError(error) && error.code === 'BAD_INPUT' && /4007/.test(error.message),
    );
  });

  it('TC-1 keeps the last pictures only, by number and by bytes', async () => {
    const few = await started({ keepPictures: 2 });
    const first = String((await few.upload()).json()['image_url']);
    await few.upload();
    assert.equal((await send(first)).status, 200);
    await few.upload();
    assert.equal(few.cloud.pictures.length, 2);
    assert.equal((await send(first)).status, 404);
    const light = await started({ keepBytes: 2 * PICTURES.png.length });
    for (let index = 0; index < 5; index++) await light.upload(PICTURES.png);
    assert.equal(light.cloud.pictures.length, 2);
  });

  it('TC-1 faults: too often, a proxy’s page, broken JSON, 5xx, outage', async () => {
    const { cloud, upload } = await started();
    await cloud.setFault('rate-limited', { times: 1 });
    says(await upload(), 429, 4291, FREQUENCY);
    await cloud.setFault('html', { times: 1 });
    const html = await upload();
    assert.equal(html.status, 502);
    assert.match(html.body.toString(), /^<html>/);
    await cloud.setFault('broken-json', { times: 1 });
    const broken = await upload();
    assert.equal(broken.status, 200);
    assert.throws(() => broken.json(), SyntaxError);
    await cloud.setFault('error', { times: 1 });
    says(await upload(), 500, 5001, 'Internal server error');
    await cloud.setFault('error', { times: 1, status: 503 });
    assert.equal((await upload()).status, 503);
    await cloud.setFault('empty', { times: 1 });
    assert.equal((await upload()).body.length, 0);
    await cloud.setFault('off');
    await assert.rejects(upload(), (error) => (error as NodeJS.ErrnoException).code === 'ECONNREFUSED');
    await cloud.setFault('reset', { times: 1 });
    await assert.rejects(upload(), (error) => (error as NodeJS.ErrnoException).code === 'ECONNRESET');
    assert.equal((await upload()).status, 200);
    assert.equal(cloud.pictures.length, 1);
    assert.equal(new Set(CLOUD_FAULTS.map((fault) => fault.name)).size, 9);
  });
});
