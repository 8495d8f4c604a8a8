/**
 * The error codes of ThingsCloud's picture upload ("设备图片上传", 错误码一览): what each means to us, what the lane of
 * the device does then, and what to change. `{{identifier}}` and `{{region}}` are those of the request.
 */
import type { FailureClass } from '../delivery';
import type { ErrorCode } from '../errors';
import { text } from '../texts/mark';

export interface Meaning {
  code: ErrorCode;
  failure: FailureClass;
  text: string;
}

type Meanings = Readonly<Record<number, Meaning>>;

export interface ErrorTable {
  codes: Meanings;
  /** A code that the document does not list still says by its message which part failed. */
  families: ReadonlyArray<readonly [message: RegExp, meaning: Meaning]>;
}

const TOO_OFTEN: Meaning = {
  code: 'RATE_LIMITED',
  failure: 'wait',
  text: text(
    'ThingsCloud was asked too often ({{errcode}}). It takes one picture in 10 seconds from a device.',
  ),
};

/** Both calls can meet these. */
const COMMON: Meanings = {
  4002: {
    code: 'BAD_INPUT',
    failure: 'hold',
    text: text(
      'ThingsCloud saw no Project-Key header (4002). Fill in the project key, and check that no proxy removes the header.',
    ),
  },
  1022: {
    code: 'AUTH_REJECTED',
    failure: 'hold',
    text: text(
      'The project does not exist or its project key is wrong (1022). Check the project key and the endpoint.',
    ),
  },
  4041: {
    code: 'NOT_FOUND',
    failure: 'hold',
    text: text(
      'This endpoint has no such service (4041). Check the endpoint: ThingsCloud’s support gives it for your project.',
    ),
  },
  4291: TOO_OFTEN,
  4292: TOO_OFTEN,
  5001: {
    code: 'PLATFORM_FAILED',
    failure: 'retry',
    text: text('ThingsCloud had an internal error (5001).'),
  },
};

const UPLOAD_CODES: Meanings = {
  ...COMMON,
  4001: {
    code: 'BAD_INPUT',
    failure: 'hold',
    text: text(
      'ThingsCloud saw no Region header (4001). Fill in the region, and check that no proxy removes the header.',
    ),
  },
  4003: {
    code: 'BAD_INPUT',
    failure: 'refuse',
    text: text('ThingsCloud does not take the bytes for a picture (4003). The picture may be damaged.'),
  },
  4004: {
    code: 'UNSUPPORTED_FORMAT',
    failure: 'refuse',
    text: text('ThingsCloud does not support this kind of picture (4004). Send JPEG, PNG, GIF, WebP or BMP.'),
  },
  4005: {
    code: 'TOO_LARGE',
    failure: 'fix',
    text: text(
      'The picture of {{bytes}} bytes is larger than ThingsCloud takes (4005). Make it smaller; a lower picture limit in the project finds that before sending.',
    ),
  },
  4006: {
    code: 'BAD_INPUT',
    failure: 'hold',
    text: text(
      'The Content-Type did not reach ThingsCloud as application/octet-stream (4006). Check whether a proxy changes the request.',
    ),
  },
  1480: {
    code: 'AUTH_REJECTED',
    failure: 'hold',
    text: text(
      'The device does not exist or is disabled (1480). Check its AccessToken, and enable it in ThingsCloud’s console.',
    ),
  },
  1424: {
    code: 'BAD_INPUT',
    failure: 'hold',
    text: text('The device has no device type (1424). Give it one in ThingsCloud’s console.'),
  },
  1470: {
    code: 'NOT_FOUND',
    failure: 'hold',
    text: text(
      'The device type has no attribute "{{identifier}}" (1470). Check the identifier, or define the attribute in ThingsCloud’s console.',
    ),
  },
  1471: {
    code: 'BAD_INPUT',
    failure: 'hold',
    text: text(
      'The attribute "{{identifier}}" has the wrong type (1471). It must be text in the format picture URL.',
    ),
  },
  1023: {
    code: 'BAD_INPUT',
    failure: 'hold',
    text: text(
      'The project has no storage for pictures (1023). Set up Aliyun OSS in the project’s settings, third-party integration.',
    ),
  },
  4008: {
    code: 'NOT_FOUND',
    failure: 'hold',
    text: text('ThingsCloud knows no region "{{region}}" (4008). Check the region.'),
  },
  4009: {
    code: 'PARTLY_DONE',
    failure: 'done',
    text: text(
      'The picture is stored, but its address did not get into the attribute "{{identifier}}" (4009). It is not uploaded again.',
    ),
  },
  401: {
    code: 'PARTLY_DONE',
    failure: 'done',
    text: text(
      'The picture is stored, but the attribute "{{identifier}}" was not set: the device does not exist or the AccessToken is wrong (401). It is not uploaded again.',
    ),
  },
  451: {
    code: 'PARTLY_DONE',
    failure: 'done',
    text: text(
      'The picture is stored, but the attribute "{{identifier}}" was not set: the device is disabled (451). It is not uploaded again.',
    ),
  },
  402: {
    code: 'PARTLY_DONE',
    failure: 'done',
    text: text(
      'The picture is stored, but the attribute "{{identifier}}" was not set: it does not take an address (402). It is not uploaded again.',
    ),
  },
  403: {
    code: 'PARTLY_DONE',
    failure: 'done',
    text: text(
      'The picture is stored, but the attribute "{{identifier}}" was not set: the device sends messages too often (403). It is not uploaded again.',
    ),
  },
  413: {
    code: 'PARTLY_DONE',
    failure: 'done',
    text: text(
      'The picture is stored, but the attribute "{{identifier}}" was not set: the device has used up its messages of today (413). It is not uploaded again.',
    ),
  },
};

