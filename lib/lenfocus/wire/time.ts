/**
 * Times on the wire: UNIX seconds (§1.1, §2.1) or milliseconds (§2.4, §2.5), as number or text, and cameras
 * send seconds where the document says milliseconds; or `yyyy-MM-dd HH:mm:ss` of the camera's own clock
 * (§1.8–1.16), which has no zone.
 */

/** Below this a number is seconds (5138-11-16), above it milliseconds (1973-03-03). */
const SECONDS_BELOW = 1e11;
const LATEST_MS = 253_402_300_799_999;
const LOCAL_TIME = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?$/;

/** Minutes east of UTC of `+08:00`, `-0530` or `Z`; undefined when it is none of these. */
export function zoneMinutes(zone: string): number | undefined {
  if (/^(z|utc)$/i.test(zone.trim())) return 0;
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone.trim());
  if (!match) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return minutes > 14 * 60 ? undefined : match[1] === '-' ? -minutes : minutes;
}

/** A time in any of the forms above or ISO 8601; undefined when it is none or 0. */
export function readTime(value: unknown, zone: number): Date | undefined {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return fromNumber(Number(text));
  const local = LOCAL_TIME.exec(text);
  if (local) return fromLocal(local.slice(1).map(Number), zone);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function fromNumber(value: number): Date | undefined {
  const ms = value < SECONDS_BELOW ? value * 1000 : value;
  return value > 0 && ms <= LATEST_MS ? new Date(ms) : undefined;
}

function fromLocal(parts: number[], zone: number): Date | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, Number.isNaN(second) ? 0 : second));
  // Date.UTC rolls 31 February over to March; such a text is no time.
  if (utc.getUTCMonth() !== month - 1 || utc.getUTCDate() !== day || hour > 23 || minute > 59)
    return undefined;
  return new Date(utc.getTime() - zone * 60_000);
}

/** `yyyy-MM-dd HH:mm:ss` of a camera's clock in a zone (minutes east of UTC). */
export function localTime(time: Date, zone: number): string {
  return new Date(time.getTime() + zone * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** ISO 8601 with the zone's offset, as `GET /api/v1/server/time` answers. */
export function zonedIso(time: Date, zone: number): string {
  const size = Math.abs(zone);
  const two = (n: number) => String(n).padStart(2, '0');
  const offset = `${zone < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${localTime(time, zone).replace(' ', 'T')}${offset}`;
}
