/**
 * What a refusal of the platform means. It has three ways to say it: an `errno` that one operation documents, an
 * `errno` of the common table (document §15, also used as HTTP status), or only a phrase; other numbers differ between
 * OneNET's services, so the phrase is asked before the number is taken as unknown.
 */
import { SnapflowError, type ErrorCode } from '../errors';
import { text } from '../texts/mark';

export interface Refusal {
  code: ErrorCode;
  /** Places: `{{operation}}`, `{{errno}}`, `{{message}}`. */
  text: string;
  /** Default: by code. */
  retryable?: boolean;
}

const badRequest: Refusal = {
  code: 'BAD_INPUT',
  text: text('OneNET could not accept the request “{{operation}}”: {{message}} ({{errno}}).'),
};
const authFailed: Refusal = {
  code: 'AUTH_REJECTED',
  text: text(
    'OneNET did not accept the key for “{{operation}}”: {{message}} ({{errno}}). Check the key of the account and whether this operation needs the master key.',
  ),
};
const denied: Refusal = {
  code: 'AUTH_REJECTED',
  text: text(
    'The key of the account has no right to “{{operation}}”: {{message}} ({{errno}}). Use the master key, or a key of this device.',
  ),
};
const notFound: Refusal = {
  code: 'NOT_FOUND',
  text: text('OneNET does not have what “{{operation}}” asks for: {{message}} ({{errno}}).'),
};
const wrongMethod: Refusal = {
  code: 'BAD_INPUT',
  text: text(
    'OneNET does not offer “{{operation}}” at this address ({{errno}}). Check the address of the account.',
  ),
};
const tooBig: Refusal = {
  code: 'TOO_LARGE',
  text: text('OneNET finds the content of “{{operation}}” too large: {{message}} ({{errno}}).'),
};
const tooMany: Refusal = {
  code: 'RATE_LIMITED',
  text: text('OneNET asks for fewer requests (“{{operation}}”): {{message}} ({{errno}}).'),
};
const offline: Refusal = {
  code: 'DEVICE_OFFLINE',
  text: text('The device is not connected to OneNET (“{{operation}}”): {{message}} ({{errno}}).'),
};
const failed: Refusal = {
  code: 'PLATFORM_FAILED',
  text: text('OneNET failed at “{{operation}}”: {{message}} ({{errno}}).'),
};
/** A definite no of unknown meaning: the same request would get the same answer. */
const unknown: Refusal = {
  code: 'PLATFORM_FAILED',
  text: text('OneNET refused “{{operation}}”: {{message}} ({{errno}}).'),
  retryable: false,
};

const COMMON: Readonly<Record<number, Refusal>> = {
  400: badRequest,
  401: authFailed,
  403: denied,
  404: notFound,
  405: wrongMethod,
  413: tooBig,
  429: tooMany,
  500: failed,
  502: failed,
  503: failed,
  504: failed,
  1001: {
    code: 'BAD_INPUT',
    text: text('OneNET does not accept the name: it must be free of special characters ({{errno}}).'),
  },
  1002: {
    code: 'BAD_INPUT',
    text: text('OneNET does not accept the name: it may have at most 256 characters ({{errno}}).'),
  },
  1003: {
    code: 'BAD_INPUT',
    text: text('OneNET does not accept the description: it may have at most 1024 characters ({{errno}}).'),
  },
};

const PHRASES: readonly (readonly [RegExp, Refusal])[] = [
  [/auth(orization|entication)? fail|unauthorized|invalid (api-?)?key/i, authFailed],
  [/access den|forbidden|permission|no right/i, denied],
  [/not online|offline/i, offline],
  [/not (exist|found)|no such|not available/i, notFound],
  [/bad request|invalid param|parameter (required|error)/i, badRequest],
  [/too (many|frequent)/i, tooMany],
  [/internal (system |server )?error|system internal|busy|time-?out/i, failed],
];

/** The operation that was refused, as an error speaks of it. */
export interface Asked {
  /** Its title. */
  title: string;
  /** Its own errno. */
  refusals?: Readonly<Record<number, Refusal>>;
  /** Blots the account's keys out of what the platform says: some services repeat a wrong key. */
  conceal: (said: string) => string;
}

/** The error for an answer of the platform whose `errno` says no. */
export function refusalError(
  asked: Asked,
  errno: number,
  message: string,
  httpStatus: number,
): SnapflowError {
  const byPhrase = PHRASES.find(([phrase]) => phrase.test(message))?.[1];
  const refusal = asked.refusals?.[errno] ?? COMMON[errno] ?? byPhrase ?? COMMON[httpStatus] ?? unknown;
  return refusedBy(refusal, asked, `errno ${errno}`, {
    code: errno,
    message,
    ...(httpStatus !== 200 && { httpStatus }),
  });
}

/** The error for a reply whose HTTP status says no and whose body is no answer of the platform. */
export function statusError(asked: Asked, httpStatus: number, start: string): SnapflowError {
  const refusal = COMMON[httpStatus] ?? (httpStatus >= 500 ? failed : unknown);
  return refusedBy(refusal, asked, `HTTP ${httpStatus}`, { httpStatus, message: start });
}

function refusedBy(
  refusal: Refusal,
  asked: Asked,
  errno: string,
  platform: { code?: number; message: string; httpStatus?: number },
): SnapflowError {
  const message = asked.conceal(platform.message);
  return new SnapflowError(refusal.code, refusal.text, {
    system: 'onenet',
    platform: { ...platform, message },
    values: { operation: asked.title, errno, message: message || '–' },
    ...(refusal.retryable !== undefined && { retryable: refusal.retryable }),
  });
}
