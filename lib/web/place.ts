/** Where a request goes: an address that was configured, and path and query below it, which a flow may give. */
import { SnapflowError } from '../errors';

const system = 'snapflow';

/**
 * The place of a path below an address. Whatever the path holds, it is a path: nothing in it leads to another host.
 * Only a whole address can, and that is left to `sameOrigin` and to the caller.
 * @param address such as `http://192.0.2.10` or `https://host.example:8443/api`, https when it does not say; may be
 *   empty when `path` is a whole address
 * @param path path and query, with or without a slash, or a whole address; what cannot stand in an address is encoded
 * @throws SnapflowError `BAD_INPUT`
 */
export function placeOf(address: string, path: string): URL {
  const [own, below] = [address.trim(), path.trim()];
  if (isWhole(below)) return readAddress(below);
  const base = readAddress(own);
  if (base.search !== '') {
    if (below === '') return base;
    throw new SnapflowError(
      'BAD_INPUT',
      'Write the path and the "?" either into the address of {{host}} or into its path, not into both.',
      { system, values: { host: base.host } },
    );
  }
  const prefix = base.pathname.replace(/\/+$/, '');
  const joined = below === '' ? base.pathname : prefix + (/^[/?]/.test(below) ? below : `/${below}`);
  const place = new URL(base.origin + joined);
  place.hash = '';
  return place;
}

/** Scheme, host and port of an address; undefined when there is none. */
export function originOf(address: string): string | undefined {
  return address.trim() === '' ? undefined : readAddress(address.trim()).origin;
}

function isWhole(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

function readAddress(text: string): URL {
  const written = isWhole(text) ? text : `https://${text}`;
  const scheme = /^[a-z0-9+.-]*/i.exec(written)?.[0].toLowerCase() ?? '';
  if (scheme !== 'http' && scheme !== 'https') {
    throw new SnapflowError(
      'BAD_INPUT',
      'An address that begins with {{scheme}}:// gives no single picture. Use the http:// or https:// address of a snapshot.',
      { system, values: { scheme } },
    );
  }
  // A slash more than two would be taken for none, and the path for the host.
  if (!/^https?:\/\/[^/\\]/i.test(written) || !URL.canParse(written)) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The address "{{address}}" is not valid. Write it like http://192.0.2.10 or https://host.example:8443.',
      { system, values: { address: shown(text) } },
    );
  }
  const url = new URL(written);
  if (url.username !== '' || url.password !== '') {
    throw new SnapflowError(
      'BAD_INPUT',
      'Write user and password in their own fields, not into the address of {{host}}.',
      { system, values: { host: url.host } },
    );
  }
  url.hash = '';
  return url;
}

/** It may hold a password before its `@`, and a key in its query. */
function shown(address: string): string {
  return address
    .replace(/^(.*:\/\/)?.*@/s, '$1')
    .replace(/[?#].*$/s, '')
    .slice(0, 80);
}
