/** Addresses to play from, put together as the document (4.1, 6.1) and the platform's player do. */
import type { Dialect } from './account';
import { formatDigits, type Zone } from './time';

export interface PlayServer {
  /** `host:port` */
  address: string;
  /** As the platform tells it: `rtmp`, `rtmpe`, `http`, `https`, … */
  type?: string | undefined;
  /** Goes behind the `?` as it is. */
  token: string;
}

export interface Channel {
  deviceId: string;
  channelId: string;
}

export type Protocol = 'rtmp' | 'hls' | 'https-hls';

/** The number of a protocol at `play_address`. */
export const PROTOCOLS: Readonly<Record<Protocol, number>> = { rtmp: 0, hls: 1, 'https-hls': 2 };

function rtmpScheme({ type }: PlayServer): string {
  const scheme = type?.toLowerCase() ?? '';
  return scheme.startsWith('rtmp') ? scheme : 'rtmp';
}

/** `http://host` or `https://host`; a scheme that the platform put before its address counts. */
export function httpOrigin(address: string, secure: boolean): string {
  const [, scheme, host] = /^(?:(https?):\/\/)?(.*?)\/*$/i.exec(address) ?? [];
  return `${scheme?.toLowerCase() ?? (secure ? 'https' : 'http')}://${host}`;
}

export function liveAddress(
  server: PlayServer,
  protocol: Protocol,
  { deviceId, channelId }: Channel,
): string {
  if (protocol === 'rtmp') {
    return `${rtmpScheme(server)}://${server.address}/live/${deviceId}-${channelId}?${server.token}`;
  }
  const origin = httpOrigin(server.address, protocol === 'https-hls');
  // The document's format line has lost its underscores; its example has them.
  return `${origin}/live/live_${deviceId}_${channelId}/index.m3u8?${server.token}`;
}

/** The recorded stream of a period. The document writes times to the minute, the platform's player to the second. */
export function historyAddress(
  server: PlayServer,
  { deviceId, channelId }: Channel,
  period: { startTime: Date; endTime: Date },
  { zone, dialect }: { zone: Zone; dialect: Dialect },
): string {
  const digits = dialect === 'document' ? 12 : 14;
  const [begin, end] = [period.startTime, period.endTime].map((time) =>
    formatDigits(time, zone).slice(0, digits),
  );
  const stream = `${deviceId}-${channelId}-${begin}-${end}`;
  return `${rtmpScheme(server)}://${server.address}/rvod/${stream}?${server.token}`;
}

/** A stored video with its token: a parameter for HLS, behind the `?` alone for RTMP. */
export function videoAddress(url: string, token: string): string {
  const plain = url.replace(/[?&]$/, '');
  const separator = plain.includes('?') ? '&' : '?';
  return /^rtmp/i.test(plain)
    ? `${plain}${separator}${token}`
    : `${plain}${separator}token=${encodeURIComponent(token)}`;
}
