import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  addChannel,
  createDevice,
  deleteChannel,
  deleteDevice,
  deleteFile,
  deletePicture,
  deleteVideos,
  downloadFile,
  fetchPicture,
  getBootAddress,
  getDevice,
  getEncryption,
  getHistoryAddress,
  getOnlineStatus,
  getPictureInfo,
  getPlayAddress,
  getVideo,
  getVideoAddress,
  getVideoToken,
  listChannels,
  listDeviceMessages,
  listFiles,
  listLocalVideos,
  listPictures,
  listPushers,
  listVideos,
  listViewers,
  modifyChannel,
  movePtz,
  passThrough,
  preloadHls,
  registerDevice,
  renameVideo,
  searchDevices,
  sendCommand,
  setEncryption,
  setStreamLevel,
  switchCamera,
  switchRecording,
  takePicture,
  takeThumbnail,
  testAccount,
  updateDevice,
  uploadFile,
  uploadPicture,
  type Account,
  type AccountOptions,
  type Dialect,
} from '../../../lib/onenet';
import { Scene, SimulatedOnenet, type SimulatedOnenetOptions } from '../../../lib/simulators';
import { JumpingClock } from '../../support/jumping-clock';
import { accountAt, collect } from './support';

const CAMERA = { deviceId: '500000', channelId: '1' };
const NUMBERED = { deviceId: '500000', channelId: 1 };

