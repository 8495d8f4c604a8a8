/** Hash algorithms of digest access authentication (RFC 7616 §3.3, §6.1). */
import { createHash } from 'node:crypto';

export interface DigestAlgorithm {
  /** Node's name. SHA-512-256 is the hash of FIPS 180-4 with its own start values, not a cut SHA-512. */
  hash: 'md5' | 'sha256' | 'sha512-256';
  /** `-sess`: the password's hash is bound to nonce and cnonce of the session. */
  session: boolean;
  /** More is stronger. */
  strength: number;
}

const HASHES = new Map<string, Pick<DigestAlgorithm, 'hash' | 'strength'>>([
  ['MD5', { hash: 'md5', strength: 1 }],
  ['SHA256', { hash: 'sha256', strength: 2 }],
  ['SHA512256', { hash: 'sha512-256', strength: 3 }],
]);

/**
 * The algorithm of a challenge, also in the spellings of devices (`SHA256`, `sha-256-SESS`), or undefined when it
 * is not supported.
 * @param name as the server wrote it; absent means MD5
 */
export function digestAlgorithm(name = 'MD5'): DigestAlgorithm | undefined {
  const upper = name.toUpperCase();
  const session = upper.endsWith('-SESS');
  const found = HASHES.get((session ? upper.slice(0, -5) : upper).replace(/[-_/]/g, ''));
  return found && { ...found, session };
}

/** Hash in lower-case hex. A string stands for its bytes, one per character (latin1). */
export function digestHash(algorithm: DigestAlgorithm, data: string | Buffer): string {
  const hash = createHash(algorithm.hash);
  return (typeof data === 'string' ? hash.update(data, 'latin1') : hash.update(data)).digest('hex');
}
