/** An account of AssetsControls: where its API is, and its token, given or got by logging in. */
import { createHash } from 'node:crypto';
import { systemClock, type Clock } from '../clock';
import { closedError, isSnapflowError, SnapflowError } from '../errors';
import { Hosts } from '../http/hosts';
import type { HttpClientOptions, HttpReply, HttpTransport } from '../http/types';
import { asText, readEnvelope, type JsonObject } from './envelope';
import type { Endpoint } from './results';

/** Mainland; the document's address. */
export const DEFAULT_BASE_URL = 'https://cloud.assetscontrols.com:3443';

export interface AccountOptions extends Pick<
  HttpClientOptions,
  'tls' | 'proxy' | 'connectTimeoutMs' | 'headersTimeoutMs' | 'timeoutMs' | 'maxReplyBytes' | 'maxConnections'
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
  /** Makes the client of a base address. Default: the package's HTTP client. */
  openClient: (options: HttpClientOptions) => HttpTransport;
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

/** The device has 15 s to answer an instruction, so less than 20 s here would cut answers off. */
const DEFAULT_TIMEOUT_MS = 30_000;

export class Account {
  readonly clock: Clock;
  /** GUIDs of assets by their number. */
  readonly assetGuids = new Map<string, string>();
  private readonly client: HttpTransport;
  private readonly fileHosts: Hosts;
  private token: string | undefined;
  private runningLogin: Promise<string> | undefined;

  /** @throws SnapflowError `BAD_INPUT` for an address that cannot be one */
  constructor(private readonly options: AccountOptions) {
    this.clock = options.clock ?? systemClock;
    this.token = options.token || undefined;
    this.client = this.open(parseBaseUrl(options.baseUrl ?? DEFAULT_BASE_URL), options.tls);
    // Certificates and pins belong to the account's host; file hosts share only its authorities.
    const { ca } = options.tls ?? {};
    this.fileHosts = new Hosts({ open: (origin) => this.open(origin, ca === undefined ? {} : { ca }) });
  }

  /**
   * Sends an action and gives the objects of its answer. When the token has expired and the account has user and
   * password, it logs in again and sends once more: a refused action was not carried out.
   * @throws SnapflowError by result code or HTTP status
   */
  async ask(call: AccountCall): Promise<JsonObject[]> {
    const token = await this.currentToken(call.signal);
    try {
      return await this.send(call, token);
    } catch (error) {
      const hasExpired = isSnapflowError(error) && error.platform?.code === 104;
      if (!hasExpired || !this.canLogIn) throw error;
      if (this.token === token) this.token = undefined;
      return this.send(call, await this.currentToken(call.signal));
    }
  }

  /** GETs a file from the address that an answer named. No credential goes there. */
  fetch(address: URL, signal?: AbortSignal): Promise<HttpReply> {
    return this.fileHosts.get(address, signal && { signal });
  }

  /** Blots the account's secrets out of a text. */
  conceal(said: string): string {
    const { token, password } = this.options;
    return [token, this.token, password, password && passwordHash(password)]
      .filter((secret): secret is string => !!secret)
      .reduce((text, secret) => text.replaceAll(secret, '***'), said);
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.fileHosts.close()]);
  }

  private async send(call: AccountCall, token: string): Promise<JsonObject[]> {
    const { endpoint, action, content, repeatable = false, signal } = call;
    const { language = '1', timeDifferenceSeconds = 28_800 } = this.options;
    const instruction = { FTimeDifferent: timeDifferenceSeconds, FLanguage: language };
    const reply = await this.post(
      endpoint,
      {
        FAction: action,
        ...content,
        FTokenID: token,
        ...(endpoint === 'Instruction' && instruction),
      },
      { repeatable, ...(signal && { signal }) },
    );
    return readEnvelope(reply, endpoint, (said) => this.conceal(said));
  }

  private post(
    endpoint: Endpoint,
    content: JsonObject,
    options: { repeatable: boolean; signal?: AbortSignal },
  ): Promise<HttpReply> {
    return this.client.request({
      method: 'POST',
      path: `/OpenApi/${endpoint}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(content),
      ...options,
    });
  }

  private get canLogIn(): boolean {
    return !!this.options.username && !!this.options.password;
  }

  /** The token, or the one of a login that all share who wait for it. */
  private async currentToken(signal: AbortSignal | undefined): Promise<string> {
    if (this.token !== undefined) return this.token;
    // Not the caller's signal: others wait for the same login.
    this.runningLogin ??= this.logIn().finally(() => (this.runningLogin = undefined));
    return unlessAborted(this.runningLogin, signal);
  }

  private async logIn(): Promise<string> {
    const { username, password } = this.options;
    if (!username || !password) {
      throw new SnapflowError(
        'BAD_INPUT',
        'The AssetsControls account has no token: type a token, or user and password, in the account.',
        { system: 'assetscontrols' },
      );
    }
    const content = { FUserName: username, FPassword: passwordHash(password) };
    const reply = await this.post('login', content, { repeatable: true });
    const [session] = readEnvelope(reply, 'login', (said) => this.conceal(said));
    const token = asText(session?.FTokenID);
    if (token === undefined) {
      throw new SnapflowError('BAD_RESPONSE', 'AssetsControls accepted the login but gave no token.', {
        system: 'assetscontrols',
      });
    }
    this.token = token;
    return token;
  }

  private open(baseUrl: string, tls: HttpClientOptions['tls']): HttpTransport {
    const { proxy, connectTimeoutMs, headersTimeoutMs, timeoutMs, maxReplyBytes, maxConnections } =
      this.options;
    return this.options.openClient({
      baseUrl,
      system: 'assetscontrols',
      maxConnections: maxConnections ?? 4,
      timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
      ...(tls && { tls }),
      ...(proxy !== undefined && { proxy }),
      ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
      ...(headersTimeoutMs !== undefined && { headersTimeoutMs }),
      ...(maxReplyBytes !== undefined && { maxReplyBytes }),
    });
  }
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
      { system: 'assetscontrols' },
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, '').replace(/\/OpenApi$/i, '');
}

/** The promise's result, or `CLOSED` when the signal aborts first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(closedError('assetscontrols', signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
