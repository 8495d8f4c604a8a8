/**
 * What became of a command (chapter 3.1): the platform's state of its delivery, then the device's own code and data.
 * An `errno` of 0 says nothing about either.
 */
import { SnapflowError, type ErrorCode } from '../errors';
import { text } from '../texts/mark';
import { isObject, parseJson } from './json';
import { asBytes, asNumber, asText, from, shape } from './wire';

/** Delivered to the device as far as wanted, on its way, or failed for good (then an error is thrown). */
export type CommandState = 'created' | 'sent' | 'answered';

export interface CommandAnswer {
  /** The device's own code; 0 is success. Undefined where the platform does not tell it. */
  code?: number;
  /** What it sent: a JSON value, else the bytes as a Buffer; undefined when it sent nothing. */
  value?: unknown;
}

export interface CommandResult {
  /** Names the command at the platform. */
  commandId?: string;
  state: CommandState;
  answer?: CommandAnswer;
}

const STATES: Readonly<Record<number, CommandState>> = { 1: 'created', 2: 'sent', 4: 'answered' };

interface Failure {
  code: ErrorCode;
  text: string;
  retryable?: boolean;
}

const FAILURES: Readonly<Record<number, Failure>> = {
  0: {
    code: 'DEVICE_OFFLINE',
    text: text('The device is not connected to OneNET: the command was not sent.'),
  },
  3: { code: 'UNREACHABLE', text: text('OneNET could not send the command to the device.') },
  // The device may have done it all the same: only a person can tell whether to send it again.
  5: {
    code: 'TIMEOUT',
    text: text(
      'The device did not answer the command in the time that OneNET allows. It may have carried it out.',
    ),
    retryable: false,
  },
  6: { code: 'BAD_RESPONSE', text: text('OneNET could not read what the device answered to the command.') },
};

/** Codes that the device SDKs answer with. */
const DEVICE_CODES: Readonly<Record<number, { code: ErrorCode; meaning: string }>> = {
  1: { code: 'NOT_FOUND', meaning: text('it has no such channel') },
  2: { code: 'NOT_FOUND', meaning: text('it has no such file') },
  3: { code: 'DEVICE_REFUSED', meaning: text('it cannot reach the stream server') },
  4: { code: 'DEVICE_REFUSED', meaning: text('it does not support the command') },
  5: { code: 'DEVICE_REFUSED', meaning: text('it found the command faulty') },
  6: { code: 'DEVICE_BUSY', meaning: text('it is already doing that') },
  7: { code: 'DEVICE_REFUSED', meaning: text('its live stream failed') },
};

/**
 * The state behind a `cmd_status`; none or 1 means that it is on its way.
 * @throws SnapflowError for each failure: 0 `DEVICE_OFFLINE`, 3 `UNREACHABLE`, 5 `TIMEOUT`, 6 `BAD_RESPONSE`
 */
export function commandState(status: number | undefined): CommandState {
  const state = STATES[status ?? 1];
  if (state) return state;
  const failure = FAILURES[status ?? 1];
  const platform = { code: status ?? '' };
  if (!failure) {
    throw new SnapflowError(
      'BAD_RESPONSE',
      'OneNET told a state of the command that nobody knows: {{status}}.',
      {
        system: 'onenet',
        values: { status: String(status) },
        platform,
      },
    );
  }
  throw new SnapflowError(failure.code, failure.text, {
    system: 'onenet',
    platform,
    ...(failure.retryable !== undefined && { retryable: failure.retryable }),
  });
}

const deviceResponse = shape({
  code: from(['resp_code', 'code'], asNumber),
  data: from(['resp_data', 'resp'], asBytes),
});

/**
 * The answer of the device, from `dev_resp` or from the answer of `cmd_resp`.
 * @throws SnapflowError when the device's own code is not 0
 */
export function readAnswer(response: unknown): CommandAnswer {
  const { code, data } = deviceResponse(isObject(response) ? response : { resp: asText(response, 0) }, 0);
  if (code !== undefined && code !== 0) throw deviceError(code, data);
  return {
    ...(code !== undefined && { code }),
    ...(data && data.length > 0 && { value: jsonOrBytes(data) }),
  };
}

function jsonOrBytes(data: Buffer): unknown {
  try {
    return parseJson(data.toString('utf8'));
  } catch {
    return data;
  }
}

function deviceError(deviceCode: number, data: Buffer | undefined): SnapflowError {
  const known = DEVICE_CODES[deviceCode];
  return new SnapflowError(
    known?.code ?? 'DEVICE_REFUSED',
    'The device refused the command: {{meaning}} (code {{code}}).',
    {
      system: 'onenet',
      values: { meaning: known?.meaning ?? text('for a reason of its own'), code: deviceCode },
      platform: { code: deviceCode, ...(data && { message: data.toString('utf8').slice(0, 200) }) },
    },
  );
}
