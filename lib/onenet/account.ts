/**
 * An account of OneNET video: where its API is, its keys, and how it counts time. It sends what operations ask for;
 * what that means is theirs.
 */
import type { Clock } from '../clock';
import { systemClock } from '../clock';
import { SnapflowError } from '../errors';
import { Hosts } from '../http/hosts';
import type { HttpCall, HttpClientOptions, HttpReply, HttpTransport } from '../http/types';
import { DEFAULT_TIME_ZONE, parseZone, type Zone } from './time';
import { signToken, type TokenMethod } from './token';

/** Address of the document (seed edition), and of the later edition, which speaks https. */
export const DEFAULT_BASE_URL = 'http://api.video.heclouds.com';
export const HTTPS_BASE_URL = 'https://api-video.heclouds.com:8443';

/**
 * How command frames are written: as the document shows, as the device SDKs read them, or (default) so that both
 * kinds of device understand.
 */
export type Dialect = 'document' | 'sdk' | 'both';

export interface AccountOptions extends Pick<
  HttpClientOptions,
  'tls' | 'proxy' | 'connectTimeoutMs' | 'headersTimeoutMs' | 'timeoutMs' | 'maxReplyBytes' | 'maxConnections'
> {
  /** Default `DEFAULT_BASE_URL`. A path is kept as prefix; a trailing `/ipc/video` may be there or not. */
  baseUrl?: string;
  /** Master key of the product, or key of one device. */
  apiKey?: string;
  /** Access key of the product: the file store (chapter 15) then gets an `authorization` token, not the api-key. */
  accessKey?: string;
  /** Ready `authorization` token for the file store, instead of an access key. */
  authorization?: string;
  /** HMAC of the token. Default `sha256`. */
  tokenMethod?: TokenMethod;
  /** Seconds that a token is valid. Default 3 600. */
  tokenLifetimeSeconds?: number;
  /** Zone of times without one. Default `+08:00`. */
  timeZone?: string;
  /** Default `both`. */
  dialect?: Dialect;
  /** Makes the client of a base address. Default: the package's HTTP client. */
  openClient: (options: HttpClientOptions) => HttpTransport;
  clock?: Clock;
}

/** Which credential an operation sends. */
export type Authentication = 'key' | 'none' | { product: string };

export interface AccountCall extends Omit<HttpCall, 'path' | 'headers'> {
  /** Below the base address. */
  path: string;
  headers?: Record<string, string>;
  authentication: Authentication;
}

export class Account {
  readonly zone: Zone;
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** Origin of the API: the only host whose picture addresses get the api-key. */
  readonly origin: string;
  private readonly baseUrl: string;
  private readonly client: HttpTransport;
  private readonly otherHosts: Hosts;
  private readonly tokens = new Map<string, { token: string; until: number }>();

  /** @throws SnapflowError `BAD_INPUT` for an address, zone or key that cannot be one */
  constructor(private readonly options: AccountOptions) {
    const base = parseBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL);
    this.baseUrl = base.href.replace(/\/+$/, '');
    this.origin = base.origin;
    this.zone = parseZone(options.timeZone ?? DEFAULT_TIME_ZONE);
    this.dialect = options.dialect ?? 'both';
    this.clock = options.clock ?? systemClock;
    for (const secret of this.secrets()) checkHeader(secret);
    this.client = this.open(this.baseUrl, options.tls);
    // Certificates and pins belong to the account's host; other hosts share only its authorities.
    const { ca } = options.tls ?? {};
    this.otherHosts = new Hosts({ open: (origin) => this.open(origin, ca === undefined ? {} : { ca }) });
  }

  /** Sends to the API. */
  send({ authentication, headers, ...call }: AccountCall): Promise<HttpReply> {
    return this.client.request({ ...call, headers: { ...headers, ...this.credential(authentication) } });
  }

  /**
   * GETs an absolute address that an answer named.
   * @param withKey send the api-key although it may be another host
   */
  fetch(address: URL, call: { signal?: AbortSignal; withKey?: boolean } = {}): Promise<HttpReply> {
    const { withKey = address.origin === this.origin, signal } = call;
    const headers = withKey ? this.credential('key') : {};
    return this.otherHosts.get(address, { headers, ...(signal && { signal }) });
  }

  /** An address from an answer: absolute, or below the account's. Undefined when it is none. */
  resolve(address: string): URL | undefined {
    const url = URL.canParse(address, this.baseUrl) ? new URL(address, this.baseUrl) : undefined;
    return url && /^https?:$/.test(url.protocol) ? url : undefined;
  }

  /** Blots the account's secrets out of a text. */
  conceal(said: string): string {
    return this.secrets().reduce((text, secret) => text.replaceAll(secret, '***'), said);
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.otherHosts.close()]);
  }

  private credential(authentication: Authentication): Record<string, string> {
    if (authentication === 'none') return {};
    const { apiKey, authorization, accessKey } = this.options;
    if (authentication !== 'key') {
      if (authorization) return { authorization };
      if (accessKey) return { authorization: this.token(accessKey, authentication.product) };
    }
    if (apiKey) return { 'api-key': apiKey };
    throw new SnapflowError('BAD_INPUT', 'The OneNET account has no api-key: type it in the account.', {
      system: 'onenet',
    });
  }

  /** A token is used until a minute before it expires. */
  private token(accessKey: string, product: string): string {
    const now = Math.floor(this.clock.now() / 1000);
    const known = this.tokens.get(product);
    if (known && now < known.until) return known.token;
    const { tokenLifetimeSeconds = 3600, tokenMethod = 'sha256' } = this.options;
    const expiresAt = now + tokenLifetimeSeconds;
    const resource = `products/${product}`;
    const token = signToken({ accessKey, resource, expiresAt, method: tokenMethod });
    this.tokens.clear();
    this.tokens.set(product, { token, until: expiresAt - 60 });
    return token;
  }

  private open(baseUrl: string, tls: HttpClientOptions['tls']): HttpTransport {
    const { openClient, ...options } = this.options;
    const { proxy, connectTimeoutMs, headersTimeoutMs, timeoutMs, maxReplyBytes, maxConnections } = options;
    return openClient({
      baseUrl,
      system: 'onenet',
      maxConnections: maxConnections ?? 4,
      ...(tls && { tls }),
      ...(proxy !== undefined && { proxy }),
      ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
      ...(headersTimeoutMs !== undefined && { headersTimeoutMs }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(maxReplyBytes !== undefined && { maxReplyBytes }),
    });
  }

  private secrets(): string[] {
    const { apiKey, accessKey, authorization } = this.options;
    return [apiKey, accessKey, authorization].filter((secret): secret is string => !!secret);
  }
}

function parseBaseUrl(text: string): URL {
  const withScheme = /^[a-z]+:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The address of the OneNET account must look like http://api.video.heclouds.com, with a path if need be.',
      { system: 'onenet' },
    );
  }
  // Sample programs put the video prefix into their base address; paths here bring it along.
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/ipc\/video$/, '');
  return url;
}

function checkHeader(secret: string): void {
  if (/^[\x21-\x7e]+$/.test(secret)) return;
  throw new SnapflowError(
    'BAD_INPUT',
    'A key of the OneNET account holds a character that no key has; was it copied with a blank or a line break?',
    { system: 'onenet' },
  );
}
