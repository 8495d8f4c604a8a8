/** The error for a call that a camera did not do. */
import { SnapflowError, type ErrorCode } from '../errors';
import type { HttpReplyHead } from '../http/types';
import { printableStart } from '../picture';
import { text } from '../texts/mark';
import { parseJson } from '../json';
import { readStatus, type ResponseStatus } from './response-status';

interface Kind {
  code: ErrorCode;
  text: string;
  retryable?: boolean;
}

const BUSY: Kind = { code: 'DEVICE_BUSY', text: text('The camera is busy: {{message}}. Try again later.') };
const UNKNOWN: Kind = {
  code: 'NOT_FOUND',
  text: text('The camera does not know what was asked for: {{message}}. Check UUID and channel.'),
};
const FORBIDDEN: Kind = {
  code: 'AUTH_REJECTED',
  text: text('The camera does not allow this to the user: {{message}}. Use its user for the API (ApiAdmin).'),
};
const REFUSED: Kind = { code: 'DEVICE_REFUSED', text: text('The camera refused the call: {{message}}.') };
const FAILED: Kind = { ...REFUSED, retryable: true };
const NO_API: Kind = {
  code: 'NOT_FOUND',
  text: text(
    'There is no SDC API at this address ({{message}}). Check the address and that the API is enabled.',
  ),
};
const FAULTY: Kind = {
  code: 'PLATFORM_FAILED',
  text: text('The camera failed ({{message}}). Try again later.'),
};

// The list of the API's codes is not public, so the words decide, then the HTTP status.
const WORDS: ReadonlyArray<[RegExp, Kind]> = [
  [/\bbusy\b|\bin use\b|忙/i, BUSY],
  [/unauthori[sz]ed|forbidden|permission|\bno right|权限|未授权/i, FORBIDDEN],
  [/\bnot? (exist|found|such)|n't exist|\bunknown|(invalid|wrong) (uuid|channel)|不存在|未找到/i, UNKNOWN],
];

/** The error for an answer with a status other than 0. */
export function refusal(status: ResponseStatus, httpStatus: number): SnapflowError {
  const { code, message } = status;
  const described = message === undefined ? String(code) : `${message} (${code})`;
  const byWords = WORDS.find(([words]) => words.test(message ?? ''))?.[1];
  const kind = byWords ?? kindByHttp(httpStatus) ?? (httpStatus >= 500 ? FAILED : REFUSED);
  return refused(kind, described, { code, httpStatus, ...(message !== undefined && { message }) });
}

/** The error for an HTTP status other than 2xx. */
export function httpRefusal({ status: httpStatus, headers }: HttpReplyHead, body: Buffer): SnapflowError {
  const status = readStatus(parseJson(body));
  if (status) return refusal(status, httpStatus);
  if (httpStatus < 400) return redirected(httpStatus, String(headers['location'] ?? ''));
  const kind =
    httpStatus === 404 ? NO_API : (kindByHttp(httpStatus) ?? (httpStatus >= 500 ? FAULTY : REFUSED));
  const start = body.length > 0 && kind === REFUSED ? `, ${printableStart(body)}` : '';
  return refused(kind, `HTTP ${httpStatus}${start}`, { httpStatus });
}

function kindByHttp(httpStatus: number): Kind | undefined {
  if (httpStatus === 401 || httpStatus === 403) return FORBIDDEN;
  if (httpStatus === 404) return UNKNOWN;
  if (httpStatus === 429 || httpStatus === 503) return BUSY;
  return undefined;
}

function refused(kind: Kind, message: string, platform: SnapflowError['platform']): SnapflowError {
  const { code, retryable } = kind;
  return new SnapflowError(code, kind.text, { system: 'huawei', values: { message }, retryable, platform });
}

/** Cameras send plain HTTP on to https. We do not follow: credentials go to the address that was given. */
function redirected(httpStatus: number, location: string): SnapflowError {
  // A query may hold a session's secret.
  const target = URL.canParse(location) ? new URL(location).origin : location.replace(/[?#].*$/s, '');
  return new SnapflowError(
    'BAD_INPUT',
    'The camera sends its callers to another address ({{target}}, HTTP {{status}}). Use that one.',
    { system: 'huawei', values: { target, status: httpStatus }, platform: { httpStatus } },
  );
}

/** The error for an answer that should be JSON. */
export function notJson(body: Buffer): SnapflowError {
  if (body.length === 0) return emptyReply();
  return new SnapflowError(
    'BAD_RESPONSE',
    'The camera did not answer in JSON (its answer starts with {{start}}). Check its address.',
    { system: 'huawei', values: { start: printableStart(body) } },
  );
}

export function emptyReply(): SnapflowError {
  return new SnapflowError('BAD_RESPONSE', 'The reply is empty.', { system: 'huawei', retryable: true });
}
