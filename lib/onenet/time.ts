/**
 * The times of OneNET: seconds since 1970 (pictures, files), `yyyy-MM-dd HH:mm:ss` without a zone (videos, messages,
 * device commands), days (device search) and 12 or 14 digits (history addresses). Outside they are ISO 8601.
 */
import { SnapflowError } from '../errors';

/** Minutes east of UTC. The document names no zone; the platform runs in China. */
export type Zone = number;

export const DEFAULT_TIME_ZONE = '+08:00';

/**
 * @param text `+08:00`, `-03:30` or `Z`
 * @throws SnapflowError `BAD_INPUT`
 */
export function parseZone(text: string): Zone {
  if (/^z$/i.test(text)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(text);
  const minutes = match ? Number(match[2]) * 60 + Number(match[3]) : NaN;
  if (!match || minutes > 14 * 60 || Number(match[3]) > 59) {
    throw new SnapflowError('BAD_INPUT', 'The time zone “{{zone}}” is not of the form +08:00.', {
      system: 'onenet',
      values: { zone: text },
    });
  }
  return match[1] === '-' ? -minutes : minutes;
}

/**
 * Any form a user, a flow or the platform may write; undefined when it is no time.
 * Numbers below 100 000 000 000 are seconds, others milliseconds; text without a zone is in the account's.
 */
export function parseTime(value: unknown, zone: Zone): Date | undefined {
  if (value instanceof Date) return valid(value);
  if (typeof value === 'number') return valid(new Date(Math.abs(value) < 1e11 ? value * 1000 : value));
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{14}$|^\d{12}$/.test(text)) return local(text.match(/^\d{4}|\d\d/g) ?? [], zone);
  if (/^\d{1,13}$/.test(text)) return parseTime(Number(text), zone);
  const plain = /^(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d))?(?:\.\d+)?)?$/.exec(text);
  if (plain) return local(plain.slice(1), zone);
  return /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/i.test(text) ? valid(new Date(text)) : undefined;
}

function local(parts: readonly (string | undefined)[], zone: Zone): Date | undefined {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // 31 February and 25 o'clock would silently roll over.
  const same =
    time.getUTCMonth() === month - 1 &&
    time.getUTCDate() === day &&
    time.getUTCHours() === hour &&
    time.getUTCMinutes() === minute &&
    time.getUTCSeconds() === second;
  return same && year > 0 ? new Date(time.getTime() - zone * 60_000) : undefined;
}

function valid(time: Date): Date | undefined {
  return Number.isNaN(time.getTime()) ? undefined : time;
}

export const epochSeconds = (time: Date): number => Math.floor(time.getTime() / 1000);

/** `yyyy-MM-dd HH:mm:ss` in the zone. */
export function formatTime(time: Date, zone: Zone): string {
  return new Date(time.getTime() + zone * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** `yyyy-MM-dd` in the zone. */
export const formatDay = (time: Date, zone: Zone): string => formatTime(time, zone).slice(0, 10);

/** `yyyyMMddHHmmss` in the zone. */
export const formatDigits = (time: Date, zone: Zone): string => formatTime(time, zone).replace(/\D/g, '');
