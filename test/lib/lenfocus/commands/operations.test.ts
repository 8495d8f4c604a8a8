import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { isSnapflowError } from '../../../../lib/errors';
import type { CommandParams, LenfocusServerOptions, OperationName } from '../../../../lib/lenfocus';
import type { SimulatedLenfocusCameraOptions } from '../../../../lib/simulators/lenfocus-camera';
import { jpeg, SN, startServer } from '../support/setting';

/** 2021-10-03, a Sunday: videos of ten minutes end at 16:00 by the camera's clock. */
const NOW = Date.UTC(2021, 9, 3, 8);
const DAY = { start: '2021-10-03 00:00:00', end: '2021-10-03 23:59:59' };
const PERSON = {
  personId: '18446744073709551615',
  name: '张三',
  workId: '10091',
  idCard: '110101199003070000',
  icCard: 'RF1',
  gender: 1,
  age: 25,
  department: '测试部',
  category: 1,
};
const FACE_PARAMETERS: CommandParams['setFaceParameters'] = {
  enable: true,
  showFace: true,
  showHuman: false,
  pushStranger: true,
  pushFace: true,
  pushScene: true,
  playAudio: false,
  playAudioVip: true,
  threshold: 50,
  recognitionThreshold: 85,
  minFace: 50,
  minHuman: 60,
  faceQuality: 0,
  humanQuality: 100,
  serverEnable: true,
  alarm: { interval: 10, push: true },
};

async function withCamera(
  t: TestContext,
  camera: Partial<SimulatedLenfocusCameraOptions> = {},
  options: LenfocusServerOptions = {},
) {
  const setting = await startServer(t, options);
  const device = await setting.camera({ now: () => NOW, ...camera });
  const run = <K extends OperationName>(operation: K, params: CommandParams[K]) =>
    setting.server.command(SN, operation, params).then(({ result }) => result);
  return { ...setting, camera: device, run };
}

/** A device whose request the test sees, and that answers what the test says. */
async function raw(t: TestContext, options: LenfocusServerOptions = {}) {
  const setting = await startServer(t, options);
  const device = await setting.device();
  const token = await device.connect({ sn: SN });
  const ask = async <K extends OperationName>(
    operation: K,
    params: CommandParams[K],
    answer: Parameters<typeof device.reply>[1] = {},
  ) => {
    const reply = setting.server.command(SN, operation, params);
    const frame = await device.next();
    device.reply(frame, answer);
    return { frame, ...(await reply) };
  };
  return { ...setting, device, token, ask };
}

