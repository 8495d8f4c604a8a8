/**
 * Every operation once and more: what is given, exactly what must go over the wire, what the platform answers in its
 * own words, and what must come out. Answers are written from the document's samples, with their oddities.
 */
import type { AccountOptions } from '../../../lib/onenet';
import type { Canned } from '../../support/recording-server';
import { JPEG, PNG } from './support';

export interface Wanted {
  method: string;
  path: string;
  query?: Record<string, string>;
  /** The body as JSON, as text or as bytes; nothing: no body. */
  json?: unknown;
  body?: string | Buffer;
  /** Default: the api-key. */
  key?: 'api-key' | 'none';
  contentType?: string;
}

export interface Case {
  /** What is special about it. */
  title?: string;
  input: Record<string, unknown>;
  account?: Partial<AccountOptions>;
  /** One per request; `{{host}}` stands for the server's own `host:port`. */
  answers: unknown[];
  wants: Wanted[];
  /** A list gives all its items. For a picture: its facts. */
  gives: unknown;
}

const onPages = (...pages: Record<string, string>[]) => pages;
const done = { errno: 0, error: 'succ' };
const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const picture = (data: Buffer): Canned => ({ type: 'image/jpeg', body: data });

const channelQuery = { device_id: '233444', channel_id: '2' };
const video = {
  videoid: 'dafdafd',
  name: 'dad',
  start: '2017-01-12 12:01:12',
  end: '2017-01-12 15:01:12',
  size: 1234,
  hls_url: 'http://192.0.2.1/vod/1.m3u8',
  rtmp_url: 'rtmp://192.0.2.1/vod/1',
};
const videoFacts = {
  videoId: 'dafdafd',
  name: 'dad',
  startedAt: '2017-01-12T04:01:12.000Z',
  endedAt: '2017-01-12T07:01:12.000Z',
  sizeBytes: 1234 * 1024,
  hlsUrl: 'http://192.0.2.1/vod/1.m3u8',
  rtmpUrl: 'rtmp://192.0.2.1/vod/1',
};
const stream = {
  productid: 7312,
  deviceid: 2479989,
  channelid: 1,
  protocoltype: 'RTMP',
  videocodec: 'H264',
  resolution: '1280\n720',
  fps: 25,
  audiocodec: '',
  bandwidth: 91392,
};
const streamFacts = {
  productId: '7312',
  deviceId: '2479989',
  channelId: '1',
  protocol: 'rtmp',
  videoCodec: 'H264',
  resolution: { width: 1280, height: 720 },
  framesPerSecond: 25,
  bandwidth: 91392,
};
const stored = {
  format: 'jpg',
  size: 1234,
  date: 1514862005,
  name: '111',
  desc: 'gate',
  url: 'http://{{host}}/ipc/video/picture/abc.jpg',
};
const storedFacts = {
  name: '111',
  format: 'jpg',
  sizeBytes: 1234,
  takenAt: '2018-01-02T03:00:05.000Z',
  description: 'gate',
};
const command = (cmd_status: number, dev_resp?: unknown) => ({
  ...done,
  data: { cmd_uuid: '2303-312-Fws', cmd_status, dev_resp },
});
const sentCommand = (query: Record<string, string>, body: unknown): Wanted => ({
  method: 'POST',
  path: '/ipc/video/cmds',
  query: { device_id: '233444', ...query },
  json: body,
});
const playServer = { ...done, data: { addr: '{{host}}', accessToken: 'tok/en=', type: 'RTMP' } };
const askPlayServer = (protocol: string): Wanted => ({
  method: 'GET',
  path: '/ipc/video/play_address',
  query: { ...channelQuery, protocol_type: protocol },
});

