/** What a status other than 2xx means for a picture on its way: `details.failure` tells its lane. */
import type { FailureClass } from '../delivery/failure';
import { retryAfterMs } from '../delivery/retry-after';
import { SnapflowError, type ErrorCode } from '../errors';
import type { HttpReply } from '../http/types';
import { printableStart } from '../picture';
import { text } from '../texts/mark';

type Kind = [code: ErrorCode, failure: FailureClass, text: string];

const LOGIN: Kind = [
  'AUTH_REJECTED',
  'hold',
  text('{{host}} does not accept the login (HTTP {{status}}). Mend it; what waits is kept.'),
];
const MISSING: Kind = [
  'NOT_FOUND',
  'hold',
  text(
    '{{host}} takes no pictures at {{path}} (HTTP {{status}}). Check path and method; what waits is kept.',
  ),
];
const SLOW: Kind = ['TIMEOUT', 'retry', text('{{host}} asks to send it again (HTTP {{status}}).')];
const TOO_LARGE: Kind = [
  'TOO_LARGE',
  'fix',
  text(
    '{{host}} finds the picture of {{bytes}} bytes too large (HTTP {{status}}). Make it smaller, or raise its limit.',
  ),
];
const TOO_FAST: Kind = [
  'RATE_LIMITED',
  'wait',
  text('{{host}} wants to be called less often (HTTP {{status}}). Raise the pace.'),
];
const FULL: Kind = [
  'QUOTA_EXCEEDED',
  'retry',
  text('{{host}} has no room left (HTTP {{status}}). Make room there.'),
];
const FAILED: Kind = [
  'PLATFORM_FAILED',
  'retry',
  text('{{host}} failed (HTTP {{status}}{{start}}). Try again later.'),
];
const MOVED: Kind = [
  'BAD_INPUT',
  'hold',
  text('{{host}} sends its callers to another address ({{target}}, HTTP {{status}}). Use that one.'),
];
const REFUSED: Kind = [
  'DEVICE_REFUSED',
  'refuse',
  text('{{host}} refused the picture (HTTP {{status}}{{start}}).'),
];

const BY_STATUS: Readonly<Record<number, Kind>> = {
  401: LOGIN,
  403: LOGIN,
  404: MISSING,
  405: MISSING,
  408: SLOW,
  410: MISSING,
  413: TOO_LARGE,
  423: SLOW,
  425: SLOW,
  429: TOO_FAST,
  501: MISSING,
  507: FULL,
};

/** @param place where it was sent to; the query is not shown, it may hold a key */
export function uploadRefusal(reply: HttpReply, place: URL, bytes: number): SnapflowError {
  const { status, headers, body } = reply;
  const kind = BY_STATUS[status] ?? (status < 400 ? MOVED : status >= 500 ? FAILED : REFUSED);
  const wait = retryAfterMs(headers, Date.now());
  const [code, failure, sentence] = kind;
  const isToldToWait = wait !== undefined && (failure === 'retry' || failure === 'wait');
  return new SnapflowError(code, sentence, {
    values: {
      host: place.host,
      path: place.pathname,
      status,
      bytes,
      target: targetOf(headers['location'], place),
      start: body.length > 0 ? `, ${printableStart(body, 60)}` : '',
    },
    platform: { httpStatus: status },
    details: { failure: isToldToWait ? 'wait' : failure, ...(isToldToWait && { retryAfterMs: wait }) },
  });
}

/** A query may hold a key. */
function targetOf(location: string | string[] | undefined, place: URL): string {
  const to =
    typeof location === 'string' && URL.canParse(location, place.href) ? new URL(location, place) : undefined;
  return to ? to.origin + to.pathname : '-';
}