describe('settings', () => {
  it('LF-1.5 sends face parameters as the document writes them', async (t) => {
    const { ask, token } = await raw(t);
    const { frame, result, code } = await ask('setFaceParameters', FACE_PARAMETERS, { code: 200, msg: 'OK' });
    assert.deepEqual(frame.data, {
      uri: '/ivp/facecap_param_set',
      param: {
        enable: true,
        show_face: true,
        show_human: false,
        push_stranger: true,
        push_face: true,
        push_bg: true,
        play_audio: false,
        play_audio_vip: true,
        threshold: 50,
        reg_threshold: 85,
        mini_face: 50,
        mini_human: 60,
        quality_face: 0,
        quality_human: 100,
        server_enable: true,
        alarm_out: { interval: 10, alarm_push: true },
      },
    });
    assert.equal(frame.token, token);
    assert.match(String(frame.msgid), /^\d{12}$/);
    assert.deepEqual([result, code], [{ done: true }, 200]);
  });

  it('LF-1.5 tries the other uri of the document when a camera does not know the first', async (t) => {
    const { run, camera } = await withCamera(t, { unknownUris: ['/ivp/facecap_param_set'] });
    assert.deepEqual(await run('setFaceParameters', FACE_PARAMETERS), { done: true });
    assert.equal(camera.device.settings.face.threshold, 50);
    assert.equal(camera.counters.commands, 2);
    const deaf = await withCamera(t, { unknownUris: ['/ivp/facecap_param_set', '/ivp/person_param_set'] });
    await assert.rejects(
      deaf.run('setFaceParameters', FACE_PARAMETERS),
      (error) => isSnapflowError(error) && error.platform?.code === 404,
    );
  });

  it('LF-1.5 goes to the uri that the caller names', async (t) => {
    const { server, device } = await raw(t);
    const reply = server.command(SN, 'setFaceParameters', FACE_PARAMETERS, { uri: '/ivp/face_param_set' });
    const frame = await device.next();
    assert.equal(frame.data.uri, '/ivp/face_param_set');
    device.reply(frame, {});
    await reply;
  });

  it('LF-1.6 sends recording settings with 1 and 0, as the document does', async (t) => {
    const { ask } = await raw(t);
    const { frame } = await ask('setRecording', {
      normal: true,
      onDisconnect: false,
      onAlarm: true,
      audio: true,
      fileMinutes: 5,
      whenFull: 0,
      preRecord: { enable: true, seconds: 10 },
    });
    assert.deepEqual(frame.data, {
      uri: '/storage/record_set',
      param: {
        normal_record: 1,
        disconnect_record: 0,
        alarm_record: 1,
        audio_enable: 1,
        file_len: 5,
        strategy: 0,
        pre_record: { enable: 1, duration: 10 },
      },
    });
  });

  it('LF-1.9 reboots: the camera answers, goes and comes back', async (t) => {
    const { run, next } = await withCamera(t);
    const [gone, back] = [next('disconnect'), next('connect')];
    assert.deepEqual(await run('reboot', { delayMs: 5 }), { done: true });
    await gone;
    await back;
    const { ask } = await raw(t);
    assert.deepEqual((await ask('reboot', {})).frame.data, {
      uri: '/system/maintain/reboot',
      param: { delay_ms: 1000 },
    });
  });

  it('X-LF-k starts an update: the camera asks for it', async (t) => {
    const { run, next } = await withCamera(t);
    const asked = next('ota');
    assert.deepEqual(await run('updateFirmware', {}), { done: true });
    assert.equal((await asked).query.device.sn, SN);
  });
});

