/**
 * The camera's side of HTTP authentication, written from RFC 7616 (and RFC 2617 and 2069, which old clients
 * speak): it hands out nonces, keeps count of them, and judges what comes back.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface DigestOptions {
  /** Default `ApiAdmin`. */
  username?: string;
  /** Default `simulated`. */
  password?: string;
  /** Default `SDC`. */
  realm?: string;
  /** One challenge each, in this order: `MD5`, `SHA-256`, `SHA-512-256`, each also `-sess`. Default `['SHA-256', 'MD5']`. */
  algorithms?: string[];
  /** Offered quality of protection: `auth`, `auth-int`, `auth,auth-int`, or '' for none (RFC 2069). Default `auth`. */
  qop?: string;
  /** Offer Basic as well, with a realm of its own. Default false. */
  basic?: boolean;
  /** All challenges in one header line instead of one line each. Default false. */
  joinChallenges?: boolean;
  /** Milliseconds that a nonce lives. Default 300 000. */
  nonceLifeMs?: number;
  /** Requests that a nonce is good for. Default: any number. */
  nonceUses?: number;
  /** Hand out the next nonce with every reply (`Authentication-Info: nextnonce`) and take the used one back. Default false. */
  nextNonce?: boolean;
}

export interface DigestRequest {
  method: string;
  /** Path and query as in the request line. */
  target: string;
  authorization: string | undefined;
  body: Buffer;
}

export interface Verdict {
  /** `stale`: rightly answered, but with a nonce that is used up. */
  result: 'granted' | 'stale' | 'refused' | 'absent';
  /** Headers for the reply: challenges, or what the next request needs. */
  headers: Record<string, string | string[]>;
}

interface Nonce {
  madeAt: number;
  uses: number;
  /** Highest nonce count seen: it must rise. */
  count: number;
}

const HASHES: Record<string, string> = { MD5: 'md5', SHA256: 'sha256', SHA512256: 'sha512-256' };
/** Nonces remembered; the oldest is forgotten first. */
const NONCES_MAX = 1_000;

export class DigestGuard {
  private readonly nonces = new Map<string, Nonce>();
  private readonly realm: string;
  private readonly opaque = randomBytes(8).toString('hex');

  constructor(
    private readonly options: DigestOptions,
    private readonly now: () => number,
  ) {
    this.realm = options.realm ?? 'SDC';
  }

  judge(request: DigestRequest): Verdict {
    const { authorization } = request;
    if (authorization === undefined) return { result: 'absent', headers: this.challenges() };
    if (/^basic /i.test(authorization)) {
      return this.options.basic === true && this.isBasicRight(authorization)
        ? { result: 'granted', headers: {} }
        : this.refuse();
    }
    const fields = digestFields(authorization);
    if (!this.isDigestRight(fields, request)) return this.refuse();
    if (!this.useNonce(fields)) return { result: 'stale', headers: this.challenges(true) };
    return { result: 'granted', headers: this.nextNonce(fields) };
  }

  refuse(): Verdict {
    return { result: 'refused', headers: this.challenges() };
  }

  /** Forgets every nonce, as a camera does that was switched off. */
  forget(): void {
    this.nonces.clear();
  }

  challenges(stale = false): Record<string, string[]> {
    const { algorithms = ['SHA-256', 'MD5'], basic = false, joinChallenges = false } = this.options;
    const lines = algorithms.map((algorithm) => this.challenge(algorithm, stale));
    if (basic) lines.push('Basic realm="SDC web"');
    return { 'www-authenticate': joinChallenges ? [lines.join(', ')] : lines };
  }

  private challenge(algorithm: string, stale: boolean): string {
    const { qop = 'auth' } = this.options;
    return [
      `Digest realm="${this.realm}"`,
      ...(qop === '' ? [] : [`qop="${qop}"`]),
      `algorithm=${algorithm}`,
      `nonce="${this.newNonce()}"`,
      `opaque="${this.opaque}"`,
      ...(stale ? ['stale=true'] : []),
    ].join(', ');
  }

  private newNonce(): string {
    // Base64, so that a client that splits its parameters at "=" fails here and not at the real camera.
    const nonce = randomBytes(16).toString('base64');
    this.nonces.set(nonce, { madeAt: this.now(), uses: 0, count: 0 });
    const [oldest] = this.nonces.keys();
    if (this.nonces.size > NONCES_MAX && oldest !== undefined) this.nonces.delete(oldest);
    return nonce;
  }

  /** Counts one use; false when the nonce is unknown, too old, used up, or its count did not rise. */
  private useNonce(fields: Record<string, string>): boolean {
    const { nonceLifeMs = 300_000, nonceUses = Infinity } = this.options;
    const nonce = this.nonces.get(fields['nonce'] ?? '');
    if (!nonce) return false;
    const count = fields['nc'] === undefined ? nonce.count + 1 : parseInt(fields['nc'], 16);
    const fresh = this.now() - nonce.madeAt <= nonceLifeMs && nonce.uses < nonceUses && count > nonce.count;
    nonce.uses++;
    nonce.count = Math.max(nonce.count, count);
    return fresh;
  }

  private nextNonce(fields: Record<string, string>): Record<string, string> {
    if (this.options.nextNonce !== true) return {};
    this.nonces.delete(fields['nonce'] ?? '');
    return { 'authentication-info': `nextnonce="${this.newNonce()}"` };
  }

  /** RFC 7616 §3.4.1, and §2.1.1 of RFC 2069 where the client sends no qop. */
  private isDigestRight(fields: Record<string, string>, request: DigestRequest): boolean {
    const { username = 'ApiAdmin', password = 'simulated' } = this.options;
    const { algorithms = ['SHA-256', 'MD5'], qop: offered = 'auth' } = this.options;
    const { algorithm = 'MD5', nonce = '', qop, nc = '', cnonce = '', uri = '', response = '' } = fields;
    const hash =
      HASHES[
        algorithm
          .toUpperCase()
          .replace(/-SESS$/, '')
          .replaceAll('-', '')
      ];
    if (!hash || !algorithms.includes(algorithm)) return false;
    if (fields['username'] !== username || fields['realm'] !== this.realm) return false;
    if (uri !== request.target || fields['opaque'] !== this.opaque) return false;
    if (
      qop !== undefined &&
      (!offered.split(',').includes(qop) || !/^[0-9a-f]{8}$/.test(nc) || cnonce === '')
    )
      return false;

    const h = (...parts: string[]) => createHash(hash).update(parts.join(':')).digest('hex');
    const secret = h(username, this.realm, password);
    const a1 = /-sess$/i.test(algorithm) ? h(secret, nonce, cnonce) : secret;
    const entity = qop === 'auth-int' ? [createHash(hash).update(request.body).digest('hex')] : [];
    const a2 = h(request.method, uri, ...entity);
    return isSame(response, qop === undefined ? h(a1, nonce, a2) : h(a1, nonce, nc, cnonce, qop, a2));
  }

  private isBasicRight(authorization: string): boolean {
    const { username = 'ApiAdmin', password = 'simulated' } = this.options;
    const expected = Buffer.from(`${username}:${password}`).toString('base64');
    return isSame(authorization.slice('Basic '.length).trim(), expected);
  }
}

/** `Digest a="b", c=d` → its fields, names in lower case. */
function digestFields(authorization: string): Record<string, string> {
  const fields: Record<string, string> = {};
  if (!/^digest /i.test(authorization)) return fields;
  for (const [, name = '', quoted, token] of authorization.matchAll(
    /([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g,
  )) {
    fields[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? token ?? '';
  }
  return fields;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
