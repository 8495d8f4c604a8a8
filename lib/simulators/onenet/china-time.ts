/** The platform writes times as they are in China, without saying so. */
import { badRequest } from './answers';

const CHINA_MS = 8 * 3_600_000;

/** `yyyy-MM-dd HH:mm:ss` */
export function chinaTime(ms: number): string {
  return new Date(ms + CHINA_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Milliseconds since 1970, of `yyyy-MM-dd HH:mm:ss`. */
export function parseChinaTime(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}Z`) : NaN;
  if (Number.isNaN(ms)) throw badRequest('time format must be yyyy-MM-dd HH:mm:ss');
  return ms - CHINA_MS;
}

export const seconds = (ms: number): number => Math.floor(ms / 1000);
