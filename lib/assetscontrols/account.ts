/** An account of AssetsControls: where its API is, and its token, given or got by logging in. */
import { createHash } from 'node:crypto';
import { systemClock, type Clock } from '../clock';
import { closedError, isSnapflowError, SnapflowError } from '../errors';
import { HttpClient, type HttpClientOptions, type HttpReply, type HttpTransport } from '../http';
import { Hosts } from '../http/hosts';
import { asText, readEnvelope, type JsonObject } from './envelope';
import type { Endpoint } from './results';

const system = 'assetscontrols';

/** Mainland; the document's address. */
export const DEFAULT_BASE_URL = 'https://cloud.assetscontrols.com:3443';

export interface AccountOptions extends Omit<
  HttpClientOptions,
  'baseUrl' | 'system' | 'credentials' | 'allowBasic'
> {
  /** Default `DEFAULT_BASE_URL`. A trailing `/OpenApi` may be there or not. */
  baseUrl?: string;
  /** Token of the account; with user and password it is got, and renewed when it has expired. */
  token?: string;
  username?: string;
  password?: string;
  /** `FLanguage`, sent as text. Default `1`, as in the document's samples. */
  language?: string;
  /** `FTimeDifferent`: seconds ahead of UTC. Default 28 800 (+08:00), as in the document's samples. */
  timeDifferenceSeconds?: number;
  /** Milliseconds for a whole call. Default 30 000: the device has 15 s to answer an instruction. */
  timeoutMs?: number;
  /** Milliseconds that an unused connection is kept. Default 15 000. */
  keepAliveMs?: number;
  /** Open connections at once, to each host. Default 16: an instruction holds one until its device answers. */
  maxConnections?: number;
  /** Makes the client of a base address. Default: the package's own. */
  openClient?: (options: HttpClientOptions) => HttpTransport;
  clock?: Clock;
}

export interface AccountCall {
  endpoint: Exclude<Endpoint, 'login'>;
  action: string;
  content: JsonObject;
  /** May be sent twice without harm, when a connection turns out dead. Default: false. */
  repeatable?: boolean;
  signal?: AbortSignal | undefined;
}

type Identity = Pick<AccountOptions, 'username' | 'password' | 'language' | 'timeDifferenceSeconds'>;

export class Account {
  readonly clock: Clock;
  /** GUIDs of assets by their number. */
  readonly assetGuids = new Map<string, string>();
  readonly #identity: Identity;
  readonly #client: HttpTransport;
  readonly #fileHosts: Hosts;
  #token: string | undefined;
  #runningLogin: Promise<string> | undefined;

  /** @throws SnapflowError `BAD_INPUT` for an address or limit that cannot be one */
  constructor(options: AccountOptions = {}) {
    const { baseUrl = DEFAULT_BASE_URL, token, clock = systemClock, ...others } = options;
    const { username, password, language, timeDifferenceSeconds, ...connection } = others;
    const { openClient = openHttpClient, tls, ...limits } = connection;
    this.clock = clock;
    this.#identity = { username, password, language, timeDifferenceSeconds };
    this.#token = token || undefined;
    const { timeoutMs = 30_000, keepAliveMs = 15_000, maxConnections = 16 } = limits;
    const common = { ...limits, timeoutMs, keepAliveMs, maxConnections, system } as const;
    const base = parseBaseUrl(baseUrl);
    this.#client = openClient({ ...common, tls, baseUrl: base });
    // Certificates and pins belong to the account's host; file hosts share only its authorities.
    const own = new URL(base).origin;
    const tlsOf = (origin: string) => (origin === own ? tls : { ca: tls?.ca });
    const open = (origin: string) => openClient({ ...common, tls: tlsOf(origin), baseUrl: origin });
    this.#fileHosts = new Hosts({ open, system });
  }

