/** Chapters 6 and 12: stored videos, and the recording that makes them. */
import { createHash, randomUUID } from 'node:crypto';
import { badRequest, missing, pageOf, Refused, success, type Request, type Routes } from './answers';
import { chinaTime, parseChinaTime } from './china-time';
import type { Channel, StoredVideo, World } from './world';

const VIDEOS = '/ipc/video/vod';
/** KBytes that a second of recording takes. */
const KILO_BYTES_A_SECOND = 64;

export function videoRoutes(world: World): Routes {
  const channelOf = (request: Request): Channel =>
    world.device(request.need('device_id')).channel(request.need('channel_id'));
  const videoOf = (request: Request): StoredVideo => {
    const found = channelOf(request).videos.get(request.need('video_id'));
    if (!found) throw missing('video');
    return found;
  };

  return {
    [`GET ${VIDEOS}/get_video_info`]: (request) => {
      const video = videoOf(request);
      const duration = Math.round((video.endedAt - video.startedAt) / 1000);
      // Here the numbers are text.
      const data = { ...factsOf(video, request), size: String(video.kiloBytes), durtion: String(duration) };
      return success({ data });
    },
    [`GET ${VIDEOS}/get_video_list`]: (request) => {
      const from = request.maybe('start_time');
      const until = request.maybe('end_time');
      const name = request.maybe('name');
      const shown = [...channelOf(request).videos.values()].filter(
        (one) =>
          (from === undefined || one.startedAt >= parseChinaTime(from)) &&
          (until === undefined || one.startedAt <= parseChinaTime(until)) &&
          (name === undefined || one.name === name),
      );
      const { items, page_info } = pageOf(
        shown,
        request.count('page_start', 1),
        request.count('page_size', 50),
      );
      return success({ data: { videos: items.map((one) => factsOf(one, request)) }, page_info });
    },
    [`POST ${VIDEOS}/delete_video`]: (request) => {
      const { videos } = world.device(request.need('deviceid')).channel(request.need('channeled'));
      const { video: wanted } = request.json();
      if (!Array.isArray(wanted)) throw badRequest('video');
      const results = wanted.map((one: unknown) => {
        const { videoId } = one as { videoId?: unknown };
        if (typeof videoId !== 'string') throw badRequest('videoId must be a string');
        return videos.delete(videoId) ? { code: 0 } : { code: 1, message: 'not exist' };
      });
      return success({ data: results });
    },
    [`PUT ${VIDEOS}/rename_video`]: (request) => {
      const { name } = request.json();
      if (typeof name !== 'string' || name === '') throw badRequest('name');
      videoOf(request).name = name;
      return success();
    },
    [`GET ${VIDEOS}/get_play_token`]: (request) => {
      const { id } = videoOf(request);
      return success({ data: { token: createHash('sha256').update(id).digest('hex').slice(0, 16) } });
    },
    'GET /ipc/video/record/record_video': (request) => {
      request.need('product_id');
      const action = request.need('action');
      if (action !== '0' && action !== '1') throw badRequest('action');
      return action === '1' ? start(channelOf(request), world.now()) : stop(channelOf(request), world.now());
    },
  };
}

function factsOf(video: StoredVideo, request: Request) {
  const stream = `${request.need('device_id')}-${request.need('channel_id')}-${video.id}`;
  const isSecure = request.maybe('security') === '1';
  return {
    videoid: video.id,
    name: video.name,
    start: chinaTime(video.startedAt),
    end: chinaTime(video.endedAt),
    size: video.kiloBytes,
    hls_url: `${isSecure ? 'https' : 'http'}://127.0.0.1:8080/vod/${stream}/index.m3u8`,
    rtmp_url: `${isSecure ? 'rtmpe' : 'rtmp'}://127.0.0.1:1935/vod/${stream}`,
  };
}

function start(channel: Channel, now: number) {
  if (channel.recordingSince !== undefined) throw new Refused(400, 'bad request: already recording');
  channel.recordingSince = now;
  return success();
}

function stop(channel: Channel, now: number) {
  const since = channel.recordingSince;
  if (since === undefined) throw new Refused(400, 'bad request: not recording');
  channel.recordingSince = undefined;
  const id = randomUUID();
  const kiloBytes = Math.max(1, Math.round(((now - since) / 1000) * KILO_BYTES_A_SECOND));
  channel.videos.set(id, { id, name: chinaTime(since), startedAt: since, endedAt: now, kiloBytes });
  return success();
}
