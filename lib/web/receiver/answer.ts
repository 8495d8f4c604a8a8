/** Answers to cameras: JSON, with the HTTP status that fits. */
import type { ServerResponse } from 'node:http';
import { isSnapflowError, SnapflowError } from '../../errors';
import { describeError, type Language } from '../../texts';
import { text } from '../../texts/mark';
import type { Picture } from '../../picture';

/** A request that is refused, and with which status. */
export class Refusal extends SnapflowError {
  constructor(
    readonly status: number,
    error: SnapflowError,
    readonly headers: Record<string, string> = {},
  ) {
    super(error.code, error.text, { ...error, cause: error.cause });
  }
}

function refusal(status: number, code: SnapflowError['code'], sentence: string): Refusal {
  return new Refusal(status, new SnapflowError(code, sentence));
}

export const NOT_ALLOWED = new Refusal(
  405,
  new SnapflowError('BAD_INPUT', 'Pictures are taken by POST or PUT only.'),
  { Allow: 'POST, PUT' },
);
export const OVERLOADED = new Refusal(
  503,
  new SnapflowError('QUEUE_FULL', 'Too much is being received at once. Send it again a little later.'),
  { 'Retry-After': '5' },
);
export const BAD_ENCODING = refusal(
  415,
  'UNSUPPORTED_FORMAT',
  text('The body must not be compressed: pictures are already.'),
);

export function unauthorised(challenge: string): Refusal {
  return new Refusal(
    401,
    new SnapflowError('AUTH_REJECTED', 'The login of this address is missing or wrong.'),
    { 'WWW-Authenticate': challenge },
  );
}

/** The status for what is wrong with a body. */
export function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  if (!isSnapflowError(error)) return 500;
  switch (error.code) {
    case 'TOO_LARGE':
      return 413;
    case 'TIMEOUT':
      return 408;
    case 'UNSUPPORTED_FORMAT':
      return 415;
    case 'BAD_INPUT':
    case 'BAD_RESPONSE':
      return 400;
    default:
      return 500;
  }
}

export function sendTaken(response: ServerResponse, pictures: readonly Picture[]): void {
  const taken = pictures.map(({ info: { id, format, bytes } }) => ({ id, format, bytes }));
  sendJson(response, 200, { ok: true, pictures: taken });
}

export function sendRefusal(response: ServerResponse, error: unknown, language: Language): void {
  const [code, message] = isSnapflowError(error)
    ? [error.code, describeError(error, language)]
    : ['UNEXPECTED', 'The receiver failed.'];
  sendJson(
    response,
    statusOf(error),
    { ok: false, code, message },
    error instanceof Refusal ? error.headers : {},
  );
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: object,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  // As a string it leaves in one piece with the headers.
  response.end(body);
}
