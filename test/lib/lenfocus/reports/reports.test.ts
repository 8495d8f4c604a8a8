import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { LenfocusServerOptions, Report } from '../../../../lib/lenfocus';
import { post, type PostReply } from '../support/post';
import { jpeg, SN, startServer } from '../support/setting';

const FACE = '/api/v1/adapter/lenfocus/face/capture';
const EVENT = '/api/v1/device/report/event';
const VEHICLE = '/api/v1/vehicle/capture';
const INFO = '/api/v1/device/report/info';
const ACCESS = '/api/v1/access/record';
const PICTURE = '/api/v1/access/upload/base64img';

const uri = (picture: Buffer) => `data:image/jpeg;base64,${picture.toString('base64')}`;
const OK = { code: 200, msg: 'OK' };

/** A connected device, what it reports and what comes of it. */
async function reporter(t: TestContext, options: LenfocusServerOptions = {}, did = '') {
  const setting = await startServer(t, options);
  const device = await setting.device();
  const token = await device.connect({ sn: SN, did });
  const report = async (
    path: string,
    body: unknown,
    method = 'POST',
  ): Promise<{ reply: PostReply; report?: Report }> => {
    const reports = setting.heard('report');
    const infos = setting.heard('info');
    const reply = await post(setting.url + path, body, { token, method });
    const [told] = [...reports, ...infos];
    return { reply, ...(told && { report: told }) };
  };
  const only = async (path: string, body: unknown, method?: string): Promise<Report> => {
    const { reply, report: told } = await report(path, body, method);
    assert.deepEqual([reply.status, reply.body], [200, OK]);
    assert.ok(told);
    return told;
  };
  return { ...setting, device, token, report, only };
}

const roles = (report: Report) => report.pictures.map(({ info }) => info.source.kind);

