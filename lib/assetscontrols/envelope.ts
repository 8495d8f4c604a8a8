/** The envelope of all answers: `Result` (200 is success), `Message`, `FObject`. */
import { retryAfterMs } from '../delivery';
import { SnapflowError } from '../errors';
import type { HttpReply } from '../http/types';
import { printableStart } from '../picture';
import { resultError, type Endpoint } from './results';

export type JsonObject = Record<string, unknown>;

/** `FObject` as objects: it comes as an object, a list, an empty list or null. */
export function readEnvelope(
  reply: HttpReply,
  endpoint: Endpoint,
  conceal: (said: string) => string,
): JsonObject[] {
  const body = parsed(reply.body);
  const result = body && asNumber(body.Result);
  if (!body || result === undefined) throw noAnswer(reply, conceal);
  if (result !== 200) throw resultError(endpoint, result, conceal(asText(body.Message) ?? ''));
  return [body.FObject].flat().filter(isObject);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function parsed(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The first bytes of a body that should have been something else, without the account's secrets. */
export function startOf(body: Buffer, conceal: (said: string) => string): string {
  if (body.length === 0) return '';
  // Blotted out before it is cut: half a token is a secret, too.
  return printableStart(Buffer.from(conceal(body.toString('latin1', 0, 4096)), 'latin1'), 80);
}

function noAnswer({ status, headers, body }: HttpReply, conceal: (said: string) => string): SnapflowError {
  const start = startOf(body, conceal);
  const options = {
    system: 'assetscontrols' as const,
    values: { status, start },
    platform: { httpStatus: status, message: start },
  };
  if (status === 429) {
    const waitMs = retryAfterMs(headers, Date.now());
    return new SnapflowError('RATE_LIMITED', 'AssetsControls asks for fewer requests (HTTP 429).', {
      ...options,
      ...(waitMs !== undefined && { details: { retryAfterMs: waitMs } }),
    });
  }
  if (status >= 500) {
    return new SnapflowError('PLATFORM_FAILED', 'AssetsControls failed (HTTP {{status}}).', options);
  }
  return new SnapflowError(
    'BAD_RESPONSE',
    start === ''
      ? 'The answer is empty (HTTP {{status}}). Check the address of the AssetsControls account.'
      : 'The answer is not from AssetsControls (HTTP {{status}}): it starts with {{start}}. Check the address of the account and proxies on the way.',
    options,
  );
}
