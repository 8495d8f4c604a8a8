/** Answers to a server's digest challenge (RFC 7616; RFC 2617 and RFC 2069 where the server is older). */
import { randomBytes } from 'node:crypto';
import type { Credentials } from '../types';
import { digestAlgorithm, digestHash, type DigestAlgorithm } from './algorithm';
import type { Challenge } from './challenge';

/** A digest challenge that can be answered. Texts are strings of bytes (latin1), just as they came. */
export interface DigestChallenge {
  realm: string;
  nonce: string;
  opaque?: string;
  algorithm: DigestAlgorithm;
  /** As the server spelled it; it gets the same spelling back. */
  algorithmName?: string;
  /** Absent: the server is from before RFC 2617. */
  qop?: 'auth' | 'auth-int';
  userhash: boolean;
  /** The server reads user and password as UTF-8 in normal form C. */
  utf8: boolean;
}

export interface SignedRequest {
  method: string;
  /** Path and query exactly as sent. */
  uri: string;
  body?: Buffer;
}

/** The challenge if it is a digest one with an algorithm and a quality of protection that we have. */
export function readDigestChallenge({ scheme, parameters }: Challenge): DigestChallenge | undefined {
  const nonce = parameters.get('nonce');
  const algorithmName = parameters.get('algorithm')?.trim();
  const algorithm = digestAlgorithm(algorithmName);
  const qop = chooseQop(parameters.get('qop'));
  if (scheme !== 'digest' || nonce === undefined || !algorithm || qop === 'unknown') return undefined;
  const opaque = parameters.get('opaque');
  return {
    realm: parameters.get('realm') ?? '',
    nonce,
    algorithm,
    ...(opaque !== undefined && { opaque }),
    ...(algorithmName !== undefined && { algorithmName }),
    ...(qop !== undefined && { qop }),
    userhash: parameters.get('userhash')?.toLowerCase() === 'true',
    utf8: parameters.get('charset')?.toUpperCase() === 'UTF-8',
  };
}

function chooseQop(offered: string | undefined): 'auth' | 'auth-int' | 'unknown' | undefined {
  const words = (offered ?? '').toLowerCase().split(/[\s,]+/);
  if (words.includes('auth')) return 'auth';
  if (words.includes('auth-int')) return 'auth-int';
  return words.some((word) => word !== '') ? 'unknown' : undefined;
}

/** One nonce of a server with the count of its uses: every request signed with it carries the next `nc`. */
export class DigestSession {
  readonly #challenge: DigestChallenge;
  /** H(user:realm:password): H(A1) of RFC 7616 §3.4.2, except for `-sess`. */
  readonly #login: string;
  readonly #username: string;
  /** One for the whole session: a `-sess` server may take A1 from the first request or from the present one. */
  readonly #cnonce: string;
  #nonce: string;
  #count = 0;

  /** @param cnonce given by tests alone */
  constructor(
    challenge: DigestChallenge,
    credentials: Credentials,
    cnonce = randomBytes(16).toString('hex'),
  ) {
    const { algorithm, realm, nonce } = challenge;
    const form = (text: string) => (challenge.utf8 ? text.normalize('NFC') : text);
    const user = bytesOf(form(credentials.username));
    this.#challenge = challenge;
    this.#login = digestHash(algorithm, `${user}:${realm}:${bytesOf(form(credentials.password))}`);
    this.#username = usernameParameter(form(credentials.username), challenge);
    this.#cnonce = cnonce;
    this.#nonce = nonce;
  }

  /** The server named the nonce that it wants next (`Authentication-Info`, RFC 7616 §3.5). */
  continueWith(nonce: string): void {
    if (nonce === this.#nonce) return;
    this.#nonce = nonce;
    this.#count = 0;
  }

  /** The value of `Authorization` for a request; it must be sent, since it has taken a number. */
  authorize({ method, uri, body }: SignedRequest): string {
    const { algorithm, algorithmName, realm, opaque, qop, userhash } = this.#challenge;
    this.#count += 1;
    const count = this.#count.toString(16).padStart(8, '0');
    const integrity = qop === 'auth-int' ? `:${digestHash(algorithm, body ?? '')}` : '';
    const request = digestHash(algorithm, `${method}:${uri}${integrity}`);
    const freshness = qop ? `${this.#nonce}:${count}:${this.#cnonce}:${qop}` : this.#nonce;
    const response = digestHash(algorithm, `${this.#secret()}:${freshness}:${request}`);
    const parameters = [
      this.#username,
      `realm=${quoted(realm)}`,
      `nonce=${quoted(this.#nonce)}`,
      `uri=${quoted(uri)}`,
      algorithmName !== undefined && `algorithm=${algorithmName}`,
      (qop !== undefined || algorithm.session) && `cnonce="${this.#cnonce}"`,
      qop !== undefined && `qop=${qop}, nc=${count}`,
      `response="${response}"`,
      opaque !== undefined && `opaque=${quoted(opaque)}`,
      userhash && 'userhash=true',
    ];
    return `Digest ${parameters.filter((parameter) => parameter !== false).join(', ')}`;
  }

  /**
   * H(A1). A `-sess` server could keep its session key when it names a next nonce (RFC 2617 §3.2.2.2), but servers
   * keep no such state: they compute it from what each request says.
   */
  #secret(): string {
    const { algorithm } = this.#challenge;
    return algorithm.session
      ? digestHash(algorithm, `${this.#login}:${this.#nonce}:${this.#cnonce}`)
      : this.#login;
  }
}

function usernameParameter(username: string, { algorithm, realm, userhash, utf8 }: DigestChallenge): string {
  if (userhash) return `username="${digestHash(algorithm, `${bytesOf(username)}:${realm}`)}"`;
  if (utf8 && /[^\x20-\x7e]/.test(username)) {
    const escaped = encodeURIComponent(username).replace(
      /['()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    return `username*=UTF-8''${escaped}`;
  }
  return `username=${quoted(bytesOf(username))}`;
}

/** UTF-8 as a string of bytes: what a header carries and what is hashed. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function quoted(bytes: string): string {
  return `"${bytes.replace(/["\\]/g, '\\$&')}"`;
}
