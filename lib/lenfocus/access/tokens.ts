/** Session tokens (§1.1): at most 32 bytes of text. */
import { randomBytes } from 'node:crypto';

/** 32 hex digits, 128 bits of fresh randomness: nothing that cheap firmware could mangle in a header. */
export function newToken(): string {
  return randomBytes(16).toString('hex');
}

/** Compares two secrets in a time that depends on their length alone. */
export function sameSecret(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** The token of an `Authorization` header: `Bearer <token>`, or the bare token some firmware sends. */
export function tokenOf(authorization: string | undefined): string {
  const value = authorization?.trim() ?? '';
  return value.replace(/^bearer\s+/i, '');
}
