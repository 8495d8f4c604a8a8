/** Reads the answers of ThingsCloud: `{ result: 1, … }` or `{ result: 0, errcode, message }`, and what comes instead. */
import { retryAfterMs, type FailureClass } from '../delivery';
import { SnapflowError, type TextValues } from '../errors';
import type { HttpReply } from '../http/types';
import { printableStart } from '../picture';
import { meaningOf, type ErrorTable } from './error-table';
import { redact } from './redact';

/** The platform's answer as it sent it. */
export type Answer = Record<string, unknown>;

export interface Question {
  errors: ErrorTable;
  /** Values of the request for the sentences of the table. */
  values: TextValues;
  /** What must not appear in an error, though the reply may repeat it. */
  secrets: readonly string[];
}

/** Bytes of a reply that are searched for secrets before its beginning is shown. */
const SEARCHED_BYTES = 4_096;
const SHOWN_BYTES = 80;

/**
 * The answer to a call that succeeded.
 * @throws SnapflowError what the platform's code means, or `BAD_RESPONSE` when it is no answer of ThingsCloud
 */
export function readAnswer(reply: HttpReply, question: Question): Answer {
  const answer = parseAnswer(reply.body);
  if (!answer) throw foreignReply(reply, question.secrets);
  const errcode = errcodeOf(answer);
  if (errcode === 0 && isSuccess(answer['result'])) return answer;
  if (errcode !== 0 || 'result' in answer) throw platformError(reply, answer, errcode, question);
  throw foreignReply(reply, question.secrets);
}

/** Real platforms send 1, "1" or true. */
function isSuccess(result: unknown): boolean {
  return result === 1 || result === '1' || result === true;
}

/** 0 when there is none. A number is also taken as text; other words are kept. */
function errcodeOf(answer: Answer): number | string {
  const errcode = answer['errcode'];
  if (typeof errcode !== 'string') return typeof errcode === 'number' ? errcode : 0;
  return Number.isNaN(Number(errcode)) ? errcode : Number(errcode);
}

function parseAnswer(body: Buffer): Answer | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Answer)
      : undefined;
  } catch {
    return undefined;
  }
}

function platformError(
  reply: HttpReply,
  answer: Answer,
  errcode: number | string,
  question: Question,
): SnapflowError {
  const httpStatus = reply.status;
  const message = redact(typeof answer['message'] === 'string' ? answer['message'] : '', question.secrets);
  const meaning = meaningOf(question.errors, { errcode, message, httpStatus });
  return new SnapflowError(meaning.code, meaning.text, {
    system: 'thingscloud',
    values: { ...question.values, errcode, message },
    retryable: isRetryable(meaning.failure),
    platform: { code: errcode, message, httpStatus },
    details: {
      failure: meaning.failure,
      ...(typeof answer['image_url'] === 'string' && { url: answer['image_url'] }),
      ...told(reply),
    },
  });
}

/** HTML of a proxy, broken JSON, nothing: here alone the HTTP status decides. */
function foreignReply(reply: HttpReply, secrets: readonly string[]): SnapflowError {
  const { status, body } = reply;
  const start = redact(body.toString('latin1', 0, SEARCHED_BYTES), secrets);
  const values = { status, start: printableStart(Buffer.from(start, 'latin1'), SHOWN_BYTES) };
  const details = (failure: FailureClass) => ({ failure, ...told(reply) });
  const options = { system: 'thingscloud', values, platform: { httpStatus: status } } as const;
  if (status === 413) {
    return new SnapflowError(
      'TOO_LARGE',
      'Something between here and ThingsCloud does not let a picture of this size through (HTTP 413, it begins {{start}}).',
      { ...options, details: details('fix') },
    );
  }
  if (status === 429) {
    return new SnapflowError(
      'RATE_LIMITED',
      'Something between here and ThingsCloud was asked too often (HTTP 429, it begins {{start}}).',
      { ...options, details: details('wait') },
    );
  }
  return new SnapflowError(
    'BAD_RESPONSE',
    body.length === 0
      ? 'The reply is empty (HTTP {{status}}). Check the endpoint and what stands between.'
      : 'The reply does not come from ThingsCloud (HTTP {{status}}, it begins {{start}}). Check the endpoint and what stands between.',
    { ...options, retryable: true, details: details('retry') },
  );
}

function told({ headers }: HttpReply): { retryAfterMs?: number } {
  const ms = retryAfterMs(headers, Date.now());
  return ms === undefined ? {} : { retryAfterMs: ms };
}

function isRetryable(failure: FailureClass): boolean {
  return failure === 'retry' || failure === 'wait';
}
