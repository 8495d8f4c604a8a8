/** The error for a reply that is no success. */
import { SnapflowError, type ErrorCode } from '../errors';
import type { HttpReplyHead } from '../http/types';
import { printableStart } from '../picture';
import { text } from '../texts/mark';

interface Kind {
  code: ErrorCode;
  text: string;
}

const LOGIN: Kind = {
  code: 'AUTH_REJECTED',
  text: text(
    '{{host}} asks for a login or refuses the one it got (HTTP {{status}}). Check user and password.',
  ),
};
const MISSING: Kind = {
  code: 'NOT_FOUND',
  text: text('{{host}} has nothing at the path {{path}} (HTTP {{status}}). Check the path.'),
};
const BUSY: Kind = {
  code: 'DEVICE_BUSY',
  text: text('{{host}} is busy (HTTP {{status}}). Try again later.'),
};
const FAILED: Kind = {
  code: 'PLATFORM_FAILED',
  text: text('{{host}} failed (HTTP {{status}}{{start}}). Try again later.'),
};
const REFUSED: Kind = {
  code: 'DEVICE_REFUSED',
  text: text('{{host}} refused the request (HTTP {{status}}{{start}}).'),
};

const BY_STATUS: Readonly<Record<number, Kind>> = {
  401: LOGIN,
  403: LOGIN,
  404: MISSING,
  410: MISSING,
  429: BUSY,
  503: BUSY,
};

/** @param place where it was asked for; the query is not shown, it may hold a key */
export function httpRefusal({ status }: HttpReplyHead, body: Buffer, place: URL): SnapflowError {
  const kind = BY_STATUS[status] ?? (status >= 500 ? FAILED : REFUSED);
  const start = body.length > 0 ? `, ${printableStart(body, 60)}` : '';
  return new SnapflowError(kind.code, kind.text, {
    system: 'snapflow',
    values: { host: place.host, path: place.pathname, status, start },
    platform: { httpStatus: status },
  });
}

/** A server that sends its callers elsewhere is not followed to another host: the login is not for that one. */
export function redirected(place: URL, target: string, status: number): SnapflowError {
  return new SnapflowError(
    'BAD_INPUT',
    '{{host}} sends its callers to another address ({{target}}, HTTP {{status}}). Use that one.',
    { system: 'snapflow', values: { host: place.host, target, status }, platform: { httpStatus: status } },
  );
}