describe('face reports (§2.1)', () => {
  it('LF-2.1 reads the report of the document', async (t) => {
    const { only } = await reporter(t, {}, '1234512');
    const [face, body, scene] = [jpeg(900), jpeg(60_000), jpeg(300_000)];
    const report = await only(FACE, {
      did: '1234512',
      time: 1666781577,
      age: 95,
      gender: 1,
      uuid: '1234566',
      name: '张三',
      data: { face_data: uri(face), body_data: uri(body), bg_data: uri(scene) },
    });
    assert.ok(report.kind === 'face');
    assert.deepEqual(report.face, {
      personId: '1234566',
      name: '张三',
      age: 95,
      gender: { code: 1, en: 'Male', zh: '男' },
    });
    assert.deepEqual(roles(report), ['face', 'body', 'scene']);
    assert.deepEqual(
      report.pictures.map(({ data }) => data),
      [face, body, scene],
    );
    assert.equal(report.takenAt, '2022-10-26T10:52:57.000Z');
    assert.equal(report.route, FACE);
    assert.deepEqual(report.device, { sn: SN, did: '1234512', address: '127.0.0.1' });
    assert.deepEqual(report.fields, {
      did: '1234512',
      time: 1666781577,
      age: 95,
      gender: 1,
      uuid: '1234566',
      name: '张三',
      data: { face_data: { picture: 0 }, body_data: { picture: 1 }, bg_data: { picture: 2 } },
    });
    const { info } = report.pictures[0] ?? {};
    assert.deepEqual(
      [info?.format, info?.width, info?.height, info?.takenAt, info?.source.device, info?.id.length],
      ['jpeg', 16, 12, report.takenAt, SN, 24],
    );
    assert.deepEqual(info?.meta, { kind: 'face', face: report.face });
  });

  it('LF-2.1 reads what a real camera sends: did empty, pid, bare base64 with \\u003d, wild features', async (t) => {
    const { only } = await reporter(t);
    const face = jpeg(1_000);
    const body = `{"did":"","type":11,"time":1729615057,"sn":"${SN}","age":0,"gender":0,"pid":"","name":"","id_card":"",
      "work_id":"","phone":"","department":"","otherInfo":"(null)","category":0,"score":0,"helmet":0,"smoke":0,"handed":0,
      "feature":[2215003553792,18393171270154985257566208,"-0.005728",-1.205163e-15],
      "data":{"id":0,"face_data":"${face.toString('base64').replaceAll('=', '\\u003d')}",
      "jpeg_url_face":"sdcard/face_record/23/37/20241023003738000044.jpg","bg_data":null,"jpeg_url_frame":""}}`;
    const report = await only(FACE, body);
    assert.ok(report.kind === 'face');
    assert.deepEqual(report.pictures[0]?.data, face);
    assert.equal(report.pictures[0]?.info.name, '20241023003738000044.jpg');
    assert.deepEqual(report.files, { face: 'sdcard/face_record/23/37/20241023003738000044.jpg' });
    assert.deepEqual(report.face.feature, [2215003553792, 1.8393171270154985e25, -0.005728, -1.205163e-15]);
    assert.deepEqual(report.face.attributes, {
      helmet: { code: 0 },
      smoke: { code: 0 },
      handed: { code: 0 },
    });
    assert.deepEqual(
      [report.face.personId, report.face.name, report.face.note, report.face.category],
      [undefined, undefined, undefined, undefined],
    );
    assert.equal(report.takenAt, '2024-10-22T16:37:37.000Z');
  });

  it('LF-2.1 reads the later edition: attributes by name, keys with blanks, boxes', async (t) => {
    const { only } = await reporter(t, { edition: 'later' });
    const report = await only(FACE, {
      time: 1666781577,
      sn: SN,
      pid: '18446744073709551615',
      face_rect: { x: 1, y: 2, w: 3, h: 4 },
      body_rect: [5, 6, 7, 8],
      gender: 0,
      faceMask: 2,
      upperColor: 5,
      'id_card ': '110101199003070000',
      'ic_card ': 'RF1',
      phone: 13600000000,
      category: 4,
      score: 90,
      express: 99,
    });
    assert.ok(report.kind === 'face');
    assert.deepEqual(report.face, {
      personId: '18446744073709551615',
      gender: { code: 0, en: 'Female', zh: '女' },
      category: { code: 4, en: 'Visitor', zh: '访客' },
      score: 90,
      idCard: '110101199003070000',
      icCard: 'RF1',
      phone: '13600000000',
      box: { x: 1, y: 2, w: 3, h: 4 },
      bodyBox: { x: 5, y: 6, w: 7, h: 8 },
      attributes: {
        faceMask: { code: 2, en: 'Yes', zh: '是' },
        upperColor: { code: 5, en: 'Blue', zh: '蓝' },
        express: { code: 99 },
      },
    });
    assert.deepEqual(report.pictures, []);
  });

  it('reads the flat report of edge boxes at /api/v1/face/capture', async (t) => {
    const { only } = await reporter(t);
    const report = await only('/api/v1/face/capture', {
      time: 1770000000000,
      sn: SN,
      event: 'Enter',
      face_data: uri(jpeg()),
      bg_data: uri(jpeg()),
    });
    assert.equal(report.kind, 'face');
    assert.deepEqual(roles(report), ['face', 'scene']);
    assert.equal(report.takenAt, '2026-02-02T02:40:00.000Z');
  });

  it('takes pictures in every writing of base64, and calls them what they are', async (t) => {
    const { report } = await reporter(t);
    const webp = Buffer.concat([
      Buffer.from('RIFF\u0000\u0000\u0000\u0000WEBPVP8 ', 'latin1'),
      Buffer.alloc(800),
    ]);
    const picture = jpeg(1_001);
    for (const [written, bytes, format] of [
      [picture.toString('base64url'), picture, 'jpeg'],
      [picture.toString('base64').replaceAll('/', '\\/'), picture, 'jpeg'],
      [picture.toString('base64').replace(/(.{76})/g, '$1\\r\\n'), picture, 'jpeg'],
      [`data:image/jpeg;base64,${webp.toString('base64')}`, webp, 'webp'],
      [jpeg(64).toString('base64'), undefined, undefined],
    ] as const) {
      const { reply, report: told } = await report(FACE, `{"data":{"face_data":"${written}"}}`);
      assert.equal(reply.status, 200);
      const [first] = told?.pictures ?? [];
      if (bytes) assert.deepEqual([first?.data, first?.info.format], [bytes, format]);
      // Shorter than what is cut out of the document, and read all the same.
      else assert.equal(first?.data.length, 64);
    }
  });

  it('passes on what it cannot read: pictures that are none, long texts, unknown fields', async (t) => {
    const { only } = await reporter(t);
    const essay = '很长的说明'.repeat(300);
    const hidden = jpeg(5_000);
    const report = await only(FACE, {
      newField: { deep: [1, essay] },
      surprise_jpg: hidden.toString('base64'),
      data: {
        face_data: Buffer.from('<html>error</html>'.repeat(60)).toString('base64'),
        body_data: '照片'.repeat(300),
        bg_data: '…',
      },
    });
    assert.deepEqual((report.fields as { newField: unknown }).newField, { deep: [1, essay] });
    assert.deepEqual(
      report.pictures.map(({ data, info }) => [info.source.kind, data]),
      [['picture', hidden]],
    );
    assert.deepEqual(
      report.unreadable?.map(({ role }) => role),
      ['face', 'body', 'scene'],
    );
    assert.match(report.unreadable?.[0]?.reason ?? '', /<html>/);
  });

  it('keeps a field that is called __proto__ as one, with the picture and the fields in it', async (t) => {
    const { only } = await reporter(t, { dropPersonal: ['phone'] });
    const hostile = `{"name":"x","__proto__":{"phone":"136","toString":1,"face_data":"${jpeg().toString('base64')}"}}`;
    const { fields, pictures } = await only(FACE, JSON.parse(hostile));
    assert.deepEqual(Object.entries(fields as object), [
      ['name', 'x'],
      ['__proto__', { toString: 1, face_data: { picture: 0 } }],
    ]);
    assert.equal(Object.getPrototypeOf(fields), Object.prototype);
    assert.equal(pictures.length, 1);
  });

  it('drops personal fields at the door, from the facts and from the fields', async (t) => {
    const { only } = await reporter(t, { dropPersonal: ['idCard', 'phone', 'feature'] });
    const report = await only(FACE, {
      name: '张三',
      id_card: '110101',
      'idCard ': 'x',
      phone: '136',
      feature: [1],
      data: { phone: '1' },
    });
    assert.ok(report.kind === 'face');
    assert.deepEqual(report.face, { name: '张三' });
    assert.deepEqual(report.fields, { name: '张三', data: {} });
  });
});

