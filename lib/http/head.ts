/** Checks what a caller wants to put into the head of a request, so that no value can write a header of its own. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { SnapflowError } from '../errors';
import type { Peer } from './failure';
import type { HttpCall } from './types';

/** Set by the client itself: by the address, the body and the connection. */
const OWN_HEADERS = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'proxy-authorization',
]);

/** @throws SnapflowError `BAD_INPUT`; the path itself is not shown, it may hold a secret */
export function checkPath({ path }: HttpCall, { system, address }: Peer): void {
  if (/^\/[!-~]*$/.test(path) && !path.includes('#')) return;
  throw new SnapflowError(
    'BAD_INPUT',
    'The path of a request to {{address}} must begin with "/" and be percent-encoded (no blanks, no Chinese characters, no "#").',
    { system, values: { address } },
  );
}

/**
 * @param hasLogin user and password are given, so `Authorization` is ours
 * @throws SnapflowError `BAD_INPUT`; values are not shown, they may be secrets
 */
export function checkHeaders(
  headers: HttpCall['headers'],
  hasLogin: boolean,
  { system, address }: Peer,
): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!isSendable(name, value)) {
      throw new SnapflowError(
        'BAD_INPUT',
        'The header "{{name}}" for {{address}} holds a character that a header cannot carry (a line break, a Chinese character, …).',
        { system, values: { name: name.slice(0, 60), address } },
      );
    }
    const lower = name.toLowerCase();
    if (OWN_HEADERS.has(lower) || (hasLogin && lower === 'authorization')) {
      throw new SnapflowError(
        'BAD_INPUT',
        'The header "{{name}}" cannot be given: it follows from address, body, user and password.',
        { system, values: { name } },
      );
    }
  }
}

function isSendable(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
