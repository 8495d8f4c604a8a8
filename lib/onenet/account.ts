/**
 * An account of OneNET video: where its API is, its keys, and how it counts time. It sends what operations ask for;
 * what that means is theirs.
 */
import { systemClock, type Clock } from '../clock';
import { SnapflowError } from '../errors';
import {
  HttpClient,
  type HttpCall,
  type HttpClientOptions,
  type HttpReply,
  type HttpTransport,
} from '../http';
import { Hosts } from '../http/hosts';
import { DEFAULT_TIME_ZONE, parseZone, type Zone } from './time';
import { signToken, type TokenMethod } from './token';

const system = 'onenet';

/** Address of the document (seed edition), and of the later edition, which speaks https. */
export const DEFAULT_BASE_URL = 'http://api.video.heclouds.com';
export const HTTPS_BASE_URL = 'https://api-video.heclouds.com:8443';

/**
 * How command frames are written: as the document shows, as the device SDKs read them, or (default) so that both
 * kinds of device understand.
 */
export type Dialect = 'document' | 'sdk' | 'both';

export interface AccountOptions extends Omit<
  HttpClientOptions,
  'baseUrl' | 'system' | 'credentials' | 'allowBasic'
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
  /** Milliseconds that an unused connection is kept. Default 15 000. */
  keepAliveMs?: number;
  /** Open connections at once, to each host. Default 8: a command may hold one until its device answers. */
  maxConnections?: number;
  /** Makes the client of a base address. Default: the package's own. */
  openClient?: (options: HttpClientOptions) => HttpTransport;
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

export interface FetchCall extends Pick<HttpCall, 'signal' | 'repeatable'> {
  /** Send the api-key. Default: to the account's own host only. */
  withKey?: boolean;
}

type Keys = Pick<AccountOptions, 'apiKey' | 'accessKey' | 'authorization'>;

export class Account {
  readonly zone: Zone;
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** Origin of the API: the only host whose picture addresses get the api-key. */
  readonly origin: string;
  readonly #baseUrl: string;
  readonly #keys: Keys;
  readonly #token: Pick<AccountOptions, 'tokenMethod' | 'tokenLifetimeSeconds'>;
  readonly #client: HttpTransport;
  readonly #hosts: Hosts;
  #lastToken: { product: string; token: string; until: number } | undefined;

  /** @throws SnapflowError `BAD_INPUT` for an address, zone, key or limit that cannot be one */
  constructor(options: AccountOptions = {}) {
    const { baseUrl = DEFAULT_BASE_URL, apiKey, accessKey, authorization, ...others } = options;
    const { timeZone = DEFAULT_TIME_ZONE, dialect = 'both', clock = systemClock, ...more } = others;
    const { tokenMethod, tokenLifetimeSeconds, openClient = openHttpClient, tls, ...limits } = more;
    const { keepAliveMs = 15_000, maxConnections = 8 } = limits;
    const base = parseBaseUrl(baseUrl);
    this.#baseUrl = base.href.replace(/\/+$/, '');
    this.origin = base.origin;
    this.zone = parseZone(timeZone);
    this.dialect = dialect;
    this.clock = clock;
    this.#keys = { apiKey, accessKey, authorization };
    for (const secret of this.#secrets()) checkHeader(secret);
    this.#token = { tokenMethod, tokenLifetimeSeconds };
    const common = { ...limits, keepAliveMs, maxConnections, system } as const;
    this.#client = openClient({ ...common, tls, baseUrl: this.#baseUrl });
    // Certificates and pins belong to the account's host; other hosts share only its authorities.
    const tlsOf = (origin: string) => (origin === this.origin ? tls : { ca: tls?.ca });
    const open = (origin: string) => openClient({ ...common, tls: tlsOf(origin), baseUrl: origin });
    this.#hosts = new Hosts({ open, system });
  }

  /** Sends to the API. */
  async send({ authentication, headers, ...call }: AccountCall): Promise<HttpReply> {
    return this.#client.request({ ...call, headers: { ...headers, ...this.#credential(authentication) } });
  }

  /** GETs an absolute address that an answer named. */
  async fetch(address: URL, call: FetchCall = {}): Promise<HttpReply> {
    const { withKey = address.origin === this.origin, ...rest } = call;
    return this.#hosts.get(address, { ...rest, headers: withKey ? this.#credential('key') : {} });
  }

  /** An address from an answer: absolute, or below the account's. Undefined when it is none. */
  resolve(address: string): URL | undefined {
    const url = URL.canParse(address, this.#baseUrl) ? new URL(address, this.#baseUrl) : undefined;
    return url && /^https?:$/.test(url.protocol) ? url : undefined;
  }

  /** Blots the account's secrets out of a text. */
  conceal(said: string): string {
    return this.#secrets().reduce((text, secret) => text.replaceAll(secret, '***'), said);
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(), this.#hosts.close()]);
  }

  #credential(authentication: Authentication): Record<string, string> {
    if (authentication === 'none') return {};
    const { apiKey, authorization, accessKey } = this.#keys;
    if (authentication !== 'key') {
      if (authorization) return { authorization };
      if (accessKey) return { authorization: this.#tokenFor(authentication.product, accessKey) };
    }
    if (apiKey) return { 'api-key': apiKey };
    throw new SnapflowError('BAD_INPUT', 'The OneNET account has no api-key: type it in the account.', {
      system,
    });
  }

  /** A token is used until a minute before it expires. */
  #tokenFor(product: string, accessKey: string): string {
    const now = Math.floor(this.clock.now() / 1000);
    const last = this.#lastToken;
    if (last?.product === product && now < last.until) return last.token;
    const { tokenLifetimeSeconds = 3600, tokenMethod: method = 'sha256' } = this.#token;
    const expiresAt = now + tokenLifetimeSeconds;
    const token = signToken({ accessKey, resource: `products/${product}`, expiresAt, method });
    this.#lastToken = { product, token, until: expiresAt - 60 };
    return token;
  }

  #secrets(): string[] {
    const secrets = [...Object.values(this.#keys), this.#lastToken?.token];
    return secrets.filter((secret): secret is string => !!secret);
  }
}

function openHttpClient(options: HttpClientOptions): HttpTransport {
  return new HttpClient(options);
}

function parseBaseUrl(text: string): URL {
  const withScheme = /^[a-z]+:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The address of the OneNET account must look like http://api.video.heclouds.com, with a path if need be.',
      { system },
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
    { system },
  );
}