describe('alarms (§2.4)', () => {
  it('LF-2.4 reads the report of the document, time in milliseconds or, as seen, in seconds', async (t) => {
    const { only } = await reporter(t);
    const report = await only(EVENT, {
      did: '',
      type: 8,
      time: 1666781577816,
      data: { bg_data: uri(jpeg()), jpeg_url_frame: 'sdcard/20220924/14/2741_179_bg.jpg' },
    });
    assert.ok(report.kind === 'event');
    assert.deepEqual(report.event, { type: { code: 8, en: 'Flame', zh: '火焰' } });
    assert.equal(report.face, undefined);
    assert.equal(report.takenAt, '2022-10-26T10:52:57.816Z');
    const seconds = await only(EVENT, { type: '1', time: 1666781577 });
    assert.equal(seconds.takenAt, '2022-10-26T10:52:57.000Z');
  });

  it('LF-2.4 names types by the table chosen, passes unknown ones through, and never refuses', async (t) => {
    const [document, later] = [await reporter(t), await reporter(t, { edition: 'later' })];
    const typeOf = async ({ only }: typeof later, type: unknown) => {
      const report = await only(EVENT, { type });
      return report.kind === 'event' ? report.event.type : undefined;
    };
    assert.equal((await typeOf(document, 13))?.en, 'Absence from post');
    assert.equal((await typeOf(later, 13))?.en, 'Blacklisted person');
    assert.deepEqual(await typeOf(document, 99), { code: 99 });
    assert.equal(await typeOf(document, 'motion'), undefined);
  });

  it('LF-2.4 reads what edge boxes add, and the face that cameras put into an alarm', async (t) => {
    const { only } = await reporter(t);
    const report = await only(EVENT, {
      type: 11,
      state: 0,
      pid: '5',
      name: '张三',
      data: { event: 'Enter', region_id: 0, track_id: 42 },
    });
    assert.ok(report.kind === 'event');
    assert.deepEqual(report.event, {
      type: { code: 11, en: 'Person captured', zh: '人形抓拍' },
      event: 'Enter',
      state: 0,
      regionId: '0',
      trackId: '42',
    });
    assert.deepEqual(report.face, { personId: '5', name: '张三' });
  });
});