export const CASES: Readonly<Record<string, Case[]>> = {
  createDevice: [
    {
      title: 'with all it may have',
      input: {
        title: '大门 camera',
        description: 'north gate',
        latitude: 17.609997,
        longitude: '177.03403',
        elevation: 37,
        private: true,
        authInfo: { SYS: 'a' },
        area: '100',
        url: 'http://www.test.com',
        other: '{"a":1}',
        more: { idsn: 'test' },
      },
      answers: [{ ...done, data: { device_id: 233444 } }],
      wants: [
        {
          method: 'POST',
          path: '/devices',
          json: {
            title: '大门 camera',
            protocol: 'RTMP',
            idsn: 'test',
            desc: 'north gate',
            location: { ele: 37, lat: 17.609997, lon: 177.03403 },
            private: true,
            auth_info: { SYS: 'a' },
            area: '100',
            url: 'http://www.test.com',
            other: { a: 1 },
          },
        },
      ],
      gives: { deviceId: '233444' },
    },
    {
      title: 'with an id beyond 2^53 and authentication as text',
      input: { title: 'x', authInfo: 'auth123' },
      answers: ['{"errno":0,"error":"succ","data":{"device_id":9223372036854775808}}'],
      wants: [
        { method: 'POST', path: '/devices', json: { title: 'x', protocol: 'RTMP', auth_info: 'auth123' } },
      ],
      gives: { deviceId: '9223372036854775808' },
    },
  ],
  registerDevice: [
    {
      input: { registrationCode: 'c&o=de', serialNumber: 'sn1', title: 'cam', area: 100 },
      answers: [{ ...done, data: { key: 'XXAABBCCDD', device_id: 21442 } }],
      wants: [
        {
          method: 'POST',
          path: '/register_de',
          query: { register_code: 'c&o=de' },
          json: { sn: 'sn1', title: 'cam', area: 100 },
          key: 'none',
        },
      ],
      gives: { deviceId: '21442', apiKey: 'XXAABBCCDD' },
    },
  ],
  updateDevice: [
    {
      title: 'sends only what is given',
      input: { deviceId: 233444, title: 'new', tags: 'Tag1, Tag2' },
      answers: [done],
      wants: [{ method: 'PUT', path: '/devices/233444', json: { title: 'new', tags: ['Tag1', 'Tag2'] } }],
      gives: { deviceId: '233444' },
    },
  ],
  getDevice: [
    {
      input: { deviceId: '233444' },
      answers: [
        {
          ...done,
          data: {
            id: 233444,
            online: 'true',
            protocol: 'RTMP',
            title: 'my device1',
            desc: '',
            location: { lon: 106.5, lat: 29.5 },
            create_time: '2013-02-11 12:22:33',
            keys: [{ title: 'device-auto-key', key: '2JO3B12O1' }],
            later_edition: 7,
          },
        },
      ],
      wants: [{ method: 'GET', path: '/devices/233444' }],
      gives: {
        deviceId: '233444',
        online: true,
        protocol: 'rtmp',
        title: 'my device1',
        location: { longitude: 106.5, latitude: 29.5 },
        createdAt: '2013-02-11T04:22:33.000Z',
        keys: [{ title: 'device-auto-key', key: '2JO3B12O1' }],
        extra: { later_edition: 7 },
      },
    },
  ],
  searchDevices: [
    {
      title: 'over all pages, with every filter',
      input: {
        keyword: '23',
        title: 'ca',
        tag: 'gate',
        online: true,
        private: false,
        deviceIds: [1, '2'],
        authInfo: { auth: 'auth123' },
        createdFrom: '2016-06-10',
        createdUntil: new Date('2016-06-19T20:00:00Z'),
        pageSize: 1,
      },
      answers: [
        { ...done, data: { total_count: 2, per_page: 1, page: 1, devices: [{ id: '1', online: false }] } },
        { ...done, data: { total_count: 2, per_page: 1, page: 2, devices: [{ id: 2, channel_count: 3 }] } },
      ],
      wants: ['1', '2'].map((page) => ({
        method: 'GET',
        path: '/devices',
        query: {
          key_words: '23',
          tag: 'gate',
          online: 'true',
          private: 'false',
          device_id: '1,2',
          auth_info: '{"auth":"auth123"}',
          begin: '2016-06-10',
          end: '2016-06-20',
          title: 'ca',
          page,
          per_page: '1',
        },
      })),
      gives: [
        { deviceId: '1', online: false },
        { deviceId: '2', channelCount: 3 },
      ],
    },
  ],
  deleteDevice: [
    {
      input: { deviceId: '233444' },
      answers: [done],
      wants: [{ method: 'DELETE', path: '/devices/233444' }],
      gives: { deviceId: '233444' },
    },
  ],
  listChannels: [
    {
      input: { deviceId: '233444' },
      answers: [
        {
          ...done,
          result: [
            { channel_id: 20, title: 'test_qwer', desc: '1qwqwq/' },
            { channel_id: '100', title: '', desc: null },
          ],
        },
      ],
      wants: [{ method: 'GET', path: '/ipc/video/device/QryChannel', query: { device_id: '233444' } }],
      gives: [{ channelId: '20', title: 'test_qwer', description: '1qwqwq/' }, { channelId: '100' }],
    },
    {
      title: 'of a device without any',
      input: { deviceId: '233444' },
      answers: [{ ...done, result: [] }],
      wants: [{ method: 'GET', path: '/ipc/video/device/QryChannel', query: { device_id: '233444' } }],
      gives: [],
    },
  ],
  deleteChannel: [
    {
      input: { deviceId: '233444', channelId: 2 },
      answers: [done],
      wants: [{ method: 'DELETE', path: '/ipc/video/device/DelChannel', query: channelQuery }],
      gives: { deviceId: '233444', channelId: '2' },
    },
  ],
  addChannel: [
    {
      input: { deviceId: '233444', channelId: '2', title: 'Gate1', description: '北门 & yard' },
      answers: [done],
      wants: [
        {
          method: 'POST',
          path: '/ipc/video/device/AddChannel',
          query: { ...channelQuery, title: 'Gate1', desc: '北门 & yard' },
        },
      ],
      gives: { deviceId: '233444', channelId: '2' },
    },
  ],
  modifyChannel: [
    {
      input: { deviceId: '233444', channelId: '2', title: 'Gate2' },
      answers: [done],
      wants: [
        {
          method: 'POST',
          path: '/ipc/video/device/ModifyChannel',
          query: { ...channelQuery, title: 'Gate2' },
        },
      ],
      gives: { deviceId: '233444', channelId: '2' },
    },
  ],
  sendCommand: [
    {
      title: 'of text, without an answer',
      input: { deviceId: '233444', content: '开门 {', kind: 'user' },
      answers: [command(2)],
      wants: [
        {
          method: 'POST',
          path: '/ipc/video/cmds',
          query: { device_id: '233444', qos: '0', type: '1' },
          body: '开门 {',
          contentType: 'application/octet-stream',
        },
      ],
      gives: { commandId: '2303-312-Fws', state: 'sent' },
    },
    {
      title: 'of bytes, answered with bytes',
      input: { deviceId: '233444', content: Buffer.from([0, 255, 1]), answer: true },
      answers: [command(4, { resp_code: 0, resp_data: '/wAB' })],
      wants: [
        {
          method: 'POST',
          path: '/ipc/video/cmds',
          query: { device_id: '233444', qos: '1', type: '0' },
          body: Buffer.from([0, 255, 1]),
          contentType: 'application/octet-stream',
        },
      ],
      gives: {
        commandId: '2303-312-Fws',
        state: 'answered',
        answer: { code: 0, value: Buffer.from([255, 0, 1]) },
      },
    },
    {
      title: 'of JSON, answered with JSON',
      input: { deviceId: '233444', content: { cmd: 1 }, answer: 'true' },
      answers: [command(4, { resp_code: '0', resp_data: text({ ok: true }) })],
      wants: [sentCommand({ qos: '1', type: '0' }, { cmd: 1 })],
      gives: { commandId: '2303-312-Fws', state: 'answered', answer: { code: 0, value: { ok: true } } },
    },
  ],
  followCommand: [
    {
      input: { deviceId: '233444', commandId: '2303-312-Fws' },
      answers: [
        { ...done, data: { status: 1 } },
        { ...done, data: { status: '4' } },
        { ...done, resp: text([1]) },
      ],
      wants: ['cmd_status', 'cmd_status', 'cmd_resp'].map((name) => ({
        method: 'GET',
        path: `/ipc/video/${name}`,
        query: { device_id: '233444', cmd_uuid: '2303-312-Fws' },
      })),
      gives: { commandId: '2303-312-Fws', state: 'answered', answer: { value: [1] } },
    },
  ],
  setStreamLevel: [
    {
      title: 'in the dialect of the document',
      account: { dialect: 'document' },
      input: { deviceId: '233444', channelId: 1, level: 'ultra' },
      answers: [command(4, { resp_code: 0, resp_data: '' })],
      wants: [
        sentCommand({ qos: '1', type: '0' }, { type: 'video', cmdId: 6, cmd: { channel_id: 1, level: 4 } }),
      ],
      gives: { commandId: '2303-312-Fws', state: 'answered', answer: { code: 0 } },
    },
    {
      title: 'in both dialects',
      input: { deviceId: '233444', channelId: '1', level: 'smooth', answer: false },
      answers: [command(2)],
      wants: [
        sentCommand(
          { qos: '0', type: '0' },
          { type: 'video', cmdId: 6, channel_id: 1, cmd: { channel_id: 1, level: 1 } },
        ),
      ],
      gives: { commandId: '2303-312-Fws', state: 'sent' },
    },
  ],
  movePtz: [
    {
      title: 'in the dialect of the document',
      account: { dialect: 'document' },
      input: { deviceId: '233444', channelId: 1, movement: 'zoomIn', mode: 'start', speed: 7, answer: false },
      answers: [command(2)],
      wants: [
        sentCommand(
          { qos: '0', type: '0' },
          { type: 'video', cmdId: 7, cmd: { channel_id: 1, stop: 0, cmdV: 1, speed: 7 } },
        ),
      ],
      gives: { commandId: '2303-312-Fws', state: 'sent' },
    },
    {
      title: 'in the dialect of the device SDKs',
      account: { dialect: 'sdk' },
      input: { deviceId: '233444', channelId: 1, movement: 'downRight', mode: 'stop', answer: false },
      answers: [command(2)],
      wants: [
        sentCommand(
          { qos: '0', type: '0' },
          { type: 'video', cmdId: 7, cmd: { channel_id: 1, stop: 1, cmd: 18, speed: 4 } },
        ),
      ],
      gives: { commandId: '2303-312-Fws', state: 'sent' },
    },
    {
      title: 'in both dialects, one step',
      input: { deviceId: '233444', channelId: 0, movement: 'up' },
      answers: [command(4, { resp_code: 0 })],
      wants: [
        sentCommand(
          { qos: '1', type: '0' },
          {
            type: 'video',
            cmdId: 7,
            channel_id: 0,
            cmd: { channel_id: 0, stop: 2, cmd: 11, cmdV: 11, speed: 4 },
          },
        ),
      ],
      gives: { commandId: '2303-312-Fws', state: 'answered', answer: { code: 0 } },
    },
  ],
  listLocalVideos: [
    {
      title: 'under the names of document, device SDK and later edition',
      account: { dialect: 'document' },
      input: {
        deviceId: '233444',
        channelId: 1,
        startTime: '2017-09-29 12:00:31',
        endTime: '2017-09-29T05:00:30Z',
        pageSize: 2,
      },
      answers: [
        command(4, {
          resp_code: 0,
          resp_data: text({
            all_count: 3,
            cur_count: 2,
            rvods: [
              {
                channel_id: 1,
                video_desc: 'test123',
                size: 222,
                beginTime: '2017-09-29 12:00:31',
                endTime: '2017-09-29 13:00:30',
              },
              { channel_id: '1', video_title: 'sdk', size: '5', beginTime: '2017-09-29 12:30:31' },
            ],
          }),
        }),
        command(4, {
          resp_code: 0,
          resp_data: text({
            all_count: 3,
            cur_count: 1,
            rvods: [{ channel_id: 1, start_time: '2017-09-29 12:45:00', 'page:': 1 }],
          }),
        }),
      ],
      wants: [1, 2].map((page) =>
        sentCommand(
          { qos: '1', type: '0' },
          {
            type: 'video',
            cmdId: 10,
            cmd: {
              channel_id: 1,
              page,
              per_page: 2,
              start_time: '2017-09-29 12:00:31',
              end_time: '2017-09-29 13:00:30',
            },
          },
        ),
      ),
      gives: [
        {
          channelId: '1',
          title: 'test123',
          sizeBytes: 222,
          startedAt: '2017-09-29T04:00:31.000Z',
          endedAt: '2017-09-29T05:00:30.000Z',
        },
        { channelId: '1', title: 'sdk', sizeBytes: 5, startedAt: '2017-09-29T04:30:31.000Z' },
        { channelId: '1', startedAt: '2017-09-29T04:45:00.000Z', extra: { 'page:': 1 } },
      ],
    },
  ],
  takePicture: [
    {
      title: 'whose picture the platform knows a moment later',
      input: { deviceId: '233444', channelId: 2, width: 640, height: 360 },
      answers: [
        command(4, { resp_code: 0, resp_data: text({ cmdId: 32, result: 1, cmd: { name: '111' } }) }),
        { errno: 404, error: 'picture not exist' },
        { ...done, data: stored },
        picture(JPEG),
      ],
      wants: [
        sentCommand(
          { qos: '1', type: '0' },
          {
            type: 'video',
            cmdId: 32,
            channel_id: 2,
            cmd: { channel_id: 2, width: 640, height: 360, quality: 100 },
          },
        ),
        { method: 'GET', path: '/ipc/video/picture/get_info', query: { ...channelQuery, name: '111' } },
        { method: 'GET', path: '/ipc/video/picture/get_info', query: { ...channelQuery, name: '111' } },
        { method: 'GET', path: '/ipc/video/picture/abc.jpg' },
      ],
      gives: {
        format: 'jpeg',
        width: 640,
        height: 360,
        takenAt: '2018-01-02T03:00:05.000Z',
        source: { system: 'onenet', device: '233444', channel: '2', kind: 'snapshot' },
        name: '111',
      },
    },
    {
      title: 'in the dialect of the later edition’s document',
      account: { dialect: 'document' },
      input: { deviceId: '233444', channelId: 2, quality: 80 },
      answers: [
        command(4, { resp_code: 0, resp_data: text({ cmdId: 32, result: 1, cmd: { name: '111' } }) }),
        { ...done, data: stored },
        picture(JPEG),
      ],
      wants: [
        sentCommand({ qos: '1', type: '0' }, { cmdId: 32, channel_id: 2, cmd: { quality: 80 } }),
        { method: 'GET', path: '/ipc/video/picture/get_info', query: { ...channelQuery, name: '111' } },
        { method: 'GET', path: '/ipc/video/picture/abc.jpg' },
      ],
      gives: { format: 'jpeg', name: '111' },
    },
  ],
  getPlayAddress: [
    {
      title: 'of RTMP',
      input: { deviceId: '233444', channelId: '2' },
      answers: [{ ...done, data: { addr: '183.230.40.39:1935', accessToken: 'tok', type: 'RTMPE' } }],
      wants: [askPlayServer('0')],
      gives: {
        address: '183.230.40.39:1935',
        token: 'tok',
        type: 'RTMPE',
        protocol: 'rtmp',
        url: 'rtmpe://183.230.40.39:1935/live/233444-2?tok',
      },
    },
    {
      title: 'of HLS, with the later edition’s thumbnail host',
      input: { deviceId: '233444', channelId: '2', protocol: 'hls' },
      answers: [
        { ...done, data: { addr: '183.230.40.39:8080', accessToken: 'tok', type: 'http', coveraddr: 'c:1' } },
      ],
      wants: [askPlayServer('1')],
      gives: {
        address: '183.230.40.39:8080',
        token: 'tok',
        type: 'http',
        coverAddress: 'c:1',
        protocol: 'hls',
        url: 'http://183.230.40.39:8080/live/live_233444_2/index.m3u8?tok',
      },
    },
    {
      title: 'of HLS over TLS',
      input: { deviceId: '233444', channelId: '2', protocol: 'https-hls' },
      answers: [{ ...done, data: { addr: '183.230.40.39:8443/', accessToken: 'tok' } }],
      wants: [askPlayServer('2')],
      gives: {
        address: '183.230.40.39:8443/',
        token: 'tok',
        protocol: 'https-hls',
        url: 'https://183.230.40.39:8443/live/live_233444_2/index.m3u8?tok',
      },
    },
  ],
  getHistoryAddress: [
    {
      title: 'to the minute, as in the document',
      account: { dialect: 'document' },
      input: {
        deviceId: '233444',
        channelId: '2',
        startTime: '2017-11-13 15:30:00',
        endTime: '201711131540',
      },
      answers: [{ ...done, data: { addr: '183.230.40.39:1935', accessToken: 'tok' } }],
      wants: [askPlayServer('0')],
      gives: {
        address: '183.230.40.39:1935',
        token: 'tok',
        url: 'rtmp://183.230.40.39:1935/rvod/233444-2-201711131530-201711131540?tok',
      },
    },
    {
      title: 'to the second, as the platform’s player does',
      input: { deviceId: '233444', channelId: '2', startTime: 1510558200, endTime: 1510558801000 },
      answers: [{ ...done, data: { addr: '183.230.40.39:1935', accessToken: 'tok' } }],
      wants: [askPlayServer('0')],
      gives: {
        address: '183.230.40.39:1935',
        token: 'tok',
        url: 'rtmp://183.230.40.39:1935/rvod/233444-2-20171113153000-20171113154001?tok',
      },
    },
  ],
  preloadHls: [
    {
      input: { deviceId: '233444', channelId: '2', idleSeconds: 60 },
      answers: [playServer, done],
      wants: [
        askPlayServer('1'),
        { method: 'GET', path: '/live/live_233444_2/preload', query: { token: 'tok/en=', idle_time: '60' } },
      ],
      gives: {
        deviceId: '233444',
        channelId: '2',
        url: 'http://{{host}}/live/live_233444_2/index.m3u8?tok/en=',
      },
    },
  ],
  takeThumbnail: [
    {
      title: 'under the path of the table',
      input: { deviceId: '233444', channelId: '2' },
      answers: [playServer, picture(JPEG)],
      wants: [
        askPlayServer('1'),
        { method: 'GET', path: '/live_preview/233444-2', query: { token: 'tok/en=' }, key: 'none' },
      ],
      gives: {
        format: 'jpeg',
        takenAt: '2026-01-02T03:04:05.000Z',
        source: { system: 'onenet', device: '233444', channel: '2', kind: 'thumbnail' },
      },
    },
    {
      title: 'under the path of the note, when the host does not know the other',
      input: { deviceId: '233444', channelId: '2' },
      answers: [playServer, { status: 404, body: 'not found' }, picture(PNG)],
      wants: [
        askPlayServer('1'),
        { method: 'GET', path: '/live_preview/233444-2', query: { token: 'tok/en=' }, key: 'none' },
        { method: 'GET', path: '/live_preview/233444_2', query: { token: 'tok/en=' }, key: 'none' },
      ],
      gives: { format: 'png' },
    },
  ],
  uploadPicture: [
    {
      title: 'under a given name',
      input: { deviceId: '233444', channelId: 2, picture: PNG, name: '北门 1', description: 'a&b' },
      answers: [done],
      wants: [
        {
          method: 'PUT',
          path: '/ipc/video/picture/upload',
          query: { ...channelQuery, format: 'png', name: '北门 1', desc: 'a&b' },
          body: PNG,
          contentType: 'application/octet-stream',
        },
      ],
      gives: { deviceId: '233444', channelId: '2', name: '北门 1', bytes: PNG.length, alreadyStored: false },
    },
    {
      title: 'under a name made for it',
      input: { deviceId: '233444', channelId: '2', picture: JPEG, takenAt: '2018-01-02T03:00:05Z' },
      answers: [done],
      wants: [
        {
          method: 'PUT',
          path: '/ipc/video/picture/upload',
          query: { ...channelQuery, format: 'jpg', name: '1514862005-8d5000662f25abc2df7c4eb3' },
          body: JPEG,
          contentType: 'application/octet-stream',
        },
      ],
      gives: {
        deviceId: '233444',
        channelId: '2',
        name: '1514862005-8d5000662f25abc2df7c4eb3',
        bytes: JPEG.length,
        alreadyStored: false,
      },
    },
  ],
  listPictures: [
    {
      title: 'over all pages, one entry of which moved to the next page meanwhile',
      input: {
        deviceId: '233444',
        channelId: '2',
        startTime: '2018-01-01T00:00:00Z',
        endTime: 1514908800,
        pageSize: 2,
      },
      answers: [
        {
          ...done,
          data: [stored, { ...stored, name: '112', date: '1514862006', type: 1 }],
          page_info: { total_num: 3, page_total: 2, page_size: 2, current_page: 1 },
        },
        {
          ...done,
          data: [
            { ...stored, name: '112' },
            { name: 113, size: '7' },
          ],
          page_info: { total_num: 3, page_total: 2, page_size: 2, current_page: 2 },
        },
      ],
      wants: ['1', '2'].map((page) => ({
        method: 'GET',
        path: '/ipc/video/picture/get_list',
        query: {
          ...channelQuery,
          start_time: '1514764800',
          end_time: '1514908800',
          page_start: page,
          page_size: '2',
        },
      })),
      gives: [
        { ...storedFacts, url: 'http://{{host}}/ipc/video/picture/abc.jpg' },
        {
          ...storedFacts,
          name: '112',
          takenAt: '2018-01-02T03:00:06.000Z',
          url: 'http://{{host}}/ipc/video/picture/abc.jpg',
          extra: { type: 1 },
        },
        { name: '113', sizeBytes: 7 },
      ],
    },
    {
      title: 'at most so many',
      input: { deviceId: '233444', channelId: '2', cap: 1 },
      answers: [
        {
          ...done,
          data: [{ name: 'a' }, { name: 'b' }],
          page_info: { page_total: 9, current_page: 1 },
        },
      ],
      wants: [
        {
          method: 'GET',
          path: '/ipc/video/picture/get_list',
          query: { ...channelQuery, page_start: '1', page_size: '50' },
        },
      ],
      gives: [{ name: 'a' }],
    },
    {
      title: 'of one page only',
      input: { deviceId: '233444', channelId: '2', page: 4, pageSize: 1 },
      answers: [{ ...done, data: [{ name: 'a' }], page_info: { page_total: 9, current_page: 4 } }],
      wants: [
        {
          method: 'GET',
          path: '/ipc/video/picture/get_list',
          query: { ...channelQuery, page_start: '4', page_size: '1' },
        },
      ],
      gives: [{ name: 'a' }],
    },
  ],
  getPictureInfo: [
    {
      input: { deviceId: '233444', channelId: '2', name: '111' },
      answers: [{ ...done, data: stored }],
      wants: [
        { method: 'GET', path: '/ipc/video/picture/get_info', query: { ...channelQuery, name: '111' } },
      ],
      gives: { ...storedFacts, url: 'http://{{host}}/ipc/video/picture/abc.jpg' },
    },
  ],
  deletePicture: [
    {
      input: { deviceId: '233444', channelId: '2', name: '111' },
      answers: [done],
      wants: [
        {
          method: 'DELETE',
          path: '/ipc/video/picture/delete_pictrue',
          query: { ...channelQuery, name: '111' },
        },
      ],
      gives: { deviceId: '233444', channelId: '2', name: '111' },
    },
  ],
  fetchPicture: [
    {
      title: 'by its name',
      input: { deviceId: '233444', channelId: '2', name: '111' },
      answers: [{ ...done, data: stored }, picture(JPEG)],
      wants: [
        { method: 'GET', path: '/ipc/video/picture/get_info', query: { ...channelQuery, name: '111' } },
        { method: 'GET', path: '/ipc/video/picture/abc.jpg' },
      ],
      gives: {
        format: 'jpeg',
        mime: 'image/jpeg',
        takenAt: '2018-01-02T03:00:05.000Z',
        source: { system: 'onenet', device: '233444', channel: '2', kind: 'picture' },
        name: '111',
      },
    },
    {
      title: 'by its address',
      input: {
        deviceId: '233444',
        channelId: '2',
        name: '111',
        url: '/ipc/video/picture/x.jpg?t=1',
        takenAt: '2018-01-02T03:00:05.000Z',
      },
      answers: [picture(JPEG)],
      wants: [{ method: 'GET', path: '/ipc/video/picture/x.jpg', query: { t: '1' } }],
      gives: { format: 'jpeg', name: '111', takenAt: '2018-01-02T03:00:05.000Z' },
    },
  ],
  getVideo: [
    {
      title: 'whose numbers are text and whose duration is misspelt',
      input: { deviceId: '233444', channelId: '2', videoId: '1112341234' },
      answers: [{ ...done, data: { ...video, size: '1234', durtion: '12' } }],
      wants: [
        {
          method: 'GET',
          path: '/ipc/video/vod/get_video_info',
          query: { ...channelQuery, video_id: '1112341234' },
        },
      ],
      gives: { ...videoFacts, durationSeconds: 12 },
    },
  ],
  listVideos: [
    {
      title: 'with every filter',
      input: {
        deviceId: '233444',
        channelId: '2',
        startTime: '2018-01-01 01:00:00',
        endTime: '2018-01-01T00:00:00Z',
        videoName: '111',
        secure: true,
      },
      answers: [
        {
          ...done,
          data: { videos: [video] },
          page_info: { total_num: 1, page_total: 1, page_size: 50, current_page: 1 },
        },
      ],
      wants: [
        {
          method: 'GET',
          path: '/ipc/video/vod/get_video_list',
          query: {
            ...channelQuery,
            start_time: '2018-01-01 01:00:00',
            end_time: '2018-01-01 08:00:00',
            name: '111',
            security: '1',
            page_start: '1',
            page_size: '50',
          },
        },
      ],
      gives: [videoFacts],
    },
  ],
  getVideoAddress: [
    {
      input: { deviceId: '233444', channelId: '2', videoId: 'dafdafd', secure: true },
      answers: [
        { ...done, data: { ...video, hls_url: 'https://192.0.2.1/vod/1.m3u8?a=1' } },
        { ...done, data: { token: 's&f' } },
      ],
      wants: [
        {
          method: 'GET',
          path: '/ipc/video/vod/get_video_info',
          query: { ...channelQuery, video_id: 'dafdafd', security: '1' },
        },
        {
          method: 'GET',
          path: '/ipc/video/vod/get_play_token',
          query: { ...channelQuery, video_id: 'dafdafd' },
        },
      ],
      gives: {
        ...videoFacts,
        hlsUrl: 'https://192.0.2.1/vod/1.m3u8?a=1&token=s%26f',
        rtmpUrl: 'rtmp://192.0.2.1/vod/1?s&f',
      },
    },
  ],
  deleteVideos: [
    {
      title: 'with a result for each id',
      input: { deviceId: '233444', channelId: '2', videoIds: [1, '2'] },
      answers: [{ ...done, data: [{ code: 0 }, { code: 1, message: 'not exist' }] }],
      wants: [
        {
          method: 'POST',
          path: '/ipc/video/vod/delete_video',
          query: { deviceid: '233444', channeled: '2' },
          json: { video: [{ videoId: '1' }, { videoId: '2' }] },
        },
      ],
      gives: [
        { videoId: '1', deleted: true, code: 0 },
        { videoId: '2', deleted: false, code: 1, message: 'not exist' },
      ],
    },
  ],
  renameVideo: [
    {
      input: { deviceId: '233444', channelId: '2', videoId: 'dafdafd', newName: '夜' },
      answers: [done],
      wants: [
        {
          method: 'PUT',
          path: '/ipc/video/vod/rename_video',
          query: { ...channelQuery, video_id: 'dafdafd' },
          json: { name: '夜' },
        },
      ],
      gives: { videoId: 'dafdafd', name: '夜' },
    },
  ],
  getVideoToken: [
    {
      input: { deviceId: '233444', channelId: '2', videoId: 'dafdafd' },
      answers: [{ ...done, data: { token: 'sdafsa' } }],
      wants: [
        {
          method: 'GET',
          path: '/ipc/video/vod/get_play_token',
          query: { ...channelQuery, video_id: 'dafdafd' },
        },
      ],
      gives: { token: 'sdafsa' },
    },
  ],
  setEncryption: [
    {
      input: { productId: 7355, encrypted: true },
      answers: [done],
      wants: [
        {
          method: 'PUT',
          path: '/ipc/video/trans_encrypt',
          query: { product_id: '7355' },
          json: { type: 1 },
        },
      ],
      gives: { productId: '7355', encrypted: true },
    },
  ],
  getEncryption: [
    {
      title: 'which stands bare beside errno',
      input: { productId: '7355' },
      answers: [{ errno: 0, trans_enc: 1 }],
      wants: [{ method: 'GET', path: '/ipc/video/trans_encrypt', query: { product_id: '7355' } }],
      gives: { productId: '7355', encrypted: true },
    },
  ],
  getOnlineStatus: [
    {
      title: 'of more devices than one request takes',
      input: { deviceIds: Array.from({ length: 31 }, (_, index) => index + 1) },
      answers: [
        { ...done, result: { total_count: 1, devices: [{ id: '1', online: false }] } },
        { ...done, result: { total_count: 1, devices: [{ id: 31, online: true }] } },
      ],
      wants: [Array.from({ length: 30 }, (_, index) => index + 1).join(','), '31'].map((devIds) => ({
        method: 'GET',
        path: '/ipc/video/device/QryDevStatus',
        query: { devIds },
      })),
      gives: [
        { deviceId: '1', online: false },
        { deviceId: '31', online: true },
      ],
    },
    {
      title: 'of ids too long for one request, each asked once',
      input: {
        deviceIds: `${'a'.repeat(128)},${'b'.repeat(128)},${'c'.repeat(128)},${'d'.repeat(114)},${'a'.repeat(128)}`,
      },
      answers: [{ ...done, result: { total_count: 0, devices: [] } }],
      wants: [`${'a'.repeat(128)},${'b'.repeat(128)},${'c'.repeat(128)}`, 'd'.repeat(114)].map((devIds) => ({
        method: 'GET',
        path: '/ipc/video/device/QryDevStatus',
        query: { devIds },
      })),
      gives: [],
    },
  ],
  listDeviceMessages: [
    {
      title: 'over two pages',
      input: { deviceId: '233444', startTime: '2018-01-01 00:00:00', endTime: '2018-01-02 00:00:00' },
      answers: [
        {
          ...done,
          page_info: { total_num: 2, page_total: 2, page_size: 1, current_page: 1 },
          result: [
            { create_time: '2018-01-01 16:27:40', msg_id: 4398046511104, msg: 'bXlfdGVzdF8xMjM0NQ==' },
          ],
        },
        {
          ...done,
          page_info: { total_num: 2, page_total: 2, page_size: 1, current_page: 2 },
          result: [{ create_time: '2018-01-01 16:27:41', msg_id: 14, msg: '/wA=' }],
        },
      ],
      wants: onPages({}, { page_start: '2', page_size: '50' }).map((page) => ({
        method: 'GET',
        path: '/ipc/video/device/QryDevMsg',
        query: {
          device_id: '233444',
          begin_time: '2018-01-01 00:00:00',
          end_time: '2018-01-02 00:00:00',
          ...page,
        },
      })),
      gives: [
        {
          messageId: '4398046511104',
          createdAt: '2018-01-01T08:27:40.000Z',
          content: Buffer.from('my_test_12345'),
        },
        { messageId: '14', createdAt: '2018-01-01T08:27:41.000Z', content: Buffer.from([255, 0]) },
      ],
    },
  ],
  getBootAddress: [
    {
      input: {},
      answers: [{ ...done, data: { boot_address: '183.230.40.42', boot_port: 9101 } }],
      wants: [{ method: 'GET', path: '/ipc/video/boot_address', key: 'none' }],
      gives: { address: '183.230.40.42', port: 9101 },
    },
  ],
  passThrough: [
    {
      input: { deviceId: '233444', content: '唤醒' },
      answers: [done],
      wants: [
        {
          method: 'POST',
          path: '/ipc/video/dev_active',
          query: { device_id: '233444' },
          body: '唤醒',
          contentType: 'application/octet-stream',
        },
      ],
      gives: { deviceId: '233444', bytes: 6 },
    },
  ],
  switchRecording: [
    {
      input: { productId: '12', deviceId: '233444', channelId: '2', action: 'start' },
      answers: [done],
      wants: [
        {
          method: 'GET',
          path: '/ipc/video/record/record_video',
          query: { product_id: '12', ...channelQuery, action: '1' },
        },
      ],
      gives: { deviceId: '233444', channelId: '2', recording: true },
    },
    {
      title: 'off again',
      input: { productId: '12', deviceId: '233444', channelId: '2', action: 'stop' },
      answers: [done],
      wants: [
        {
          method: 'GET',
          path: '/ipc/video/record/record_video',
          query: { product_id: '12', ...channelQuery, action: '0' },
        },
      ],
      gives: { deviceId: '233444', channelId: '2', recording: false },
    },
  ],
  listViewers: [
    {
      title: 'over all pages of one key',
      input: { productId: '7312', deviceId: '2479989', channelId: '1', protocol: 'rtmp', pageSize: 1 },
      answers: [
        {
          ...done,
          result: [{ ...stream, clientip: '192.0.2.3', onlinetime: '00:04:43' }],
          page_info: { total_num: 2, page_total: 2, page_size: 1, current_page: 1, page_key: 'k-1' },
        },
        {
          ...done,
          result: [{ ...stream, clientip: '192.0.2.4', onlinetime: '101:00:01', resolution: '640 * 480' }],
          page_info: { total_num: 2, page_total: 2, page_size: 1, current_page: 2, page_key: 'k-1' },
        },
      ],
      wants: onPages({ page: '1' }, { page_key: 'k-1', page: '2' }).map((page) => ({
        method: 'GET',
        path: '/ipc/video/stat/getonlinelist',
        query: {
          productid: '7312',
          deviceid: '2479989',
          channelid: '1',
          protocoltype: 'rtmp',
          page_size: '1',
          ...page,
        },
      })),
      gives: [
        { ...streamFacts, address: '192.0.2.3', forSeconds: 283 },
        {
          ...streamFacts,
          resolution: { width: 640, height: 480 },
          address: '192.0.2.4',
          forSeconds: 363601,
        },
      ],
    },
  ],
  listPushers: [
    {
      title: 'begun again when the platform has forgotten the list',
      input: { productId: '7312', pageSize: 1 },
      answers: [
        {
          ...done,
          result: [{ ...stream, puship: '192.0.2.5', pushtime: '00:00:01' }],
          page_info: { total_num: 2, page_total: 2, page_size: 1, current_page: 1, page_key: 'old' },
        },
        { errno: 77, error: 'page_key' },
        {
          ...done,
          result: [{ ...stream, puship: '192.0.2.6', pushtime: '00:00:02' }],
          page_info: { total_num: 1, page_total: 1, page_size: 1, current_page: 1, page_key: 'new' },
        },
      ],
      wants: onPages({ page: '1' }, { page_key: 'old', page: '2' }, { page: '1' }).map(
        (page: Record<string, string>) => ({
          method: 'GET',
          path: '/ipc/video/stat/getpushlist',
          query: { productid: '7312', page_size: '1', ...page },
        }),
      ),
      gives: [{ ...streamFacts, address: '192.0.2.6', forSeconds: 2 }],
    },
  ],
  switchCamera: [
    {
      title: 'off is 1',
      input: { productId: '12', deviceId: '123', cameraId: '1', state: 'off' },
      answers: [done],
      wants: [
        {
          method: 'PUT',
          path: '/ipc/video/access_control/closecamera',
          query: { product_id: '12', device_id: '123', id: '1' },
          json: { type: 1 },
        },
      ],
      gives: { deviceId: '123', cameraId: '1', state: 'off' },
    },
    {
      title: 'on is 0',
      input: { productId: '12', deviceId: '123', cameraId: '1', state: 'on' },
      answers: [done],
      wants: [
        {
          method: 'PUT',
          path: '/ipc/video/access_control/closecamera',
          query: { product_id: '12', device_id: '123', id: '1' },
          json: { type: 0 },
        },
      ],
      gives: { deviceId: '123', cameraId: '1', state: 'on' },
    },
  ],
  uploadFile: [
    {
      title: 'whose success is 200',
      input: { productId: '1111', name: 'test.bin', content: Buffer.from([1, 2]), description: 'd' },
      answers: [{ errno: '200', error: 'succ' }],
      wants: [
        {
          method: 'PUT',
          path: '/ipc/video/file/upload',
          query: { product_id: '1111', name: 'test.bin', desc: 'd' },
          body: Buffer.from([1, 2]),
          contentType: 'application/octet-stream',
        },
      ],
      gives: { productId: '1111', name: 'test.bin', bytes: 2 },
    },
  ],
  downloadFile: [
    {
      input: { productId: '1111', name: 'test' },
      answers: [{ type: 'application/octet-stream', body: Buffer.from([0, 1, 255]) } satisfies Canned],
      wants: [
        { method: 'GET', path: '/ipc/video/file/download', query: { product_id: '1111', name: 'test' } },
      ],
      gives: Buffer.from([0, 1, 255]),
    },
    {
      title: 'that looks like an answer but is none',
      input: { productId: '1111', name: 'test' },
      answers: [{ body: '{"errno":5}' } satisfies Canned],
      wants: [
        { method: 'GET', path: '/ipc/video/file/download', query: { product_id: '1111', name: 'test' } },
      ],
      gives: Buffer.from('{"errno":5}'),
    },
  ],
  deleteFile: [
    {
      input: { productId: '1111', name: 'test' },
      answers: [{ errno: 200, error: 'succ' }],
      wants: [
        { method: 'DELETE', path: '/ipc/video/file/delete', query: { product_id: '1111', name: 'test' } },
      ],
      gives: { productId: '1111', name: 'test' },
    },
  ],
  listFiles: [
    {
      title: 'whose success is 0',
      input: { productId: '1111' },
      answers: [
        {
          data: [{ product_id: 111, name: 'test', size: 1024, date: 1548228623, desc: '' }],
          errno: 0,
          error: 'succ',
          page_info: { total_num: 0, page_total: 0, page_size: 50, current_page: 1 },
        },
      ],
      wants: [{ method: 'GET', path: '/ipc/video/file/list', query: { product_id: '1111' } }],
      gives: [{ productId: '111', name: 'test', sizeBytes: 1024, storedAt: '2019-01-23T07:30:23.000Z' }],
    },
  ],
};
