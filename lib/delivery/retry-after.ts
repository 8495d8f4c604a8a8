import type { HttpReplyHead } from '../http/types';

/**
 * `Retry-After` of a reply in milliseconds (RFC 9110 §10.2.3): seconds, or a date, which is measured against the
 * reply's own `Date` so that a wrong clock on either side does not matter.
 */
export function retryAfterMs(headers: HttpReplyHead['headers'], now: number): number | undefined {
  const value = single(headers['retry-after'])?.trim();
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const then = Date.parse(value);
  if (Number.isNaN(then)) return undefined;
  const sent = Date.parse(single(headers['date']) ?? '');
  return Math.max(0, then - (Number.isNaN(sent) ? now : sent));
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