/** The same codes where attributes alone are reported: nothing is stored there, so they are plain failures. */
const REPORT_CODES: Meanings = {
  ...COMMON,
  401: {
    code: 'AUTH_REJECTED',
    failure: 'hold',
    text: text('The device does not exist or the AccessToken is wrong (401). Check the AccessToken.'),
  },
  451: {
    code: 'AUTH_REJECTED',
    failure: 'hold',
    text: text('The device is disabled (451). Enable it in ThingsCloud’s console.'),
  },
  402: {
    code: 'BAD_INPUT',
    failure: 'refuse',
    text: text('ThingsCloud does not take these attributes (402). Check their names and types.'),
  },
  403: {
    code: 'RATE_LIMITED',
    failure: 'wait',
    text: text('The device sends messages too often (403). Send less often.'),
  },
  413: {
    code: 'QUOTA_EXCEEDED',
    failure: 'hold',
    text: text('The device has used up its messages of today (413).'),
  },
};

const STORED: Meaning = {
  code: 'PARTLY_DONE',
  failure: 'done',
  text: text(
    'The picture is stored, but the attribute "{{identifier}}" was not set ({{errcode}}: {{message}}). It is not uploaded again.',
  ),
};

const NOT_ADMITTED: Meaning = {
  code: 'AUTH_REJECTED',
  failure: 'hold',
  text: text(
    'ThingsCloud refused the project or the device ({{errcode}}: {{message}}). Check project key and AccessToken.',
  ),
};

const FAILED: Meaning = {
  code: 'PLATFORM_FAILED',
  failure: 'retry',
  text: text('ThingsCloud failed ({{errcode}}: {{message}}).'),
};

const REFUSED: Meaning = {
  code: 'PLATFORM_FAILED',
  failure: 'refuse',
  text: text('ThingsCloud refused ({{errcode}}: {{message}}).'),
};

export const UPLOAD_ERRORS: ErrorTable = {
  codes: UPLOAD_CODES,
  families: [
    [/attribute report failed/i, STORED],
    [/authentication failed/i, NOT_ADMITTED],
  ],
};

export const REPORT_ERRORS: ErrorTable = {
  codes: REPORT_CODES,
  families: [[/authentication failed/i, NOT_ADMITTED]],
};

/** What an answer without success means: by its code, else by its message, else by the HTTP status. */
export function meaningOf(
  { codes, families }: ErrorTable,
  answer: { errcode: number | string; message: string; httpStatus: number },
): Meaning {
  const { errcode, message, httpStatus } = answer;
  const listed = codes[Number(errcode)] ?? families.find(([family]) => family.test(message))?.[1];
  if (listed) return listed;
  if (httpStatus === 429) return TOO_OFTEN;
  return httpStatus >= 500 ? FAILED : REFUSED;
}
