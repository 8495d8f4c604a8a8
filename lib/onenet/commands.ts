/** Chapter 3.1: commands to devices, and following them until they are done. */
import { isSnapflowError, SnapflowError, type ErrorCode } from '../errors';
import { text } from '../texts/mark';
import { wait } from '../wait';
import { commandState, readAnswer, type CommandResult } from './command-answer';
import { device } from './common-fields';
import type { Envelope } from './envelope';
import * as field from './fields';
import { operation, type Call } from './operation';
import { asIs, asNumber, asText, from, shape } from './wire';

const node = 'onenet-command';

/** Bytes of a command; the document says "less than 64 K". */
const MAX_COMMAND_BYTES = 65_535;

/** Milliseconds between two questions about a command: the first, the growth, the longest. */
const FOLLOW_UP = { first: 500, factor: 1.5, longest: 5_000 };

export const timeLimit = field.initially(
  field.integer(text('Time limit for the answer (milliseconds)'), { min: 1_000, max: 600_000 }),
  30_000,
);

const accepted = shape({
  commandId: from('cmd_uuid', asText),
  status: from('cmd_status', asNumber),
  response: from('dev_resp', asIs),
});

export interface Command {
  deviceId: string;
  content: Buffer;
  /** Wait for the device's answer; otherwise only until the command has gone out to it. */
  answer: boolean;
  /** Meant for the platform's device SDK, or for the user's own program on the device. */
  kind: 'platform' | 'user';
  timeLimitMs: number;
}

/** Sends a command and follows it as far as wanted. Sent once; only its state is asked again. */
export async function perform(call: Call, command: Command): Promise<CommandResult> {
  const { deviceId, content, answer, kind } = command;
  const reply = await call.ask({
    method: 'POST',
    path: '/ipc/video/cmds',
    query: { device_id: deviceId, qos: answer ? 1 : 0, type: kind === 'user' ? 1 : 0 },
    body: content,
    // Nothing says so, but a JSON command under another label might be taken for bytes.
    contentType: content.toString('utf8').trimStart().startsWith('{')
      ? 'application/json'
      : 'application/octet-stream',
  });
  const { commandId, status, response } = accepted(reply.content ?? {}, call.account.zone);
  const state = commandState(status);
  const named = commandId === undefined ? {} : { commandId };
  if (state === 'answered' && response !== undefined) {
    return { ...named, state, answer: readAnswer(response) };
  }
  if (!answer && state !== 'created') return { ...named, state };
  if (commandId === undefined) {
    if (!answer) return { state };
    throw new SnapflowError('BAD_RESPONSE', 'OneNET took the command but gave no id to ask for its answer.', {
      system: 'onenet',
      retryable: false,
    });
  }
  return follow(call, { ...command, commandId });
}

interface Followed {
  deviceId: string;
  commandId: string;
  answer: boolean;
  timeLimitMs: number;
}

/** Asks with growing pauses. */
async function follow(call: Call, followed: Followed): Promise<CommandResult> {
  const { clock } = call.account;
  const { commandId, answer, timeLimitMs } = followed;
  const deadline = clock.monotonic() + timeLimitMs;
  let last: SnapflowError | undefined;
  /** A question that fails on the way does not end it: the command runs on. */
  const unlessPassing = (error: unknown): undefined => {
    if (!isPassing(error)) throw error;
    last = error;
  };
  for (let pause = FOLLOW_UP.first; ; pause = Math.min(pause * FOLLOW_UP.factor, FOLLOW_UP.longest)) {
    const status = await askStatus(call, followed).catch(unlessPassing);
    const state = status && commandState(status.status);
    if (state === 'sent' && !answer) return { commandId, state };
    const reply = state === 'answered' && (await askAnswer(call, followed).catch(unlessPassing));
    if (reply) return { commandId, state: 'answered', answer: readAnswer(reply.content) };
    if (clock.monotonic() + pause > deadline) throw noAnswer(timeLimitMs, last);
    await wait(clock, pause, 'onenet', call.signal);
  }
}

const PASSING: ReadonlySet<ErrorCode> = new Set([
  'UNREACHABLE',
  'TIMEOUT',
  'PLATFORM_FAILED',
  'RATE_LIMITED',
]);

function isPassing(error: unknown): error is SnapflowError {
  return isSnapflowError(error) && error.retryable && PASSING.has(error.code);
}

const stateAnswer = shape({ status: from(['status', 'cmd_status'], asNumber) });

async function askStatus(call: Call, { deviceId, commandId }: Followed) {
  const query = { device_id: deviceId, cmd_uuid: commandId };
  const reply = await call.ask({ method: 'GET', path: '/ipc/video/cmd_status', query });
  return stateAnswer(reply.content, call.account.zone);
}

function askAnswer(call: Call, { deviceId, commandId }: Followed): Promise<Envelope> {
  const query = { device_id: deviceId, cmd_uuid: commandId };
  return call.ask({ method: 'GET', path: '/ipc/video/cmd_resp', query });
}

function noAnswer(timeLimitMs: number, cause: unknown): SnapflowError {
  return new SnapflowError(
    'TIMEOUT',
    'The command is not answered after {{seconds}} s. The device may still carry it out: look before you send it again.',
    { system: 'onenet', values: { seconds: Math.round(timeLimitMs / 1000) }, retryable: false, cause },
  );
}

export const sendCommand = operation({
  id: 'ON-3.1',
  name: 'sendCommand',
  chapter: '3.1',
  node,
  title: text('Send a command to a device'),
  sideEffects: true,
  fields: {
    ...device,
    content: field.payload(text('Command'), { bytes: MAX_COMMAND_BYTES }),
    answer: field.initially(field.flag(text('Wait for the answer')), false),
    kind: field.initially(
      field.choice(text('Meant for'), {
        platform: text('Device SDK'),
        user: text('Own program on the device'),
      }),
      'platform' as const,
    ),
    timeLimitMs: timeLimit,
  },
  run: perform,
});

export const followCommand = operation({
  id: 'ON-3.1s',
  name: 'followCommand',
  chapter: '3.1',
  node,
  title: text('Wait for the answer to a command'),
  sideEffects: false,
  fields: { ...device, commandId: field.string(text('Command id')), timeLimitMs: timeLimit },
  run: (call, input) => follow(call, { ...input, answer: true }),
});
