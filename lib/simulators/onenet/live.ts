/** Chapters 4, 7 and 13: live streams, their thumbnails, and who watches or pushes them. */
import { randomBytes, randomUUID } from 'node:crypto';
import { badRequest, missing, pageOf, Refused, success, type Request, type Routes } from './answers';
import type { Channel, World } from './world';

export interface LiveRules {
  /** `http://host:port` of the simulator itself, which also is player and thumbnail host. */
  url: () => string | undefined;
  /** Spelling of a thumbnail's path: row and note of chapter 4.3 differ. */
  thumbnailSpelling: '-' | '_';
  /** Whether addresses name the thumbnail host, as the later edition does. */
  coverAddress: boolean;
  /** Somebody who watches, as 13.1 shows it. */
  viewers: readonly Record<string, unknown>[];
}

/** Milliseconds that a play token is good for, and that a page key is. */
const TOKEN_MS = 3_600_000;
const PAGE_KEY_MS = 300_000;
const KEEP_TOKENS = 1_000;

export function liveRoutes(world: World, rules: LiveRules): Routes {
  const tokens = new Map<string, number>();
  const issueToken = () => {
    const token = randomBytes(12).toString('hex');
    tokens.set(token, world.now() + TOKEN_MS);
    for (const old of tokens.keys()) if (tokens.size > KEEP_TOKENS) tokens.delete(old);
    return token;
  };
  const checkToken = (token: string) => {
    if ((tokens.get(token) ?? 0) < world.now()) throw new Refused(401, 'auth failed: token', 401);
  };
  const streamOf = (deviceId: string, channelId: string): Channel => {
    const device = world.device(deviceId);
    const channel = device.channels.get(Number(channelId));
    // The numbers of the later edition.
    if (!channel) throw new Refused(3, 'channel not exist');
    if (!device.online || !channel.enabled) throw new Refused(4, 'device not online');
    return channel;
  };

  return {
    'GET /ipc/video/play_address': (request) => {
      streamOf(request.need('device_id'), request.need('channel_id'));
      const type = { 0: 'rtmp', 1: 'http', 2: 'https' }[request.need('protocol_type')];
      if (type === undefined) throw new Refused(1, 'protocol_type invalid');
      const host = rules.url()?.replace(/^https?:\/\//, '');
      const cover = rules.coverAddress ? { coveraddr: host } : {};
      return success({ data: { addr: host, accessToken: issueToken(), type, ...cover } });
    },
    'GET /live_preview/*': (request) => {
      checkToken(request.need('token'));
      const [deviceId = '', channelId = ''] = request.rest.split(rules.thumbnailSpelling);
      if (channelId === '') throw new Refused(404, 'resource not found', 404);
      const { camera } = streamOf(deviceId, channelId);
      const body = camera.picture(world.now(), { width: 320, height: 180 });
      return { status: 200, headers: { 'content-type': 'image/jpeg' }, body };
    },
    'GET /live/*': (request) => {
      const [, deviceId = '', channelId = '', file] = /^live_([^_/]+)_(\d+)\/(.+)$/.exec(request.rest) ?? [];
      if (file === 'preload') {
        if (request.header('api-key') === undefined) throw new Refused(401, 'auth failed');
        checkToken(request.need('token'));
        if (request.count('idle_time', 120) > 120) throw badRequest('idle_time');
        streamOf(deviceId, channelId);
        return success();
      }
      if (file !== 'index.m3u8') throw new Refused(404, 'resource not found', 404);
      checkToken([...request.query.keys()][0] ?? '');
      streamOf(deviceId, channelId);
      const playlist = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n';
      return { status: 200, headers: { 'content-type': 'application/vnd.apple.mpegurl' }, body: playlist };
    },
    'PUT /ipc/video/trans_encrypt': (request) => {
      const { type } = request.json();
      if (type !== 0 && type !== 1) throw badRequest('type');
      world.encrypted.set(request.need('product_id'), type === 1);
      return success();
    },
    'GET /ipc/video/trans_encrypt': (request) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      // No `error` and no `data` here.
      body: JSON.stringify({ errno: 0, trans_enc: world.encrypted.get(request.need('product_id')) ? 1 : 0 }),
    }),
    ...momentaryLists(world, rules),
  };
}

/** Lists of the moment, kept for five minutes under a key so that their pages fit together. */
function momentaryLists(world: World, rules: LiveRules): Routes {
  const kept = new Map<string, { items: Record<string, unknown>[]; until: number }>();
  const pageOfList = (request: Request, list: () => Record<string, unknown>[]) => {
    request.need('productid');
    for (const [key, { until }] of kept) if (until < world.now()) kept.delete(key);
    const page = request.count('page', 1);
    const key = page === 1 ? randomUUID() : request.need('page_key');
    if (page === 1) kept.set(key, { items: list(), until: world.now() + PAGE_KEY_MS });
    const found = kept.get(key);
    if (!found) throw missing('page_key');
    const { items, page_info } = pageOf(found.items, page, request.count('page_size', 50));
    return success({ result: items, page_info: { ...page_info, page_key: key } });
  };
  const matches = (request: Request, item: Record<string, unknown>) =>
    ['deviceid', 'channelid'].every((name) => [undefined, String(item[name])].includes(request.maybe(name)));
  return {
    'GET /ipc/video/stat/getonlinelist': (request) =>
      pageOfList(request, () => rules.viewers.filter((one) => matches(request, one))),
    'GET /ipc/video/stat/getpushlist': (request) =>
      pageOfList(request, () =>
        pushes(world, request.need('productid')).filter((one) => matches(request, one)),
      ),
  };
}

/** Every channel of a device that is online is pushed. */
function pushes(world: World, productId: string): Record<string, unknown>[] {
  const online = [...world.devices.values()].filter((device) => device.online);
  return online.flatMap((device) =>
    [...device.channels.values()].map((channel) => ({
      productid: Number(productId),
      deviceid: Number(device.id),
      channelid: channel.id,
      protocoltype: 'RTMP',
      puship: '192.0.2.98',
      videocodec: 'H264',
      resolution: '640 * 360',
      fps: 25,
      audiocodec: 'AAC',
      bandwidth: 95_230,
      pushtime: '00:06:37',
    })),
  );
}