describe('videos and captures', () => {
  it('LF-1.7 counts the videos of a month: 1–12 outside, from 0 on the wire', async (t) => {
    const { run } = await withCamera(t, { videos: 100 });
    const days = [
      { day: 2, date: '2021-10-02', count: 4 },
      { day: 3, date: '2021-10-03', count: 96 },
    ];
    assert.deepEqual(await run('videosPerMonth', { year: 2021, month: 10 }), {
      year: 2021,
      month: 10,
      total: 100,
      days,
    });
    assert.deepEqual((await run('videosPerMonth', { year: 2021, month: 11 })).days, []);
  });

  it('LF-1.7 by setting, months count from 1 on the wire', async (t) => {
    const { ask } = await raw(t, { monthBase: 1 });
    const { frame, result } = await ask(
      'videosPerMonth',
      { year: 2024, month: 1 },
      { result: { list: [{ day: '15', count: '12' }] } },
    );
    assert.deepEqual(frame.data.param, { year: 2024, month: 1 });
    assert.deepEqual(result, {
      year: 2024,
      month: 1,
      total: 12,
      days: [{ day: 15, date: '2024-01-15', count: 12 }],
    });
  });

  it('LF-1.8 lists videos, a page or all of them', async (t) => {
    const { run, server } = await withCamera(t, { videos: 300 });
    const page = await run('videoList', { ...DAY, page: 1, pageSize: 90 });
    assert.deepEqual([page.total, page.items.length, page.complete], [96, 6, false]);
    assert.deepEqual(page.items.at(-1), {
      path: '/progs/rec/00/20211003/N03155000.mp4',
      startedAt: '2021-10-03T07:50:00.000Z',
      endedAt: '2021-10-03T08:00:00.000Z',
    });
    const whole = await server.command(
      SN,
      'videoList',
      { start: '2021-09-01 00:00:00', end: '2021-10-04 00:00:00', pageSize: 7 },
      { whole: true },
    );
    assert.deepEqual(
      [whole.result.total, whole.result.items.length, whole.result.complete],
      [300, 300, true],
    );
    assert.equal(new Set(whole.result.items.map(({ path }) => path)).size, 300);
  });

  it('LF-1.8 fetches no more than the cap of a whole list, and does not ask for ever', async (t) => {
    const { server } = await withCamera(t, {}, { limits: { maxListItems: 20 } });
    const { result } = await server.command(SN, 'videoList', { ...DAY, pageSize: 15 }, { whole: true });
    assert.deepEqual([result.total, result.items.length, result.complete], [96, 20, false]);

    const liar = await raw(t);
    const reply = liar.server.command(SN, 'listPersons', {}, { whole: true });
    for (const list of [[{ pid: '1' }], [{ pid: '2' }], []]) {
      liar.device.reply(await liar.device.next(), { result: { total: 916, list } });
    }
    const { result: persons } = await reply;
    assert.deepEqual([persons.total, persons.items.length, persons.complete], [916, 2, false]);
  });

  it('LF-1.10 LF-1.11 list captures with the pages of the document: from 1 and from 0', async (t) => {
    const { camera, run } = await withCamera(t);
    await camera.pushFace({ name: '张三', gender: 2, age: 27 });
    await camera.pushFace();
    const [capture, ...others] = (await run('faceCaptures', { ...DAY, name: '张三' })).items;
    assert.deepEqual(others, []);
    const stamp = 'sdcard/face_record/202110031600000';
    assert.deepEqual(capture, {
      takenAt: '2021-10-03T08:00:00.000Z',
      files: { face: `${stamp}.jpg`, body: `${stamp}_body.jpg`, scene: `${stamp}_bg.jpg` },
      name: '张三',
      similarity: 86,
      gender: { code: 2, en: 'Female', zh: '女' },
      age: 27,
    });
    const pedestrians = await run('pedestrianCaptures', DAY);
    assert.deepEqual([pedestrians.total, pedestrians.items.length, pedestrians.complete], [2, 2, true]);
    assert.deepEqual(Object.keys(pedestrians.items[0] ?? {}), ['takenAt', 'files']);
  });

  it('LF-1.10 takes times as people and programs write them', async (t) => {
    const { ask } = await raw(t);
    const expected = { start_time: '2021-10-03 10:30:00', end_time: '2021-10-03 16:00:00' };
    for (const [start, end] of [
      ['2021-10-03 10:30:00', '2021-10-03 16:00'],
      ['2021-10-03T02:30:00Z', '2021-10-03T16:00:00+08:00'],
      [new Date('2021-10-03T02:30:00Z'), Date.UTC(2021, 9, 3, 8)],
      [1633228200, '1633248000'],
    ] as const) {
      const { frame } = await ask('pedestrianCaptures', { start, end });
      assert.deepEqual(frame.data.param, { ...expected, page_num: 0, page_size: 32 });
    }
  });

  it('X-LF-e reads a file from the device: bytes, and a picture when it is one', async (t) => {
    const { camera, run } = await withCamera(t);
    await camera.pushFace({ name: '张三' });
    const [capture] = (await run('faceCaptures', DAY)).items;
    const path = capture?.files.face ?? '';
    const file = await run('readFile', { path });
    assert.equal(file.path, path);
    assert.equal(file.picture?.info.width, 16);
    assert.deepEqual(file.picture?.data, file.data);
    await assert.rejects(
      run('readFile', { path: 'nowhere' }),
      (error) => isSnapflowError(error) && error.platform?.code === 426,
    );

    const { ask } = await raw(t);
    const text = await ask(
      'readFile',
      { path: 'log' },
      { result: { base64: Buffer.from('log').toString('base64') } },
    );
    assert.deepEqual(text.result, { path: 'log', data: Buffer.from('log') });
    await assert.rejects(
      ask('readFile', { path: 'log' }, { result: {} }),
      (error) => isSnapflowError(error) && error.code === 'BAD_RESPONSE',
    );
  });
});

