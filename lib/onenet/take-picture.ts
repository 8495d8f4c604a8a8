/** Taking a picture on a device: the snapshot command of the later edition, then the picture that it names. */
import { isSnapflowError, SnapflowError } from '../errors';
import type { Picture } from '../picture';
import { text } from '../texts/mark';
import { wait } from '../wait';
import { snapshotFrame } from './command-frames';
import { perform, timeLimit } from './commands';
import { numberedChannel } from './common-fields';
import * as field from './fields';
import { operation, type Call } from './operation';
import { downloadPicture, pictureInfo, type StoredPicture } from './pictures';
import { asNumber, asText, from, must, shape } from './wire';

/** Milliseconds between two looks for the picture: the first, the growth, the longest. */
const LOOK = { first: 500, factor: 1.5, longest: 5_000 };

/** Here 1 is success. */
const snapshotAnswer = shape({
  result: must('result', asNumber),
  cmd: from('cmd', shape({ name: from('name', asText) })),
});

export const takePicture = operation({
  id: 'X-ON-a',
  name: 'takePicture',
  chapter: '3.2',
  node: 'onenet-command',
  title: text('Take a picture on a device'),
  output: 'picture',
  sideEffects: true,
  fields: {
    ...numberedChannel,
    width: field.optional(field.integer(text('Width (pixels)'), { min: 1, max: 16_384 })),
    height: field.optional(field.integer(text('Height (pixels)'), { min: 1, max: 16_384 })),
    quality: field.initially(field.integer(text('Quality'), { min: 1, max: 100 }), 100),
    timeLimitMs: timeLimit,
  },
  async run(call, input): Promise<Picture> {
    const { deviceId, channelId, width, height, quality, timeLimitMs } = input;
    const { dialect, clock, zone } = call.account;
    const deadline = clock.monotonic() + timeLimitMs;
    const content = snapshotFrame(dialect, channelId, { width, height, quality });
    const command = { deviceId, content, answer: true, kind: 'platform' as const, timeLimitMs };
    const { answer } = await perform(call, command);
    if (answer?.value === undefined) throw refused();
    const { result, cmd } = snapshotAnswer(answer.value, zone);
    const name = cmd?.name;
    if (result !== 1 || name === undefined) throw refused(result);
    const picture = { deviceId, channelId: String(channelId), name };
    return downloadPicture(call, picture, await stored(call, picture, deadline), 'snapshot');
  },
});

/** The device names the picture when it has sent it; the platform may know it a moment later. */
async function stored(
  call: Call,
  picture: { deviceId: string; channelId: string; name: string },
  deadline: number,
): Promise<StoredPicture> {
  const { clock } = call.account;
  for (let pause = LOOK.first; ; pause = Math.min(pause * LOOK.factor, LOOK.longest)) {
    try {
      return await pictureInfo(call, picture);
    } catch (error) {
      if (!isNotYet(error)) throw error;
      if (clock.monotonic() + pause > deadline) throw missing(picture.name, error);
    }
    await wait(clock, pause, 'onenet', call.signal);
  }
}

/** What a platform that does not know the picture answers is not documented: any refusal but of the key may be it. */
function isNotYet(error: unknown): boolean {
  return (
    isSnapflowError(error) &&
    ['NOT_FOUND', 'PLATFORM_FAILED', 'BAD_INPUT', 'UNREACHABLE'].includes(error.code)
  );
}

function missing(name: string, cause: unknown): SnapflowError {
  return new SnapflowError(
    'TIMEOUT',
    'The device took the picture “{{name}}”, but OneNET does not have it in time. Fetch it by its name later.',
    { system: 'onenet', values: { name }, details: { name }, retryable: false, cause },
  );
}

function refused(result?: number): SnapflowError {
  return new SnapflowError(
    'DEVICE_REFUSED',
    'The device could not take the picture (result {{result}}). Older devices do not know this command.',
    { system: 'onenet', values: { result: result ?? '–' }, platform: { code: result ?? '' } },
  );
}
