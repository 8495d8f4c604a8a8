/** Answers of the HTTP side: `{"code":…,"msg":…}` with the HTTP status that fits (chapter 二). */
import type { ServerResponse } from 'node:http';
import { isSnapflowError } from '../../errors';
import { CODE } from '../wire/codes';

export interface Answer {
  status: number;
  code: number;
  message: string;
  data?: unknown;
}

export const TAKEN: Answer = { status: 200, code: CODE.ok, message: 'OK' };
export const UNAUTHORISED: Answer = { status: 401, code: CODE.unauthorised, message: 'Unauthorized' };
export const NO_SUCH_PATH: Answer = { status: 404, code: CODE.notFound, message: 'Not found' };
export const OVERLOADED: Answer = { status: 503, code: CODE.busy, message: 'Busy, try again later' };
export const NOT_TAKEN: Answer = { status: 500, code: CODE.notTaken, message: 'Not taken, send again' };
export const TOO_LARGE: Answer = { status: 413, code: CODE.badParameter, message: 'Body too large' };
export const BAD_BODY: Answer = { status: 400, code: CODE.badParameter, message: 'Bad parameter' };
export const BAD_ENCODING: Answer = { status: 415, code: CODE.badParameter, message: 'Bad encoding' };
const TOO_SLOW: Answer = { status: 408, code: CODE.badParameter, message: 'Too slow' };

const TAKEN_BODY = '{"code":200,"msg":"OK"}';

/** The answer for a body that could not be received or read. */
export function answerFor(error: unknown): Answer {
  if (!isSnapflowError(error)) return NOT_TAKEN;
  switch (error.code) {
    case 'TOO_LARGE':
      return TOO_LARGE;
    case 'TIMEOUT':
      return TOO_SLOW;
    case 'BAD_INPUT':
      return BAD_BODY;
    default:
      return NOT_TAKEN;
  }
}

export function send(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const { status, code, message, data } = answer;
  const body =
    answer === TAKEN
      ? TAKEN_BODY
      : JSON.stringify({ code, msg: message, ...(data !== undefined && { data }) });
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...(status === 503 && { 'Retry-After': '5' }),
  });
  // As a string it leaves in one piece with the headers.
  response.end(body);
}