  /**
   * Sends an action and gives the objects of its answer. When the token has expired and the account has user and
   * password, it logs in again and sends once more: a refused action was not carried out.
   * @throws SnapflowError by result code or HTTP status
   */
  async ask(call: AccountCall): Promise<JsonObject[]> {
    const token = await this.#currentToken(call.signal);
    try {
      return await this.#send(call, token);
    } catch (error) {
      const hasExpired = isSnapflowError(error) && error.platform?.code === 104;
      if (!hasExpired || !this.#canLogIn) throw error;
      if (this.#token === token) this.#token = undefined;
      return this.#send(call, await this.#currentToken(call.signal));
    }
  }

  /** GETs a file from the address that an answer named. No credential goes there. */
  fetch(address: URL, signal?: AbortSignal): Promise<HttpReply> {
    return this.#fileHosts.get(address, signal && { signal });
  }

  /** Blots the account's secrets out of a text. */
  conceal(said: string): string {
    const { password } = this.#identity;
    return [this.#token, password, password && passwordHash(password)]
      .filter((secret): secret is string => !!secret)
      .reduce((text, secret) => text.replaceAll(secret, '***'), said);
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(), this.#fileHosts.close()]);
  }

  async #send(call: AccountCall, token: string): Promise<JsonObject[]> {
    const { endpoint, action, content, repeatable = false, signal } = call;
    const { language = '1', timeDifferenceSeconds = 28_800 } = this.#identity;
    const instruction = { FTimeDifferent: timeDifferenceSeconds, FLanguage: language };
    const reply = await this.#post(
      endpoint,
      {
        FAction: action,
        ...content,
        FTokenID: token,
        ...(endpoint === 'Instruction' && instruction),
      },
      { repeatable, ...(signal && { signal }) },
    );
    // Another call may have renewed the token meanwhile.
    return readEnvelope(reply, endpoint, (said) => this.conceal(said).replaceAll(token, '***'));
  }

  #post(
    endpoint: Endpoint,
    content: JsonObject,
    options: { repeatable: boolean; signal?: AbortSignal },
  ): Promise<HttpReply> {
    return this.#client.request({
      method: 'POST',
      path: `/OpenApi/${endpoint}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(content),
      ...options,
    });
  }

  get #canLogIn(): boolean {
    return !!this.#identity.username && !!this.#identity.password;
  }

  /** The token, or the one of a login that all share who wait for it. */
  async #currentToken(signal: AbortSignal | undefined): Promise<string> {
    if (this.#token !== undefined) return this.#token;
    // Not the caller's signal: others wait for the same login.
    this.#runningLogin ??= this.#logIn().finally(() => (this.#runningLogin = undefined));
    return unlessAborted(this.#runningLogin, signal);
  }

  async #logIn(): Promise<string> {
    const { username, password } = this.#identity;
    if (!username || !password) {
      throw new SnapflowError(
        'BAD_INPUT',
        'The AssetsControls account has no token: type a token, or user and password, in the account.',
        { system },
      );
    }
    const content = { FUserName: username, FPassword: passwordHash(password) };
    const reply = await this.#post('login', content, { repeatable: true });
    const [session] = readEnvelope(reply, 'login', (said) => this.conceal(said));
    const token = asText(session?.FTokenID);
    if (token === undefined) {
      throw new SnapflowError('BAD_RESPONSE', 'AssetsControls accepted the login but gave no token.', {
        system,
      });
    }
    this.#token = token;
    return token;
  }
}

function openHttpClient(options: HttpClientOptions): HttpTransport {
  return new HttpClient(options);
}

/** The platform wants the password as MD5 in hex. */
function passwordHash(password: string): string {
  return createHash('md5').update(password).digest('hex');
}

function parseBaseUrl(given: string): string {
  const text = given.trim();
  const withScheme = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The address of the AssetsControls account must look like https://cloud.assetscontrols.com:3443.',
      { system },
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, '').replace(/\/OpenApi$/i, '');
}

/** The promise's result, or `CLOSED` when the signal aborts first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(closedError(system, signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
