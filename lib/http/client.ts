/** HTTP for one camera or cloud: keep-alive, TLS, login, deadlines and caps behind three methods. */
import { closedError } from '../errors';
import { parseAddress, parseProxy, type Address, type ProxyAddress } from './address';
import { authentication } from './authentication';
import { normalizeFingerprint } from './certificate';
import { openConnections, type Connections } from './connections';
import { Exchange, type ExchangeCall } from './exchange';
import type { Peer } from './failure';
import { checkHeaders, checkPath } from './head';
import { DEFAULT_LIMITS, readLimits, type Limits } from './limits';
import { Login } from './login';
import { Slots } from './slots';
import type { HttpCall, HttpClientOptions, HttpReply, HttpStreamReply, HttpTransport } from './types';

export class HttpClient implements HttpTransport {
  readonly #options: HttpClientOptions;
  readonly #limits: Limits;
  readonly #address: Address;
  readonly #proxy: ProxyAddress | undefined;
  readonly #peer: Peer;
  readonly #slots: Slots;
  readonly #running = new Set<Exchange>();
  #connections: Connections | undefined;
  #closing: Promise<void> | undefined;

  /** @throws SnapflowError `BAD_INPUT` for an option that cannot be used */
  constructor(options: HttpClientOptions) {
    const { system, baseUrl, proxy, tls } = options;
    this.#options = options;
    this.#limits = readLimits<keyof Limits>(options, DEFAULT_LIMITS, system);
    this.#address = parseAddress(baseUrl, system);
    this.#proxy = proxy === undefined ? undefined : parseProxy(proxy, system);
    this.#peer = { system, address: this.#address.label };
    this.#slots = new Slots(this.#limits.maxConnections);
    if (tls?.fingerprint !== undefined) normalizeFingerprint(tls.fingerprint, system);
  }

  async request(call: HttpCall): Promise<HttpReply> {
    const exchange = this.#open(call);
    const { status, headers } = await exchange.head;
    return { status, headers, body: await exchange.body.collect() };
  }

  async stream(call: HttpCall): Promise<HttpStreamReply> {
    const { head, body } = this.#open(call);
    return { ...(await head), body, discard: () => body.discard() };
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    for (const exchange of [...this.#running]) exchange.fail(closedError(this.#peer.system));
    await this.#connections?.destroy();
  }

  #open(call: HttpCall): Exchange {
    const checked = this.#check(call);
    if (this.#closing || call.signal?.aborted) throw closedError(this.#peer.system, call.signal?.reason);
    this.#connections ??= this.#connect();
    const start = (): void => exchange.start();
    const exchange = new Exchange(checked, this.#peer, this.#connections, () => {
      this.#running.delete(exchange);
      if (!this.#slots.leave(start)) this.#slots.release();
    });
    this.#running.add(exchange);
    this.#slots.enter(start);
    return exchange;
  }

  #check(call: HttpCall): ExchangeCall {
    const { timeoutMs, maxReplyBytes } = readLimits<'timeoutMs' | 'maxReplyBytes'>(
      call,
      this.#limits,
      this.#peer.system,
    );
    checkPath(call, this.#peer);
    checkHeaders(call.headers, this.#options.credentials !== undefined, this.#peer);
    return {
      origin: this.#address.origin,
      method: call.method,
      path: this.#address.prefix + call.path,
      headers: { ...call.headers },
      body: typeof call.body === 'string' ? Buffer.from(call.body) : call.body,
      repeatable: call.repeatable ?? call.method === 'GET',
      signal: call.signal,
      timeoutMs,
      headersTimeoutMs: this.#limits.headersTimeoutMs,
      maxReplyBytes,
      label: `${call.method} ${call.redactedPath ?? call.path.replace(/\?.*$/s, '')}`,
    };
  }

  /** On first use, since it loads undici. */
  #connect(): Connections {
    const { credentials, allowBasic = this.#address.secure, tls = {} } = this.#options;
    const connections = openConnections({
      address: this.#address,
      proxy: this.#proxy,
      tls,
      limits: this.#limits,
      peer: this.#peer,
    });
    if (!credentials) return connections;
    const login = new Login({ credentials, allowBasic, ...this.#peer });
    return { ...connections, dispatcher: connections.dispatcher.compose(authentication(login)) };
  }
}