describe('vehicles (§2.5)', () => {
  it('LF-2.5 reads the report of the document, its numbers and times as text', async (t) => {
    const { only } = await reporter(t, {}, '134');
    const [scene, vehicle, plate] = [jpeg(2_000), jpeg(), jpeg()];
    const report = await only(VEHICLE, {
      did: '134',
      sn: SN,
      time: '1673420964575',
      data: {
        full_image: scene.toString('base64'),
        vehicle_loc: { x: 1, y: 2, w: 3, h: 4 },
        vehicle_pic: vehicle.toString('base64'),
        type: '1',
        brand: '保时捷',
        plate: {
          id: '粤B54896',
          plate_loc: { x: 2, y: 3, w: 4, h: 50 },
          plate_pic: plate.toString('base64'),
          plate_type: 17,
        },
      },
    });
    assert.ok(report.kind === 'vehicle');
    assert.deepEqual(report.vehicle, {
      type: { code: 1, en: 'Car', zh: '轿车' },
      brand: '保时捷',
      box: { x: 1, y: 2, w: 3, h: 4 },
      plate: {
        number: '粤B54896',
        type: { code: 17, en: 'New energy', zh: '新能源牌' },
        box: { x: 2, y: 3, w: 4, h: 50 },
      },
    });
    assert.deepEqual(roles(report), ['scene', 'vehicle', 'plate']);
    assert.equal(report.takenAt, '2023-01-11T07:09:24.575Z');
  });

  it('X-LF-m reads the flat report of the later edition, at its path', async (t) => {
    const { only } = await reporter(t);
    const report = await only('/api/v1/adapter/lenfocus/vehicle/capture', {
      sn: SN,
      time: 1673420964575,
      plate_rect: { x: 1, y: 2, w: 3, h: 4 },
      car_rect: { x: 5, y: 6, w: 7, h: 8 },
      plate: '粤B54896',
      plate_color: 5,
      car_color: 12,
      car_type: 2,
      car_maker: 41,
      data: {
        plate_data: uri(jpeg()),
        car_data: uri(jpeg()),
        bg_data: uri(jpeg()),
        jpeg_url_plate: 'a/p.jpg',
        jpeg_url_car: 'a/c.jpg',
      },
    });
    assert.ok(report.kind === 'vehicle');
    assert.deepEqual(report.vehicle, {
      type: { code: 2, en: 'SUV', zh: 'SUV' },
      maker: { code: 41, en: 'BYD', zh: '比亚迪' },
      colour: { code: 12, en: 'Black', zh: '黑色' },
      box: { x: 5, y: 6, w: 7, h: 8 },
      plate: {
        number: '粤B54896',
        colour: { code: 5, en: 'Green', zh: '绿色车牌' },
        box: { x: 1, y: 2, w: 3, h: 4 },
      },
    });
    assert.deepEqual(roles(report), ['plate', 'vehicle', 'scene']);
    assert.deepEqual(report.files, { plate: 'a/p.jpg', vehicle: 'a/c.jpg' });
  });

  it('goes by the shape where boxes use one path for everything', async (t) => {
    const { only } = await reporter(t);
    assert.equal((await only('/api/v1/face/capture', { plate: '粤B1', car_type: 1 })).kind, 'vehicle');
    assert.equal((await only(VEHICLE, { data: { face_data: uri(jpeg()) } })).kind, 'face');
    assert.equal((await only(VEHICLE, { data: {} })).kind, 'vehicle');
  });
});

