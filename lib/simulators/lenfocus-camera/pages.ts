/** What all lists of the device have in common: a time range and pages. */

export type Params = Record<string, unknown>;

export interface Answer {
  code: number;
  msg?: string;
  result?: unknown;
}

export const OK: Answer = { code: 0, msg: 'OK' };
export const BAD_PARAMETER: Answer = { code: 420, msg: '参数异常' };
export const NO_SUCH_RESOURCE: Answer = { code: 426, msg: '请求的资源不存在' };
export const NO_SUCH_PATH: Answer = { code: 404, msg: '访问的路径不存在' };

/** Cameras run on China Standard Time. */
const ZONE_MS = 8 * 3_600_000;

/** `yyyy-MM-dd HH:mm:ss` by the camera's own clock. */
export function deviceTime(ms: number): string {
  return new Date(ms + ZONE_MS).toISOString().slice(0, 19).replace('T', ' ');
}

export function isDeviceTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(value);
}

export interface PageWish {
  first: 0 | 1;
  maxSize: number;
}

/** The rows of the page asked for; undefined when page or size is none (§1.8: at most 500, §1.10: at most 32). */
export function pageOf<T>(rows: readonly T[], param: Params, wish: PageWish): T[] | undefined {
  const { page_num: page, page_size: size } = param;
  if (!Number.isInteger(page) || !Number.isInteger(size)) return undefined;
  const [number, length] = [Number(page) - wish.first, Number(size)];
  if (number < 0 || length < 1 || length > wish.maxSize) return undefined;
  return rows.slice(number * length, (number + 1) * length);
}

/** Rows between `start_time` and `end_time`; undefined when these are no times. */
export function between<T>(rows: readonly T[], param: Params, timeOf: (row: T) => string): T[] | undefined {
  const { start_time: start, end_time: end } = param;
  if (!isDeviceTime(start) || !isDeviceTime(end)) return undefined;
  // The form sorts as text.
  return rows.filter((row) => timeOf(row) >= start && timeOf(row) <= end);
}
