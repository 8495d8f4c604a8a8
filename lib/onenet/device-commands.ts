/** Chapter 3.2: the commands that every device of the platform knows. */
import { text } from '../texts/mark';
import { levelFrame, localVideosFrame, ptzFrame } from './command-frames';
import { perform, timeLimit } from './commands';
import { numberedChannel, period } from './common-fields';
import * as field from './fields';
import { pageFields, pages } from './listing';
import { listing, operation } from './operation';
import { formatTime } from './time';
import { asId, asNumber, asText, asTime, from, list, shape } from './wire';

const node = 'onenet-command';

const answerFields = {
  answer: field.initially(field.flag(text('Wait for the answer')), true),
  timeLimitMs: timeLimit,
};

const LEVELS = { smooth: 1, standard: 2, high: 3, ultra: 4 } as const;

export const setStreamLevel = operation({
  id: 'ON-3.2a',
  name: 'setStreamLevel',
  chapter: '3.2',
  node,
  title: text('Set the quality of the stream'),
  sideEffects: true,
  fields: {
    ...numberedChannel,
    level: field.choice(text('Quality'), {
      smooth: text('Smooth'),
      standard: text('Standard'),
      high: text('High'),
      ultra: text('Ultra high'),
    }),
    ...answerFields,
  },
  run(call, input) {
    const content = levelFrame(call.account.dialect, input.channelId, LEVELS[input.level]);
    return perform(call, { ...input, content, kind: 'platform' });
  },
});

/** The diagonals are of the later edition. */
const MOVEMENTS = {
  up: 11,
  down: 12,
  left: 13,
  right: 14,
  upLeft: 15,
  upRight: 16,
  downLeft: 17,
  downRight: 18,
  autoScan: 22,
  zoomIn: 1,
  zoomOut: 2,
  focusNear: 3,
  focusFar: 4,
  irisOpen: 5,
  irisClose: 6,
} as const;

const MODES = { step: 2, start: 0, stop: 1 } as const;

export const movePtz = operation({
  id: 'ON-3.2b',
  name: 'movePtz',
  chapter: '3.2',
  node,
  title: text('Move the camera (PTZ)'),
  sideEffects: true,
  fields: {
    ...numberedChannel,
    movement: field.choice(text('Movement'), {
      up: text('Up'),
      down: text('Down'),
      left: text('Left'),
      right: text('Right'),
      upLeft: text('Up and left'),
      upRight: text('Up and right'),
      downLeft: text('Down and left'),
      downRight: text('Down and right'),
      autoScan: text('Scan by itself'),
      zoomIn: text('Zoom in'),
      zoomOut: text('Zoom out'),
      focusNear: text('Focus nearer'),
      focusFar: text('Focus farther'),
      irisOpen: text('Open the iris'),
      irisClose: text('Close the iris'),
    }),
    mode: field.initially(
      field.choice(text('How'), { step: text('One step'), start: text('Start'), stop: text('Stop') }),
      'step' as const,
    ),
    speed: field.initially(field.integer(text('Speed'), { min: 1, max: 7 }), 4),
    ...answerFields,
  },
  run(call, input) {
    const { channelId, speed } = input;
    const movement = { movement: MOVEMENTS[input.movement], stop: MODES[input.mode], speed };
    const content = ptzFrame(call.account.dialect, channelId, movement);
    return perform(call, { ...input, content, kind: 'platform' });
  },
});

/** Document, later edition and device SDKs each name the parts in their own way. */
const localVideo = shape({
  channelId: from('channel_id', asId),
  title: from(['video_desc', 'video_title'], asText),
  sizeBytes: from('size', asNumber),
  startedAt: from(['beginTime', 'start_time'], asTime),
  endedAt: from(['endTime', 'end_time'], asTime),
});

export type LocalVideo = ReturnType<typeof localVideo>;

const localVideoList = shape({
  videos: list('rvods', localVideo),
  total: from('all_count', asNumber),
  pages: from('page_total', asNumber),
});

export const listLocalVideos = listing({
  id: 'ON-3.2c',
  name: 'listLocalVideos',
  chapter: '3.2',
  node,
  title: text('List the videos on the device itself'),
  sideEffects: false,
  fields: { ...numberedChannel, ...period, ...pageFields(100, 20), timeLimitMs: timeLimit },
  run(call, input) {
    const { dialect, zone } = call.account;
    const { deviceId, channelId, pageSize, timeLimitMs } = input;
    const times = {
      startTime: input.startTime && formatTime(input.startTime, zone),
      endTime: input.endTime && formatTime(input.endTime, zone),
    };
    return pages({
      ...input,
      fetchPage: async (page) => {
        const content = localVideosFrame(dialect, channelId, { page, pageSize, ...times });
        const command = { deviceId, content, answer: true, kind: 'platform' as const, timeLimitMs };
        const { answer } = await perform(call, command);
        const { videos, ...info } = localVideoList(answer?.value, zone);
        return { items: videos, info };
      },
      keyOf: (item) => JSON.stringify([item.channelId, item.startedAt, item.endedAt, item.title]),
    });
  },
});