describe('persons', () => {
  it('LF-1.12 to LF-1.15 add, list, query, update and delete', async (t) => {
    const { camera, run } = await withCamera(t);
    const photo = jpeg();
    assert.deepEqual(await run('addPerson', { ...PERSON, photo }), { done: true });
    const found = {
      ...PERSON,
      gender: { code: 1, en: 'Male', zh: '男' },
      category: { code: 1, en: 'Whitelist', zh: '白名单' },
      photoPath: `data/facelib/${PERSON.personId}.jpg`,
    };
    assert.deepEqual(await run('queryPerson', { personId: PERSON.personId }), found);
    assert.deepEqual((await run('readFile', { path: found.photoPath })).data, photo);
    assert.deepEqual(await run('listPersons', { name: '张三', category: 1 }), {
      total: 1,
      items: [found],
      complete: true,
    });
    assert.deepEqual((await run('listPersons', { workId: 'nobody' })).items, []);
    await run('updatePerson', { personId: PERSON.personId, name: '李四' });
    assert.equal((await run('queryPerson', { personId: PERSON.personId })).name, '李四');
    await run('deletePerson', { personId: PERSON.personId });
    assert.equal(camera.device.faces.size, 0);
  });

  it('LF-1.12 sends every field of the document, and the photo as plain base64', async (t) => {
    const { ask } = await raw(t);
    const photo = jpeg();
    const { frame } = await ask('addPerson', {
      personId: '1',
      name: 'n',
      gender: 2,
      age: 3,
      category: 4,
      photo: `data:image/jpeg;base64,${photo.toString('base64')}`,
    });
    assert.deepEqual(frame.data.param, {
      pid: '1',
      name: 'n',
      work_id: '',
      id_card_no: '',
      ic_card_no: '',
      gender: 2,
      age: 3,
      department: '',
      category: 4,
      photo: photo.toString('base64'),
    });
  });

  it('LF-1.13 fetches the whole list, page by page from 1', async (t) => {
    const { run, server } = await withCamera(t);
    for (let i = 0; i < 70; i++) await run('addPerson', { ...PERSON, personId: String(i), photo: jpeg() });
    const { result } = await server.command(SN, 'listPersons', {}, { whole: true });
    assert.deepEqual([result.total, result.items.length, result.complete], [70, 70, true]);
    assert.equal(new Set(result.items.map(({ personId }) => personId)).size, 70);
    const page = await run('listPersons', { page: 2, pageSize: 32 });
    assert.deepEqual([page.items.length, page.complete], [32, false]);
  });

  it('LF-1.14 reads a person whose category is a text, as in the document’s example', async (t) => {
    const { ask } = await raw(t);
    const { result } = await ask(
      'queryPerson',
      { personId: '5' },
      { result: { pid: 5, name: '姓名', category: '类别' } },
    );
    assert.deepEqual(result, { personId: '5', name: '姓名' });
  });

  it('LF-1.15 a delete without an id is refused before it is sent', async (t) => {
    const { camera, run } = await withCamera(t);
    await run('addPerson', { ...PERSON, photo: jpeg() });
    const commands = camera.counters.commands;
    for (const params of [{}, { personId: '' }, { personId: '  ' }, { personId: null }] as Array<{
      personId: string;
    }>) {
      await assert.rejects(
        run('deletePerson', params),
        (error) => isSnapflowError(error) && error.code === 'BAD_INPUT',
      );
    }
    assert.deepEqual([camera.device.faces.size, camera.counters.commands], [1, commands]);
  });

  it('LF-1.16 searches by picture', async (t) => {
    const { camera, run } = await withCamera(t);
    await camera.pushFace();
    const found = await run('searchByPicture', { ...DAY, photo: jpeg(), threshold: 80 });
    assert.deepEqual([found.total, found.items[0]?.similarity], [1, 86]);
    assert.match(found.items[0]?.files.face ?? '', /^sdcard\//);
    assert.deepEqual((await run('searchByPicture', { ...DAY, photo: jpeg(), threshold: 90 })).items, []);
  });

  it('X-LF-h clears all persons', async (t) => {
    const { camera, run } = await withCamera(t);
    await run('addPerson', { ...PERSON, photo: jpeg() });
    assert.deepEqual(await run('clearPersons', {}), { done: true });
    assert.equal(camera.device.faces.size, 0);
  });
});

describe('any uri with free JSON', () => {
  it('is sent as it is, and answered as it is', async (t) => {
    const { ask } = await raw(t);
    const long = 'x'.repeat(2_000);
    const { frame, result } = await ask(
      'custom',
      { uri: 'ptz/Move_Start', param: { speed: [1, { a: null }] } },
      { result: { big: long, n: 1 } },
    );
    assert.deepEqual(frame.data, { uri: '/ptz/Move_Start', param: { speed: [1, { a: null }] } });
    assert.deepEqual(result, { big: long, n: 1 });
    assert.deepEqual((await ask('custom', { uri: '/device/get_info' })).frame.data.param, {});
  });
});
