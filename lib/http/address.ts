/** Where a client connects to: the base address and the proxy, checked once and named the same in every error. */
import { SnapflowError, type System } from '../errors';

export interface Address {
  /** Scheme, host and port, such as `https://192.0.2.10:8443`. */
  origin: string;
  /** Host and port as errors name it, such as `192.0.2.10:443` or `[2001:db8::1]:80`. */
  label: string;
  /** Path prefix without a slash at its end; empty when there is none. */
  prefix: string;
  secure: boolean;
}

export interface ProxyAddress {
  /** Without user and password. */
  origin: string;
  label: string;
  /** `Proxy-Authorization` for the user and password of its address. */
  authorization?: string;
}

/**
 * @param baseUrl `http://` or `https://`, host, optional port and optional path prefix
 * @throws SnapflowError `BAD_INPUT`
 */
export function parseAddress(baseUrl: string, system: System): Address {
  const url = parseUrl(baseUrl, system);
  if (url.username !== '' || url.password !== '') {
    throw new SnapflowError(
      'BAD_INPUT',
      'Write user and password in their own fields, not into the address of {{host}}.',
      { system, values: { host: url.host } },
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new SnapflowError('BAD_INPUT', 'The address of {{host}} must end before the first "?" or "#".', {
      system,
      values: { host: url.host },
    });
  }
  return {
    origin: url.origin,
    label: labelOf(url),
    prefix: url.pathname.replace(/\/+$/, ''),
    secure: url.protocol === 'https:',
  };
}

/** @throws SnapflowError `BAD_INPUT` */
export function parseProxy(proxy: string, system: System): ProxyAddress {
  const url = parseUrl(proxy, system);
  const address: ProxyAddress = { origin: url.origin, label: labelOf(url) };
  if (url.username !== '') {
    const login = `${decoded(url.username)}:${decoded(url.password)}`;
    address.authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  }
  return address;
}

/** A `%` that begins no escape is taken as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function parseUrl(text: string, system: System): URL {
  const trimmed = text.trim();
  if (!/^https?:\/\/[^/]/i.test(trimmed) || !URL.canParse(trimmed)) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The address "{{address}}" is not valid. Write it like http://192.0.2.10 or https://host.example:8443.',
      { system, values: { address: withoutLogin(trimmed) } },
    );
  }
  return new URL(trimmed);
}

function labelOf(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
}

/** An address that could not be parsed may still hold a password before its `@`, and a key in its query. */
function withoutLogin(address: string): string {
  return address
    .replace(/^(.*:\/\/)?.*@/s, '$1')
    .replace(/[?#].*$/s, '')
    .slice(0, 80);
}