describe('device information and the calls of no edition', () => {
  it('LF-2.2 reads the versions of a device', async (t) => {
    const { only } = await reporter(t);
    const report = await only(INFO, {
      did: '',
      fwVer: 'V1.0',
      swVer: 'V1.1',
      osVer: 'V1.2',
      hwVer: 'V1.3',
      devName: 'NFY-01',
    });
    assert.ok(report.kind === 'info');
    assert.deepEqual(report.info, {
      firmware: 'V1.0',
      software: 'V1.1',
      system: 'V1.2',
      hardware: 'V1.3',
      deviceName: 'NFY-01',
    });
  });

  it('X-LF-a reads access records with the id of a stranger, 2^63, to its last digit', async (t) => {
    const { only } = await reporter(t);
    const row = `{"rid":1,"did":0,"pid":9223372036854775808,"type":1,"status":1,"accessTime":"2024-10-22 09:21:04","faceImg":null,"temperature":36.5,"score":86}`;
    const report = await only(
      ACCESS,
      `{"sn":"${SN}","data":[${row},{"faceImg":"${jpeg().toString('base64')}"}]}`,
      'PUT',
    );
    assert.ok(report.kind === 'access');
    assert.deepEqual(report.records, [
      {
        recordId: '1',
        personId: '9223372036854775808',
        type: 1,
        status: 1,
        takenAt: '2024-10-22T01:21:04.000Z',
        temperature: 36.5,
        score: 86,
      },
      {},
    ]);
    assert.deepEqual(roles(report), ['face']);
  });

  it('X-LF-b reads a bare data URI, and the same as JSON', async (t) => {
    const { only } = await reporter(t);
    const picture = jpeg(80_000);
    for (const body of [
      uri(picture),
      ` ${picture.toString('base64')}\n`,
      JSON.stringify(uri(picture)),
      JSON.stringify({ img: uri(picture) }),
    ]) {
      const report = await only(PICTURE, body);
      assert.equal(report.kind, 'picture');
      assert.deepEqual(report.pictures[0]?.data, picture);
    }
  });

  it('X-LF-c tells the time in the zone of the devices, also without a token', async (t) => {
    const { url } = await startServer(t, { zone: '+05:30' });
    const { status, body } = await post(`${url}/api/v1/server/time`, '', { method: 'GET' });
    assert.deepEqual([status, body.code], [200, 200]);
    const { time, timestamp } = body.data ?? {};
    assert.match(String(time), /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+05:30$/);
    assert.equal(Date.parse(String(time)), Number(timestamp) * 1000);
  });

  it('reads everything that a simulated camera sends, in both styles', async (t) => {
    for (const style of ['document', 'field'] as const) {
      const { camera, heard } = await startServer(t);
      const [reports, infos] = [heard('report'), heard('info')];
      const device = await camera({ style, did: style === 'document' ? '77' : '' });
      const replies = [
        await device.pushFace({ personId: '5', name: '张三', gender: 2, age: 30 }),
        await device.pushAlarm(8),
        await device.pushVehicle({ plate: '粤B54896' }),
        await device.pushAccess(),
        await device.pushPicture(),
        await device.pushInfo(),
      ];
      assert.deepEqual(
        replies.map(({ body }) => body),
        Array(6).fill(OK),
      );
      assert.deepEqual(
        reports.map(({ kind, pictures }) => [kind, pictures.length]),
        [
          ['face', 3],
          ['event', 3],
          ['vehicle', 3],
          ['access', 0],
          ['picture', 1],
        ],
      );
      assert.equal(infos.length, 1);
      const [face] = reports;
      assert.equal(face?.kind === 'face' && face.face.personId, '5');
      assert.ok(Math.abs(Date.parse(face?.takenAt ?? '') - Date.now()) < 60_000);
    }
  });
});

describe('pictures that came before', () => {
  const twice = async (t: TestContext, duplicates?: 'keep' | 'mark' | 'drop') => {
    const { report, server } = await reporter(t, duplicates ? { duplicates } : {});
    const [face, scene] = [jpeg(), jpeg()];
    const data = { face_data: uri(face), bg_data: uri(scene) };
    const first = await report(FACE, { data });
    const again = await report(FACE, { data });
    const event = await report(EVENT, { type: 1, data: { ...data, body_data: uri(jpeg()) } });
    assert.ok([first, again, event].every(({ reply }) => reply.status === 200));
    const marks = [first, again, event].map(({ report: told }) =>
      told?.pictures.map((picture) => picture.duplicate === true),
    );
    return { marks, duplicates: server.state().counters.duplicates };
  };

  it('are marked, also when they come by another route', async (t) => {
    assert.deepEqual(await twice(t), {
      marks: [
        [false, false],
        [true, true],
        [true, true, false],
      ],
      duplicates: 2,
    });
  });

  it('are dropped by setting; an alarm is told with those that are new', async (t) => {
    assert.deepEqual(await twice(t, 'drop'), { marks: [[false, false], undefined, [false]], duplicates: 1 });
  });

  it('are not looked for by setting', async (t) => {
    assert.deepEqual(await twice(t, 'keep'), {
      marks: [
        [false, false],
        [false, false],
        [false, false, false],
      ],
      duplicates: 0,
    });
  });

  it('are those of the same device within the window', async (t) => {
    const { device: connect, heard, url } = await startServer(t, { duplicateWindowS: 1 });
    const reports = heard('report');
    const body = { data: { face_data: uri(jpeg()) } };
    for (const sn of ['A', 'B']) {
      const token = await (await connect()).connect({ sn });
      await post(url + FACE, body, { token });
    }
    assert.deepEqual(
      reports.map(({ pictures }) => pictures[0]?.duplicate),
      [undefined, undefined],
    );
  });
});
