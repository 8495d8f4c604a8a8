/**
 * What a refusal of the platform means. It has three ways to say it: an `errno` that one operation documents, an
 * `errno` of the common table (document §15, also used as HTTP status), or only a phrase; other numbers differ between
 * OneNET's services, so the phrase is asked before the number is taken as unknown.
 */
import { retryAfterMs } from '../delivery';
import { SnapflowError, type ErrorCode } from '../errors';
import type { HttpReply } from '../http/types';
import { printableStart } from '../picture';
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
export function refusalError(asked: Asked, errno: number, said: string, reply: HttpReply): SnapflowError {
  const byPhrase = PHRASES.find(([phrase]) => phrase.test(said))?.[1];
  const refusal = asked.refusals?.[errno] ?? COMMON[errno] ?? byPhrase ?? COMMON[reply.status] ?? unknown;
  const message = asked.conceal(said);
  const { status } = reply;
  const platform = { code: errno, message, ...(status !== 200 && { httpStatus: status }) };
  return refusedBy(refusal, { asked, reply, platform, errno: `errno ${errno}` });
}

/** The error for a reply whose HTTP status says no and whose body is no answer of the platform. */
export function statusError(asked: Asked, reply: HttpReply): SnapflowError {
  const { status } = reply;
  const refusal = COMMON[status] ?? (status >= 500 ? failed : unknown);
  const platform = { httpStatus: status, message: startOf(reply.body, asked) };
  return refusedBy(refusal, { asked, reply, platform, errno: `HTTP ${status}` });
}

/** The first bytes of a body that should have been something else, without the account's keys. */
export function startOf(body: Buffer, { conceal }: Asked): string {
  if (body.length === 0) return '';
  // Blotted out before it is cut: half a key is a secret, too.
  return printableStart(Buffer.from(conceal(body.toString('latin1', 0, 4096)), 'latin1'), 80);
}

interface Said {
  asked: Asked;
  reply: HttpReply;
  platform: { message: string };
  errno: string;
}

function refusedBy(refusal: Refusal, { asked, reply, platform, errno }: Said): SnapflowError {
  const { code, text: sentence, retryable } = refusal;
  const waitMs = code === 'RATE_LIMITED' ? retryAfterMs(reply.headers, Date.now()) : undefined;
  return new SnapflowError(code, sentence, {
    system: 'onenet',
    platform,
    values: { operation: asked.title, errno, message: platform.message || '–' },
    ...(retryable !== undefined && { retryable }),
    ...(waitMs !== undefined && { details: { retryAfterMs: waitMs } }),
  });
}
