/**
 * The one envelope of all JSON answers: `errno` 0 (or 200, in the file store) as number or text, the content in
 * `data`, in `result` or bare beside `errno`, and `page_info` for lists.
 */
import { SnapflowError } from '../errors';
import type { HttpReply } from '../http/types';
import { isObject, parseJson, type JsonObject } from './json';
import { refusalError, startOf, statusError, type Asked } from './refusals';
import { asNumber, asText, from, shape } from './wire';

const pageInfo = shape({
  total: from('total_num', asNumber),
  pages: from('page_total', asNumber),
  size: from('page_size', asNumber),
  /** From 1. */
  page: from('current_page', asNumber),
  /** Names the cached result that further pages belong to (chapter 13). */
  key: from('page_key', asText),
});

export type PageInfo = ReturnType<typeof pageInfo>;

export interface Envelope {
  /** `data`, else `result`, else what is left. */
  content: unknown;
  page?: PageInfo;
}

/**
 * @throws SnapflowError by `errno` or HTTP status; `BAD_RESPONSE` when the body is no answer of the platform
 */
export function readEnvelope(reply: HttpReply, asked: Asked): Envelope {
  const body = jsonBody(reply.body);
  if (!body) throw reply.status >= 400 ? statusError(asked, reply) : noAnswer(asked, reply);
  const { errno: wireErrno, error, data, result, page_info: page, ...bare } = body;
  const errno = asNumber(wireErrno, 0);
  if (errno === undefined) throw noAnswer(asked, reply);
  const accepted = errno === 0 || errno === 200;
  if (!accepted) throw refusalError(asked, errno, asText(error, 0) ?? '', reply);
  if (reply.status >= 400) throw statusError(asked, reply);
  const isWrapped = data !== undefined || result !== undefined;
  return {
    content: isWrapped ? (data ?? result) : bare,
    ...(isObject(page) && { page: pageInfo(page, 0) }),
  };
}

/** The refusal inside a reply that should be a file or a picture; undefined when it is none. */
export function refusalIn(reply: HttpReply, asked: Asked): SnapflowError | undefined {
  const body = reply.body.length <= 4096 ? jsonBody(reply.body) : undefined;
  const errno = asNumber(body?.errno, 0);
  const isAnswer = errno !== undefined && errno !== 0 && errno !== 200 && body && 'error' in body;
  if (isAnswer) return refusalError(asked, errno, asText(body.error, 0) ?? '', reply);
  return reply.status >= 400 ? statusError(asked, reply) : undefined;
}

function jsonBody(body: Buffer): JsonObject | undefined {
  try {
    const parsed = parseJson(body.toString('utf8').replace(/^\uFEFF/, ''));
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function noAnswer(asked: Asked, reply: HttpReply): SnapflowError {
  const start = startOf(reply.body, asked);
  const { status } = reply;
  return new SnapflowError(
    'BAD_RESPONSE',
    start === ''
      ? 'The answer to “{{operation}}” is empty (HTTP {{status}}). Check the address of the account.'
      : 'The answer to “{{operation}}” is not from OneNET (HTTP {{status}}): it starts with {{start}}. Check the address of the account and proxies on the way.',
    {
      system: 'onenet',
      values: { operation: asked.title, status, start },
      platform: { httpStatus: status, message: start },
    },
  );
}
