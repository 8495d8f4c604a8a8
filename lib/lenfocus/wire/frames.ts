/**
 * WebSocket frames (chapter 一): requests `{msgid, token?, data:{uri, param}}` and replies
 * `{msgid, data:{uri?, code, msg?, result?}}`, in both directions.
 */
import { SnapflowError } from '../../errors';
import { readDocument, type DocumentLimits } from './document';
import { parseJson } from './json';
import { canonicalUri } from './uri';
import { Fields, integerOf, isObject, textOf, type JsonObject } from './values';

/** As the peer sent it, to be echoed unchanged: cameras send text, numbers, and UNIX seconds that repeat. */
export type MessageId = string | number;

export interface Frame {
  msgid: MessageId | undefined;
  token: string;
  /** Canonical, see `canonicalUri`; `/` when absent, which replies may be. */
  uri: string;
  param: JsonObject;
  /** There when the frame answers a request. */
  reply: FrameReply | undefined;
}

export interface FrameReply {
  /** Undefined when the code is no number. */
  code: number | undefined;
  message: string | undefined;
  result: unknown;
}

/** Frames below this size are parsed as they are; larger ones may carry a file in base64. */
const SMALL = 1024;

/** @throws SnapflowError `BAD_INPUT` when it is no frame, `TOO_LARGE` beyond the limits */
export function readFrame(bytes: Buffer, limits: DocumentLimits): Frame {
  const value = bytes.length < SMALL ? parseSmall(bytes) : readDocument(bytes, limits);
  const outer = new Fields(value);
  const data = outer.fields('data');
  const param = data.get('param');
  const msgid = outer.get('msgid');
  return {
    msgid: typeof msgid === 'string' || typeof msgid === 'number' ? msgid : undefined,
    token: outer.text('token') ?? '',
    uri: canonicalUri(data.get('uri')),
    param: isObject(param) ? param : {},
    reply: data.has('code')
      ? {
          code: integerOf(data.get('code')),
          message: textOf(data.get('msg', 'message')),
          result: data.get('result', 'data'),
        }
      : undefined,
  };
}

function parseSmall(bytes: Buffer): unknown {
  try {
    const value = parseJson(bytes.toString());
    if (isObject(value)) return value;
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw new SnapflowError('BAD_INPUT', 'The camera sent a WebSocket message that is no JSON object.', {
    system: 'lenfocus',
  });
}

export interface HeartbeatFrame {
  msgid: MessageId;
  token: string;
}

/**
 * The shape that nearly every message of a fleet has, read without looking for anything unusual; undefined
 * when it is anything else, for `readFrame` to judge.
 */
export function readHeartbeat(bytes: Buffer): HeartbeatFrame | undefined {
  if (bytes.length >= SMALL) return undefined;
  try {
    const frame = JSON.parse(bytes.toString()) as Partial<Record<'msgid' | 'token' | 'data', unknown>> | null;
    const msgid = frame?.msgid;
    const token = frame?.token;
    if (typeof msgid !== 'string' || typeof token !== 'string') return undefined;
    const data = frame?.data as JsonObject | null;
    return data?.uri === '/heartbeat' ? { msgid, token } : undefined;
  } catch {
    return undefined;
  }
}

/** @param expire seconds that the token is still valid */
export function heartbeatReply(msgid: MessageId | undefined, expire: number): string {
  const id = JSON.stringify(msgid ?? '');
  return `{"msgid":${id},"data":{"uri":"/heartbeat","code":200,"msg":"OK","result":{"expire":${expire}}}}`;
}

export function replyFrame(
  msgid: MessageId | undefined,
  uri: string,
  code: number,
  msg: string,
  result?: JsonObject,
): string {
  return JSON.stringify({ msgid: msgid ?? '', data: { uri, code, msg, ...(result && { result }) } });
}

/** @param token absent for a device that was answered 421 and waits to be set up */
export function requestFrame(msgid: string, token: string | undefined, uri: string, param: unknown): string {
  return JSON.stringify({ msgid, ...(token !== undefined && { token }), data: { uri, param } });
}
