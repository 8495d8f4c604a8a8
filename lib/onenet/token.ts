/**
 * The `authorization` token of the file store, computed from the product's access key (OneNET's general rule
 * "token", version 2018-10-31): an HMAC over expiry, method, resource and version.
 */
import { createHmac } from 'node:crypto';
import { SnapflowError } from '../errors';

export type TokenMethod = 'md5' | 'sha1' | 'sha256';

export interface TokenOptions {
  /** Base64, as the console shows it. */
  accessKey: string;
  /** What it opens, such as `products/1111`. */
  resource: string;
  /** Seconds since 1970. */
  expiresAt: number;
  method: TokenMethod;
}

const VERSION = '2018-10-31';

export function signToken({ accessKey, resource, expiresAt, method }: TokenOptions): string {
  const key = Buffer.from(accessKey, 'base64');
  if (key.length === 0) {
    throw new SnapflowError('BAD_INPUT', 'The access key of the account is not Base64 text.', {
      system: 'onenet',
    });
  }
  const signed = [String(expiresAt), method, resource, VERSION].join('\n');
  const sign = createHmac(method, key).update(signed).digest('base64');
  const parts = { version: VERSION, res: resource, et: String(expiresAt), method, sign };
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
