/** Where a request comes from. */
import type { IncomingMessage } from 'node:http';

/**
 * The peer's IP address, IPv4 without the `::ffff:` of dual-stack sockets.
 * @param trustProxy take the last entry of `X-Forwarded-For`, which the nearest proxy wrote
 */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const nearest = [forwarded].flat().at(-1)?.split(',').at(-1)?.trim();
  return plainAddress(nearest || (request.socket.remoteAddress ?? ''));
}

export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
