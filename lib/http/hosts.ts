/**
 * Clients by origin. A cloud's answers point to other hosts (pictures, covers, players); each gets a client of its
 * own, so that credentials and certificate settings of one host never reach another. Bounded.
 */
import { closedError, type System } from '../errors';
import type { HttpCall, HttpReply, HttpReplyHead, HttpTransport } from './types';

export interface HostsOptions {
  /** Makes the client of an origin, such as `http://192.0.2.1:8080`. */
  open: (origin: string) => HttpTransport;
  /** Named in errors. */
  system: System;
  /** Clients kept open at once; the one idle for longest is closed. Default 8. */
  maxHosts?: number;
  /** Redirections followed one after the other. Default 3. */
  maxRedirections?: number;
}

interface Host {
  client: HttpTransport;
  running: number;
}

export class Hosts {
  /** In the order of their last use. */
  private readonly hosts = new Map<string, Host>();
  private readonly maxHosts: number;
  private isClosed = false;

  constructor(private readonly options: HostsOptions) {
    this.maxHosts = options.maxHosts ?? 8;
  }

  /**
   * GETs an absolute address and follows redirections; another host gets no header. The query never shows in an
   * error: it may hold a token.
   */
  async get(address: URL, call: Omit<HttpCall, 'method' | 'path'> = {}): Promise<HttpReply> {
    const { maxRedirections = 3 } = this.options;
    const { headers, ...rest } = call;
    let place = address;
    for (let redirections = 0; ; redirections++) {
      const own = place.origin === address.origin && headers ? { headers } : {};
      const reply = await this.getOnce(place, { ...rest, ...own });
      const next = redirections < maxRedirections ? redirectionOf(reply, place) : undefined;
      if (!next) return reply;
      place = next;
    }
  }

  /** Works with the client of an origin, which is not closed meanwhile. */
  async use<T>(origin: string, work: (client: HttpTransport) => Promise<T>): Promise<T> {
    const host = this.hostOf(origin);
    host.running++;
    try {
      return await work(host.client);
    } finally {
      host.running--;
    }
  }

  private getOnce(address: URL, call: Omit<HttpCall, 'method' | 'path'>): Promise<HttpReply> {
    return this.use(address.origin, (client) =>
      client.request({
        redactedPath: address.pathname,
        ...call,
        method: 'GET',
        path: address.pathname + address.search,
      }),
    );
  }

  /** Ends every call; later ones end with `CLOSED`. */
  async close(): Promise<void> {
    this.isClosed = true;
    const clients = [...this.hosts.values()].map((host) => host.client);
    this.hosts.clear();
    await Promise.all(clients.map((client) => client.close()));
  }

  private hostOf(origin: string): Host {
    if (this.isClosed) throw closedError(this.options.system);
    const host = this.hosts.get(origin) ?? { client: this.options.open(origin), running: 0 };
    this.hosts.delete(origin);
    this.hosts.set(origin, host);
    if (this.hosts.size > this.maxHosts) this.closeIdlest(host);
    return host;
  }

  private closeIdlest(except: Host): void {
    for (const [origin, host] of this.hosts) {
      if (host.running > 0 || host === except) continue;
      this.hosts.delete(origin);
      void host.client.close();
      return;
    }
  }
}

/** Where a reply sends its caller, as far as that is http. */
export function redirectionOf({ status, headers }: HttpReplyHead, from: URL): URL | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined;
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  return to && /^https?:$/.test(to.protocol) ? to : undefined;
}
