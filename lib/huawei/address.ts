/** How a user writes where a camera is. */
import { isIPv6 } from 'node:net';

/**
 * Base address of `192.0.2.10`, `camera:8443`, `2001:db8::1` or a whole address, https when it does not say. A
 * path of the API that was copied along is left out.
 */
export function baseUrlOf(address: string): string {
  const trimmed = address.trim().replace(/\/SDCAPI(\/.*)?$/i, '');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) return trimmed;
  return `https://${isIPv6(trimmed) ? `[${trimmed}]` : trimmed}`;
}
