/**
 * The result codes of the platform. A code means different things at different endpoints: 106 is "no such device" for
 * an instruction and "account expired" for a login.
 */
import { SnapflowError, type ErrorCode } from '../errors';
import { text } from '../texts/mark';

export type Endpoint = 'login' | 'Instruction' | 'Admin' | 'Report';

interface Meaning {
  code: ErrorCode;
  /** Places: `{{result}}` and `{{message}}`. */
  text: string;
  /** Default: by code. */
  retryable?: boolean;
}

const badRequest: Meaning = {
  code: 'BAD_INPUT',
  text: text('AssetsControls finds the request wrong: {{message}} (result {{result}}).'),
};
const badToken: Meaning = {
  code: 'AUTH_REJECTED',
  text: text('AssetsControls does not accept the token: it is wrong or has expired (result {{result}}).'),
};
const failed: Meaning = {
  code: 'PLATFORM_FAILED',
  text: text('AssetsControls failed: {{message}} (result {{result}}).'),
};
const noDevice: Meaning = {
  code: 'NOT_FOUND',
  text: text('AssetsControls knows no such asset (result {{result}}). Check its GUID or number.'),
};
const inquiry = { 102: badRequest, 104: badToken, 105: failed, 106: noDevice };

/** Result → meaning, per endpoint. After 105, 108 and 138 of an instruction the camera may still act. */
export const RESULTS: Readonly<Record<Endpoint, Readonly<Record<number, Meaning>>>> = {
  login: {
    102: badRequest,
    103: {
      code: 'AUTH_REJECTED',
      text: text('AssetsControls does not accept the user or the password (result {{result}}).'),
    },
    105: failed,
    106: {
      code: 'AUTH_REJECTED',
      text: text('The AssetsControls account has expired (result {{result}}).'),
    },
  },
  Instruction: {
    ...inquiry,
    105: { ...failed, retryable: false },
    108: {
      code: 'UNREACHABLE',
      text: text('AssetsControls could not send the instruction to the device (result {{result}}).'),
      retryable: false,
    },
    111: {
      code: 'DEVICE_OFFLINE',
      text: text('The device is not connected to AssetsControls (result {{result}}).'),
    },
    131: {
      code: 'DEVICE_REFUSED',
      text: text('This device does not support taking pictures on demand (result {{result}}).'),
    },
    138: {
      code: 'TIMEOUT',
      text: text(
        'The instruction was sent, but the device has not answered within 15 s (result {{result}}). It may still take the picture.',
      ),
      retryable: false,
    },
  },
  Admin: inquiry,
  Report: inquiry,
};

/** A result nobody documented. It is a definite no: the same request would get it again. */
const unknown: Meaning = {
  code: 'PLATFORM_FAILED',
  text: text('AssetsControls answered with the unknown result {{result}}: {{message}}.'),
  retryable: false,
};

export function resultError(endpoint: Endpoint, result: number, message: string): SnapflowError {
  const meaning = RESULTS[endpoint][result] ?? unknown;
  return new SnapflowError(meaning.code, meaning.text, {
    system: 'assetscontrols',
    values: { result, message: message || '–' },
    platform: { code: result, message },
    ...(meaning.retryable !== undefined && { retryable: meaning.retryable }),
  });
}