describe('OneNET journeys through the simulated platform', () => {
  let clock: JumpingClock;
  let cloud: SimulatedOnenet;
  let account: Account;

  /** Platform, devices and account share one clock: while one waits, the others get on. */
  async function open(
    options: SimulatedOnenetOptions = {},
    own: Partial<AccountOptions> = {},
  ): Promise<void> {
    cloud = new SimulatedOnenet({ now: () => clock.time, ...options });
    const { url } = await cloud.start();
    account = accountAt(url, { apiKey: 'simulated-key', clock, ...own });
  }

  beforeEach(() => {
    clock = new JumpingClock();
  });
  afterEach(async () => {
    await account.close();
    await cloud.stop();
  });

  it('ON-1.1 … ON-1.6 a device comes, changes, is found, and goes', async () => {
    await open();
    const { deviceId } = await createDevice(account, {
      title: 'Gate',
      authInfo: { SYS: 'x' },
      latitude: 29.5,
    });
    await updateDevice(account, { deviceId, description: 'north', tags: ['outdoor'] });
    const facts = await getDevice(account, { deviceId });
    assert.deepEqual([facts.title, facts.description, facts.online], ['Gate', 'north', true]);
    assert.equal(facts.createdAt, new Date(clock.time).toISOString());
    const found = await collect(
      searchDevices(account, { keyword: 'ga', tag: 'outdoor', authInfo: { SYS: 'x' } }),
    );
    assert.deepEqual(
      found.map((one) => one.deviceId),
      [deviceId],
    );
    await deleteDevice(account, { deviceId });
    await assert.rejects(getDevice(account, { deviceId }), { code: 'NOT_FOUND' });
    assert.deepEqual(await testAccount(account), { device: { deviceId: '500000', title: 'camera' } });
  });

  it('ON-1.2 a registered device gets a key that opens it alone', async () => {
    await open();
    const { deviceId, apiKey } = await registerDevice(account, {
      registrationCode: 'simulated-code',
      mac: 'm1',
    });
    const own = accountAt(account.origin, { apiKey, clock });
    assert.equal((await getDevice(own, { deviceId })).deviceId, deviceId);
    assert.deepEqual(await listChannels(own, { deviceId }), [{ channelId: '1', title: 'ch1' }]);
    for (const refused of [
      () => getDevice(own, { deviceId: '500000' }),
      () => listChannels(own, { deviceId: '500000' }),
      () => createDevice(own, { title: 'x' }),
      () => listPushers(own, { productId: '1' }),
    ]) {
      await assert.rejects(refused(), { code: 'AUTH_REJECTED' });
    }
    await own.close();
  });

  it('ON-1.5 a hundred and more devices come page by page', async () => {
    await open({ devices: Array.from({ length: 230 }, (_, index) => ({ id: String(index + 1) })) });
    const all = await collect(searchDevices(account, {}));
    assert.equal(new Set(all.map(({ deviceId }) => deviceId)).size, 230);
    assert.equal(cloud.counters['GET /devices'], 3);
  });

  it('ON-2.1 … ON-2.4 channels come, change and go, with the refusals of the document', async () => {
    await open();
    await addChannel(account, { ...CAMERA, channelId: '2', title: 'Yard', description: 'south' });
    await assert.rejects(addChannel(account, { ...CAMERA, title: 'Again' }), {
      code: 'BAD_INPUT',
      platform: { code: 16, message: 'The channel already exists,cannot add again!' },
    });
    await modifyChannel(account, { ...CAMERA, channelId: '2', title: 'Yard2' });
    await assert.rejects(modifyChannel(account, { ...CAMERA, channelId: '9', title: 'None' }), {
      code: 'NOT_FOUND',
    });
    assert.deepEqual((await listChannels(account, { deviceId: '500000' }))[1], {
      channelId: '2',
      title: 'Yard2',
      description: 'south',
    });
    await deleteChannel(account, { ...CAMERA, channelId: '2' });
    assert.equal((await listChannels(account, { deviceId: '500000' })).length, 1);
  });

  const READERS: readonly (readonly [Dialect, 'document' | 'sdk' | 'later', boolean])[] = [
    ['both', 'document', true],
    ['both', 'sdk', true],
    ['both', 'later', true],
    ['document', 'document', true],
    ['sdk', 'sdk', true],
    ['document', 'sdk', false],
    ['sdk', 'document', false],
  ];
  for (const [dialect, reads, isUnderstood] of READERS) {
    it(`ON-3.2b frames of the dialect “${dialect}” ${isUnderstood ? 'move' : 'do not move'} a device that reads “${reads}”`, async () => {
      await open({ devices: [{ id: '500000', reads }] }, { dialect });
      const moving = movePtz(account, { ...NUMBERED, movement: 'right', speed: 3 });
      const camera = cloud.world.device('500000').channel('1').camera;
      if (isUnderstood) await moving;
      else await assert.rejects(moving, { code: 'DEVICE_REFUSED', platform: { code: 5 } });
      assert.equal(camera.position.pan, isUnderstood ? 3 : 0);
    });
  }

  it('ON-3.1 ON-3.2a commands are followed until the device has answered', async () => {
    await open({ devices: [{ id: '500000', answerMs: 4_000 }] });
    const level = await setStreamLevel(account, { ...NUMBERED, level: 'ultra' });
    assert.equal(level.state, 'answered');
    assert.equal(cloud.world.device('500000').channel('1').camera.level, 4);
    const content = { door: 'open' };
    const echoed = await sendCommand(account, { deviceId: '500000', content, kind: 'user', answer: true });
    assert.deepEqual(echoed.answer?.value, content);
    assert.equal(cloud.counters['POST /ipc/video/cmds'], 2);
    assert.ok((cloud.counters['GET /ipc/video/cmd_status'] ?? 0) > 4);
  });

  const COMMAND_FAULTS: readonly (readonly [string, string])[] = [
    ['offline', 'DEVICE_OFFLINE'],
    ['send-error', 'UNREACHABLE'],
    ['silent', 'TIMEOUT'],
    ['bad-answer', 'BAD_RESPONSE'],
    ['device-error', 'DEVICE_REFUSED'],
    ['auth-failed', 'AUTH_REJECTED'],
    ['html', 'BAD_RESPONSE'],
    ['broken-json', 'BAD_RESPONSE'],
    ['error', 'PLATFORM_FAILED'],
    ['reset', 'UNREACHABLE'],
    ['off', 'UNREACHABLE'],
  ];
  for (const [fault, code] of COMMAND_FAULTS) {
    it(`ON-3.1 a command while the fault “${fault}” is on ends with ${code}, and the next one works`, async () => {
      await open();
      await cloud.setFault(fault);
      await assert.rejects(movePtz(account, { ...NUMBERED, movement: 'up' }), { code, system: 'onenet' });
      await cloud.setFault();
      assert.equal((await movePtz(account, { ...NUMBERED, movement: 'up' })).state, 'answered');
    });
  }

  it('X-ON-a takes a picture on a device, waits for it and fetches it', async () => {
    await open({ devices: [{ id: '500000', answerMs: 2_000 }], pictureDelayMs: 3_000 });
    const before = clock.time;
    const { data, info } = await takePicture(account, { ...NUMBERED, width: 320, height: 180, quality: 60 });
    assert.deepEqual([info.format, info.width, info.height, info.bytes], ['jpeg', 320, 180, data.length]);
    assert.deepEqual(info.source, { system: 'onenet', device: '500000', channel: '1', kind: 'snapshot' });
    assert.equal(info.takenAt, new Date(Math.floor(before / 1000) * 1000).toISOString());
    assert.ok(clock.time - before >= 3_000);
  });

  it('X-ON-a says so when the device does not know the command', async () => {
    await open({ devices: [{ id: '500000', takesSnapshots: false }] });
    await assert.rejects(takePicture(account, NUMBERED), { code: 'DEVICE_REFUSED', platform: { code: 4 } });
  });

  it('ON-4.1 … ON-4.3 live stream: addresses, preloading, and thumbnails that show where the camera looks', async () => {
    await open();
    const live = await getPlayAddress(account, { ...CAMERA, protocol: 'hls' });
    assert.equal((await fetch(live.url)).status, 200);
    assert.match(
      (await getPlayAddress(account, CAMERA)).url,
      /^rtmp:\/\/127\.0\.0\.1:\d+\/live\/500000-1\?\w+$/,
    );
    const history = await getHistoryAddress(account, { ...CAMERA, startTime: 0, endTime: 60 });
    assert.match(history.url, /\/rvod\/500000-1-19700101080000-19700101080100\?/);
    const { url } = await preloadHls(account, CAMERA);
    assert.equal((await fetch(url)).status, 200);
    const first = await takeThumbnail(account, CAMERA);
    await movePtz(account, { ...NUMBERED, movement: 'zoomIn', answer: false });
    const second = await takeThumbnail(account, CAMERA);
    assert.deepEqual([first.info.width, first.info.source.kind], [320, 'thumbnail']);
    assert.notEqual(first.info.id, second.info.id);
  });

  it('ON-4.3 learns how a host spells the path of a thumbnail, and where thumbnails are without a host of their own', async () => {
    await open({ thumbnailSpelling: '_', coverAddress: false });
    await takeThumbnail(account, CAMERA);
    const requests = cloud.counters['requests'] ?? 0;
    await takeThumbnail(account, CAMERA);
    assert.equal((cloud.counters['requests'] ?? 0) - requests, 2);
  });

  it('ON-4.1 ON-14 a camera that is switched off has no stream until it is switched on', async () => {
    await open();
    const camera = { productId: '9', deviceId: '500000', cameraId: '1' };
    await switchCamera(account, { ...camera, state: 'off' });
    await assert.rejects(getPlayAddress(account, CAMERA), { code: 'DEVICE_OFFLINE' });
    await assert.rejects(takeThumbnail(account, CAMERA), { code: 'DEVICE_OFFLINE' });
    await switchCamera(account, { ...camera, state: 'on' });
    await takeThumbnail(account, CAMERA);
    await assert.rejects(getPlayAddress(account, { ...CAMERA, channelId: '7' }), { code: 'NOT_FOUND' });
  });

  it('ON-5.1 … ON-5.5 pictures are uploaded, listed, fetched and deleted', async () => {
    await open();
    const scene = new Scene({ name: 'gate', width: 64, height: 36 });
    for (let index = 0; index < 7; index++) {
      const at = new Date(clock.time);
      await uploadPicture(account, { ...CAMERA, picture: scene.picture({ at }), takenAt: at });
      clock.time += 60_000;
    }
    const all = await collect(listPictures(account, { ...CAMERA, pageSize: 3 }));
    assert.equal(all.length, 7);
    const since = new Date(clock.time - 150_000);
    assert.equal((await collect(listPictures(account, { ...CAMERA, startTime: since }))).length, 2);

    const [newest] = all;
    assert.ok(newest);
    const { name } = newest;
    assert.deepEqual(await getPictureInfo(account, { ...CAMERA, name }), newest);
    const byName = await fetchPicture(account, { ...CAMERA, name });
    const byAddress = await fetchPicture(account, { ...CAMERA, ...newest });
    assert.deepEqual(byName.info, byAddress.info);
    assert.deepEqual([byName.info.width, byName.info.takenAt], [64, newest.takenAt]);

    const again = { ...CAMERA, picture: byName.data };
    await assert.rejects(uploadPicture(account, { ...again, name }), {
      code: 'BAD_INPUT',
      details: { duplicate: true },
    });
    const first = await uploadPicture(account, again);
    assert.equal(first.alreadyStored, false);
    assert.deepEqual(await uploadPicture(account, again), { ...first, alreadyStored: true });

    await deletePicture(account, { ...CAMERA, name });
    await assert.rejects(fetchPicture(account, { ...CAMERA, name }), { code: 'NOT_FOUND' });
  });

  it('ON-6.1 … ON-6.5 ON-12 ON-3.2c what is recorded is listed, played, renamed and deleted', async () => {
    await open();
    const recording = { ...CAMERA, productId: '9' };
    const startedAt = new Date(clock.time).toISOString();
    await switchRecording(account, { ...recording, action: 'start' });
    await assert.rejects(switchRecording(account, { ...recording, action: 'start' }), { code: 'BAD_INPUT' });
    clock.time += 10_000;
    await switchRecording(account, { ...recording, action: 'stop' });
    const [video] = await collect(
      listVideos(account, { ...CAMERA, startTime: startedAt, endTime: startedAt }),
    );
    assert.ok(video);
    assert.deepEqual([video.startedAt, video.sizeBytes], [startedAt, 640 * 1024]);
    const { videoId } = video;
    assert.equal((await getVideo(account, { ...CAMERA, videoId })).durationSeconds, 10);
    const { token } = await getVideoToken(account, { ...CAMERA, videoId });
    const address = await getVideoAddress(account, { ...CAMERA, videoId, secure: true });
    assert.match(address.hlsUrl ?? '', new RegExp(`^https://.*\\?token=${token}$`));
    assert.match(address.rtmpUrl ?? '', new RegExp(`^rtmpe://.*\\?${token}$`));

    await renameVideo(account, { ...CAMERA, videoId, newName: '夜间' });
    assert.equal((await collect(listVideos(account, { ...CAMERA, videoName: '夜间' }))).length, 1);
    const [local] = await collect(
      listLocalVideos(account, { ...NUMBERED, startTime: startedAt, pageSize: 5 }),
    );
    assert.deepEqual(local, {
      channelId: '1',
      title: '夜间',
      sizeBytes: 640 * 1024,
      startedAt,
      endedAt: new Date(Date.parse(startedAt) + 10_000).toISOString(),
    });
    assert.deepEqual(await deleteVideos(account, { ...CAMERA, videoIds: ['none', videoId] }), [
      { videoId: 'none', deleted: false, code: 1, message: 'not exist' },
      { videoId, deleted: true, code: 0 },
    ]);
  });

  it('ON-7.1 ON-7.2 the encryption of a product is set and told', async () => {
    await open();
    assert.deepEqual(await getEncryption(account, { productId: '7' }), { productId: '7', encrypted: false });
    await setEncryption(account, { productId: '7', encrypted: true });
    assert.equal((await getEncryption(account, { productId: '7' })).encrypted, true);
  });

  it('ON-8 ON-9 ON-10 ON-11 state and messages of devices', async () => {
    const ids = Array.from({ length: 61 }, (_, index) => ({ id: String(index + 1), online: index !== 0 }));
    await open({ devices: ids });
    const states = await getOnlineStatus(account, { deviceIds: ids.map(({ id }) => id) });
    assert.equal(states.filter(({ online }) => online).length, 60);
    assert.deepEqual(states[0], { deviceId: '1', online: false });
    assert.equal(cloud.counters['GET /ipc/video/device/QryDevStatus'], 3);

    const device = cloud.world.device('2');
    for (let index = 0; index < 120; index++) {
      device.messages.push({ at: clock.time + index * 1000, id: 14, content: Buffer.from(`m${index}`) });
    }
    const period = { startTime: clock.time, endTime: clock.time + 3_600_000 };
    const messages = await collect(listDeviceMessages(account, { deviceId: '2', ...period }));
    assert.deepEqual(
      messages.map(({ content }) => content.toString()),
      Array.from({ length: 120 }, (_, index) => `m${index}`),
    );
    assert.deepEqual(await getBootAddress(account, {}), { address: '127.0.0.1', port: 9101 });
    await passThrough(account, { deviceId: '2', content: '唤醒' });
    assert.deepEqual(device.passedThrough, [Buffer.from('唤醒')]);
    await assert.rejects(passThrough(account, { deviceId: '1', content: 'x' }), { code: 'DEVICE_OFFLINE' });
  });

  it('ON-13.1 ON-13.2 lists of the moment are whole, also when the platform forgets one half-way', async () => {
    const viewers = Array.from({ length: 130 }, (_, index) => ({
      productid: 9,
      deviceid: 500000,
      channelid: 1,
      clientip: `192.0.2.${index}`,
      onlinetime: '00:00:09',
    }));
    await open({ viewers });
    const slow = () => {
      clock.time += 301_000;
    };
    cloud.once('request', slow);
    const all = await listViewers(account, { productId: '9' });
    assert.equal(new Set(all.map(({ address }) => address)).size, 130);
    assert.equal(cloud.counters['GET /ipc/video/stat/getonlinelist'], 5);
    assert.equal((await listViewers(account, { productId: '9', cap: 60 })).length, 60);
    const [pusher] = await listPushers(account, { productId: '9', deviceId: '500000' });
    assert.deepEqual([pusher?.channelId, pusher?.resolution], ['1', { width: 640, height: 360 }]);
  });

  for (const credential of [{}, { accessKey: Buffer.from('simulated-access-key').toString('base64') }]) {
    it(`ON-15.1 … ON-15.4 files by ${'accessKey' in credential ? 'token' : 'api-key'}`, async () => {
      await open({}, credential);
      const file = { productId: '1111', name: '报告.txt' };
      await uploadFile(account, { ...file, content: '一', description: 'daily' });
      assert.equal((await downloadFile(account, file)).toString(), '一');
      const listed = await collect(listFiles(account, { productId: '1111' }));
      assert.deepEqual(listed, [
        {
          ...file,
          sizeBytes: 3,
          storedAt: new Date(Math.floor(clock.time / 1000) * 1000).toISOString(),
          description: 'daily',
        },
      ]);
      await deleteFile(account, file);
      await assert.rejects(downloadFile(account, file), { code: 'NOT_FOUND' });
      await assert.rejects(uploadFile(account, { ...file, name: 'a/b', content: 'x' }), {
        code: 'BAD_INPUT',
        platform: { code: 1001, message: 'invalid name, excluding special characters', httpStatus: 400 },
      });
    });
  }

  it('ON-15.2 a token of another access key is refused', async () => {
    await open({}, { accessKey: Buffer.from('wrong').toString('base64') });
    await assert.rejects(downloadFile(account, { productId: '1', name: 'n' }), { code: 'AUTH_REJECTED' });
  });
});
