/** Chapter 6: videos stored at the platform. */
import { SnapflowError } from '../errors';
import { text } from '../texts/mark';
import { videoAddress } from './addresses';
import { channel, period } from './common-fields';
import * as field from './fields';
import { pageFields, pages } from './listing';
import { listing, operation, type Call } from './operation';
import { formatTime } from './time';
import { asId, asKiloBytes, asNumber, asText, asTime, from, list, listOf, must, shape } from './wire';

const node = 'onenet-video';

const video = shape({
  videoId: must(['videoid', 'video_id'], asId),
  name: from('name', asText),
  startedAt: from('start', asTime),
  endedAt: from('end', asTime),
  /** The platform counts KBytes here. */
  sizeBytes: from('size', asKiloBytes),
  /** "durtion" is how the platform spells it. */
  durationSeconds: from(['durtion', 'duration'], asNumber),
  hlsUrl: from('hls_url', asText),
  rtmpUrl: from('rtmp_url', asText),
});

export type Video = ReturnType<typeof video>;

interface One {
  deviceId: string;
  channelId: string;
  videoId: string;
}

const one = { ...channel, videoId: field.id(text('Video id')) };
const secure = { secure: field.initially(field.flag(text('Secure addresses (https, rtmpe)')), false) };

function oneQuery({ deviceId, channelId, videoId }: One) {
  return { device_id: deviceId, channel_id: channelId, video_id: videoId };
}

async function videoInfo(call: Call, input: One & { secure: boolean }): Promise<Video> {
  const query = { ...oneQuery(input), security: input.secure ? 1 : undefined };
  const answer = await call.ask({ method: 'GET', path: '/ipc/video/vod/get_video_info', query });
  return video(answer.content, call.account.zone);
}

export const getVideo = operation({
  id: 'ON-6.1',
  name: 'getVideo',
  chapter: '6.1',
  node,
  title: text('Get the facts of a video'),
  sideEffects: false,
  fields: { ...one, ...secure },
  run: videoInfo,
});

const videoList = shape({ videos: list('videos', video) });

export const listVideos = listing({
  id: 'ON-6.2',
  name: 'listVideos',
  chapter: '6.2',
  node,
  title: text('List videos'),
  sideEffects: false,
  fields: {
    ...channel,
    ...period,
    videoName: field.optional(field.string(text('Video name'))),
    ...secure,
    ...pageFields(100, 50),
  },
  run(call, input) {
    const { zone } = call.account;
    const query = {
      device_id: input.deviceId,
      channel_id: input.channelId,
      start_time: input.startTime && formatTime(input.startTime, zone),
      end_time: input.endTime && formatTime(input.endTime, zone),
      name: input.videoName,
      security: input.secure ? 1 : undefined,
    };
    return pages({
      ...input,
      fetchPage: async (page) => {
        const paged = { ...query, page_start: page, page_size: input.pageSize };
        const answer = await call.ask({ method: 'GET', path: '/ipc/video/vod/get_video_list', query: paged });
        return { items: videoList(answer.content, zone).videos, info: answer.page };
      },
      keyOf: (item) => item.videoId,
    });
  },
});

const playToken = shape({ token: must('token', asText) });

async function askToken(call: Call, input: One): Promise<string> {
  const path = '/ipc/video/vod/get_play_token';
  const answer = await call.ask({ method: 'GET', path, query: oneQuery(input) });
  return playToken(answer.content, call.account.zone).token;
}

export const getVideoAddress = operation({
  id: 'ON-6.2u',
  name: 'getVideoAddress',
  chapter: '6.2',
  node,
  title: text('Get the addresses to play a video'),
  sideEffects: false,
  fields: { ...one, ...secure },
  async run(call, input) {
    const facts = await videoInfo(call, input);
    const token = await askToken(call, input);
    const { hlsUrl, rtmpUrl } = facts;
    return {
      ...facts,
      ...(hlsUrl !== undefined && { hlsUrl: videoAddress(hlsUrl, token) }),
      ...(rtmpUrl !== undefined && { rtmpUrl: videoAddress(rtmpUrl, token) }),
    };
  },
});

const deletion = shape({ code: must('code', asNumber), message: from('message', asText) });

export interface VideoDeletion {
  videoId: string;
  deleted: boolean;
  /** The platform's own code: 0 deleted, 1 does not exist. */
  code: number;
  message?: string;
}

export const deleteVideos = operation({
  id: 'ON-6.3',
  name: 'deleteVideos',
  chapter: '6.3',
  node,
  title: text('Delete videos'),
  sideEffects: true,
  fields: { ...channel, videoIds: field.ids(text('Video ids')) },
  async run(call, input): Promise<VideoDeletion[]> {
    const { videoIds } = input;
    const answer = await call.ask({
      method: 'POST',
      path: '/ipc/video/vod/delete_video',
      // "channeled" is how the platform spells it, and here there are no underscores.
      query: { deviceid: input.deviceId, channeled: input.channelId },
      json: { video: videoIds.map((videoId) => ({ videoId })) },
    });
    const results = listOf(deletion)(answer.content, call.account.zone);
    if (results.length !== videoIds.length) throw unclear(videoIds.length, results.length);
    return videoIds.map((videoId, index) => {
      const { code = -1, message } = results[index] ?? {};
      return { videoId, deleted: code === 0, code, ...(message !== undefined && { message }) };
    });
  },
});

/** Results come without ids, in the order asked: with one missing, none can be told from another. */
function unclear(asked: number, told: number): SnapflowError {
  return new SnapflowError(
    'PARTLY_DONE',
    'OneNET was asked to delete {{asked}} videos and told the result of {{told}}: list the videos to see which are left.',
    { system: 'onenet', values: { asked, told } },
  );
}

export const renameVideo = operation({
  id: 'ON-6.4',
  name: 'renameVideo',
  chapter: '6.4',
  node,
  title: text('Rename a video'),
  sideEffects: true,
  fields: { ...one, newName: field.string(text('New name')) },
  async run(call, input) {
    await call.ask({
      method: 'PUT',
      path: '/ipc/video/vod/rename_video',
      query: oneQuery(input),
      json: { name: input.newName },
    });
    return { videoId: input.videoId, name: input.newName };
  },
});

export const getVideoToken = operation({
  id: 'ON-6.5',
  name: 'getVideoToken',
  chapter: '6.5',
  node,
  title: text('Get the token to play a video'),
  sideEffects: false,
  fields: one,
  run: async (call, input) => ({ token: await askToken(call, input) }),
});
