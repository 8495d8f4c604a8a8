import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readPictureHeader } from '../../../lib/picture';
import { Scene, SimulatedOnenet, simulators, type SimulatedOnenetOptions } from '../../../lib/simulators';
import { send, type PlainReply } from './plain-client';

const KEY = { 'api-key': 'simulated-key' };

describe('simulated OneNET', () => {
  let now: number;
  let cloud: SimulatedOnenet;
  let url: string;

  async function open(options: SimulatedOnenetOptions = {}): Promise<void> {
    cloud = new SimulatedOnenet({ now: () => now, ...options });
    ({ url } = await cloud.start());
  }

  beforeEach(() => {
    now = Date.UTC(2026, 0, 2, 3, 4, 5, 600);
  });
  afterEach(() => cloud.stop());

  const get = (path: string, headers: Record<string, string> = KEY) => send(url + path, { headers });
  const put = (path: string, body: Buffer | string, headers: Record<string, string> = KEY) =>
    send(url + path, { method: 'PUT', headers, body });
  const post = (path: string, body: unknown = '', headers: Record<string, string> = KEY) =>
    send(url + path, {
      method: 'POST',
      headers,
      body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
  const errnoOf = (reply: PlainReply) => reply.json()['errno'];
  const camera = 'device_id=500000&channel_id=1';

  it('wraps answers as the document shows: data, result, bare', async () => {
    await open();
    assert.deepEqual((await get('/ipc/video/device/QryChannel?device_id=500000')).json(), {
      errno: 0,
      error: 'succ',
      result: [{ channel_id: 1, title: 'ch1', desc: '' }],
    });
    assert.deepEqual((await get('/ipc/video/trans_encrypt?product_id=7')).json(), { errno: 0, trans_enc: 0 });
    const created = (await post('/devices', { title: 'a', protocol: 'RTMP' })).json();
    assert.deepEqual(created, { errno: 0, error: 'succ', data: { device_id: '500001' } });
    // Here the id is a number.
    const registered = (await post('/register_de?register_code=simulated-code', { sn: 's' }, {})).json();
    assert.equal((registered['data'] as { device_id: unknown }).device_id, 500_002);
  });

  it('refuses what the document forbids', async () => {
    await open();
    const REFUSED: readonly (readonly [Promise<PlainReply>, number])[] = [
      [post('/devices', { title: 'a' }), 400],
      [post('/devices', { title: 'a'.repeat(65), protocol: 'RTMP' }), 400],
      [post('/register_de?register_code=simulated-code', { sn: 's', mac: 'm' }, {}), 400],
      [post('/register_de?register_code=wrong', { sn: 's' }, {}), 401],
      [get('/devices/500000', {}), 401],
      [get('/devices/500000', { 'api-key': 'wrong' }), 401],
      [get('/devices/1'), 404],
      [get('/devices?per_page=101'), 400],
      [post(`/ipc/video/device/AddChannel?device_id=500000&channel_id=1&title=A`), 16],
      [post(`/ipc/video/device/AddChannel?device_id=500000&channel_id=2&title=%E9%97%A8`), 400],
      [post(`/ipc/video/device/ModifyChannel?device_id=500000&channel_id=2&title=A`), 17],
      [get(`/ipc/video/device/QryDevStatus?devIds=${Array<number>(31).fill(1).join()}`), 400],
      [post('/ipc/video/cmds?device_id=500000'), 400],
      [post('/ipc/video/cmds?device_id=500000', Buffer.alloc(65_536)), 400],
      [post('/ipc/video/dev_active?device_id=500000', Buffer.alloc(129)), 400],
      [get(`/ipc/video/record/record_video?product_id=1&${camera}&action=0`), 400],
      [get('/ipc/video/play_address?device_id=500000&channel_id=9&protocol_type=0'), 3],
      [get('/ipc/video/stat/getonlinelist?productid=1&page=2'), 400],
      [get('/nowhere'), 404],
    ];
    for (const [asked, errno] of REFUSED) assert.equal(errnoOf(await asked), errno);
  });

  it('hands commands on as time passes: created, sent, answered', async () => {
    await open({ devices: [{ id: '500000', answerMs: 300 }] });
    const frame = { type: 'video', cmdId: 7, cmd: { channel_id: 1, stop: 2, cmd: 11, speed: 2 } };
    const { data } = (await post('/ipc/video/cmds?device_id=500000&qos=1', frame)).json() as {
      data: { cmd_uuid: string; cmd_status: number };
    };
    const query = `device_id=500000&cmd_uuid=${data.cmd_uuid}`;
    const status = async () => (await get(`/ipc/video/cmd_status?${query}`)).json()['data'];
    const states: unknown[] = [{ status: data.cmd_status }, await status()];
    assert.equal(errnoOf(await get(`/ipc/video/cmd_resp?${query}`)), 400);
    now += 100;
    states.push(await status());
    now += 200;
    states.push(await status());
    assert.deepEqual(states, [{ status: 1 }, { status: 1 }, { status: 2 }, { status: 4 }]);
    assert.deepEqual((await get(`/ipc/video/cmd_resp?${query}`)).json(), {
      errno: 0,
      error: 'succ',
      resp: '',
      resp_code: 0,
    });
    assert.equal(errnoOf(await get('/ipc/video/cmd_status?device_id=500000&cmd_uuid=x')), 404);
  });

  const FRAMES: readonly (readonly [string, unknown, number])[] = [
    ['without type', { cmdId: 6, cmd: { channel_id: 1, level: 1 } }, 5],
    ['without cmd', { type: 'video', cmdId: 6 }, 5],
    ['that is no JSON', 'up!', 5],
    ['for a channel that is not there', { type: 'video', cmdId: 6, cmd: { channel_id: 9, level: 1 } }, 1],
    ['of an unknown command', { type: 'video', cmdId: 99, cmd: { channel_id: 1 } }, 4],
    ['without speed', { type: 'video', cmdId: 7, cmd: { channel_id: 1, stop: 2, cmd: 11 } }, 5],
    [
      'with the document’s cmdV alone',
      { type: 'video', cmdId: 7, cmd: { channel_id: 1, stop: 2, cmdV: 11, speed: 1 } },
      5,
    ],
    ['of a level too high', { type: 'video', cmdId: 6, cmd: { channel_id: 1, level: 5 } }, 5],
    ['of page 0', { type: 'video', cmdId: 10, cmd: { channel_id: 1, page: 0, per_page: 1 } }, 5],
  ];
  for (const [what, frame, code] of FRAMES) {
    it(`plays a device as strict as the device SDK: a frame ${what} gets ${code}`, async () => {
      await open({ devices: [{ id: '500000', answerMs: 0 }] });
      const { data } = (await post('/ipc/video/cmds?device_id=500000&qos=1', frame)).json() as {
        data: { cmd_status: number; dev_resp: unknown };
      };
      assert.deepEqual(data.dev_resp, { resp_code: code, resp_data: '' });
    });
  }

  it('shows in its pictures where the camera looks', async () => {
    await open({ devices: [{ id: '500000', answerMs: 0 }] });
    const thumbnail = async () => {
      const asked = await get(`/ipc/video/play_address?${camera}&protocol_type=1`);
      const { coveraddr, accessToken } = asked.json()['data'] as { coveraddr: string; accessToken: string };
      return (await send(`http://${coveraddr}/live_preview/500000-1?token=${accessToken}`)).body;
    };
    const before = await thumbnail();
    assert.deepEqual(readPictureHeader(before), {
      format: 'jpeg',
      mime: 'image/jpeg',
      width: 320,
      height: 180,
    });
    const frame = { type: 'video', cmdId: 7, cmd: { channel_id: 1, stop: 0, cmd: 16, speed: 7 } };
    await post('/ipc/video/cmds?device_id=500000&qos=0', frame);
    assert.notDeepEqual(await thumbnail(), before);
    assert.equal((await send(`${url}/live_preview/500000-1?token=wrong`)).status, 401);
    now += 3_600_001;
    const { accessToken } = (await get(`/ipc/video/play_address?${camera}&protocol_type=1`)).json()[
      'data'
    ] as {
      accessToken: string;
    };
    assert.equal((await send(`${url}/live_preview/500000_1?token=${accessToken}`)).status, 404);
    assert.equal((await send(`${url}/live/live_500000_1/preload?token=${accessToken}`)).status, 200);
  });

  it('stores pictures under their name, shows whole seconds, and gives each an address of its own', async () => {
    await open();
    const jpeg = new Scene({ name: 'x', width: 64, height: 36 }).picture();
    const upload = `/ipc/video/picture/upload?${camera}&name=n1`;
    assert.equal(errnoOf(await put(`${upload}&format=png`, jpeg)), 400);
    assert.equal(errnoOf(await put(`${upload}&format=jpg`, 'no picture at all')), 400);
    assert.equal(errnoOf(await put(`${upload}&format=jpg`, jpeg)), 0);
    assert.equal(errnoOf(await put(`${upload}&format=jpg`, jpeg)), 18);
    const list = (await get(`/ipc/video/picture/get_list?${camera}&page_start=1&page_size=1`)).json();
    const [facts] = list['data'] as { url: string; date: number; size: number }[];
    assert.deepEqual([facts?.date, facts?.size], [Math.floor(now / 1000), jpeg.length]);
    assert.deepEqual(list['page_info'], { total_num: 1, page_total: 1, page_size: 1, current_page: 1 });
    assert.deepEqual((await send(facts?.url ?? '')).body, jpeg);
    assert.equal((await send(`${url}/ipc/video/picture/500000/1/guess.jpg`)).status, 404);
    await send(`${url}/ipc/video/picture/delete_pictrue?${camera}&name=n1`, {
      method: 'DELETE',
      headers: KEY,
    });
    assert.equal(errnoOf(await get(`/ipc/video/picture/get_info?${camera}&name=n1`)), 404);
  });

  it('takes pictures by itself, catches up after a pause, and none of devices that are offline', async () => {
    await open({ devices: [{ id: '1' }, { id: '2', online: false }], pictureEveryMs: 10_000 });
    const count = async (device: string) => {
      const list = await get(`/ipc/video/picture/get_list?device_id=${device}&channel_id=1&page_size=100`);
      return (list.json()['data'] as unknown[]).length;
    };
    assert.equal(await count('1'), 0);
    now += 35_000;
    assert.deepEqual([await count('1'), await count('2')], [3, 0]);
    now += 3_600_000;
    assert.equal(await count('1'), 23);
  });

  it('checks the token of the file store by the rule itself', async () => {
    await open();
    const token = (expires: number, method = 'sha1', key = 'simulated-access-key', res = 'products/9') => {
      const sign = createHmac(method, key)
        .update(`${expires}\n${method}\n${res}\n2018-10-31`)
        .digest('base64');
      return (
        `version=2018-10-31&res=${encodeURIComponent(res)}&et=${expires}&method=${method}` +
        `&sign=${encodeURIComponent(sign)}`
      );
    };
    const soon = Math.floor(now / 1000) + 60;
    const list = (headers: Record<string, string>) => get('/ipc/video/file/list?product_id=9', headers);
    assert.equal((await list({ authorization: token(soon) })).status, 200);
    assert.equal((await list({ authorization: token(soon, 'md5') })).status, 200);
    assert.equal((await list({ authorization: token(soon - 61) })).status, 401);
    assert.equal((await list({ authorization: token(soon, 'sha1', 'wrong') })).status, 401);
    assert.equal((await list({ authorization: token(soon, 'sha1', undefined, 'products/8') })).status, 401);
    assert.equal((await list({ authorization: 'nonsense' })).status, 401);
    assert.equal((await list({ ...KEY, authorization: token(soon) })).status, 400);
    assert.equal((await list({})).status, 400);
    const upload = (name: string, body = 'x', desc = '') =>
      put(`/ipc/video/file/upload?product_id=9&name=${name}&desc=${desc}`, body);
    assert.deepEqual((await upload('n')).json(), { errno: 200, error: 'succ' });
    assert.equal(errnoOf(await upload('a%2Fb')), 1001);
    assert.equal(errnoOf(await upload('n'.repeat(257))), 1002);
    assert.equal(errnoOf(await upload('n', 'x', 'd'.repeat(1025))), 1003);
    assert.equal(errnoOf(await upload('n', 'x'.repeat(8 * 1024 * 1024 + 1))), 413);
  });

  it('answers with any errno it is told to', async () => {
    await open();
    cloud.nextRefusal(77, 'because', 2);
    assert.deepEqual((await get('/devices')).json(), { errno: 77, error: 'because' });
    assert.equal(errnoOf(await get('/devices')), 77);
    assert.equal(errnoOf(await get('/devices')), 0);
  });

  it('has the faults that it names', async () => {
    await open();
    assert.deepEqual(
      simulators.onenet.faults.map(({ name }) => name),
      cloud.faults.map(({ name }) => name),
    );
    await cloud.setFault('html');
    assert.match((await get('/devices')).body.toString(), /^<html>/);
    await cloud.setFault('broken-json');
    assert.match((await get('/devices')).body.toString(), /"da$/);
    await cloud.setFault('auth-failed');
    assert.equal(errnoOf(await get('/devices')), 401);
    await cloud.setFault('error', { status: 500 });
    assert.deepEqual((await get('/devices')).status, 500);
    await cloud.setFault('offline');
    const status = (await get('/ipc/video/device/QryDevStatus?devIds=500000')).json()['result'];
    assert.deepEqual(status, { total_count: 1, devices: [{ id: '500000', online: false }] });
    assert.equal(errnoOf(await post('/ipc/video/dev_active?device_id=500000', 'x')), 10);
    const command = (await post('/ipc/video/cmds?device_id=500000&qos=0', 'x')).json()['data'];
    assert.equal((command as { cmd_status: number }).cmd_status, 0);
  });
});
