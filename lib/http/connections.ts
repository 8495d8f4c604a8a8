/** The connections of one client, straight to its address or through a proxy. Loads undici, on first use. */
import type { buildConnector, Dispatcher } from 'undici';
import type { SnapflowError } from '../errors';
import type { Address, ProxyAddress } from './address';
import { Connector } from './connector';
import { describeFailure, describeProxyFailure, type Peer } from './failure';
import type { Limits } from './limits';
import { Wire, type LineOptions } from './line';
import type { TlsSettings } from './types';

/** Milliseconds before the end of a server's own keep-alive at which a connection is not used any more. */
const KEEP_ALIVE_MARGIN_MS = 500;

export interface ConnectionOptions {
  address: Address;
  proxy: ProxyAddress | undefined;
  tls: TlsSettings;
  limits: Limits;
  peer: Peer;
}

export interface Connections {
  dispatcher: Dispatcher;
  /** What an error of the dispatcher means, which may be the proxy's. */
  describe: (error: unknown, request: string) => SnapflowError;
  /** Ends every connection at once. */
  destroy(): Promise<void>;
}

type Pool = (origin: string, connect: buildConnector.connector) => Dispatcher;

/** @throws SnapflowError `BAD_INPUT` for TLS settings that cannot be used */
export function openConnections(options: ConnectionOptions): Connections {
  const { address, proxy, tls, limits, peer } = options;
  const connector = new Connector(peer, tls, limits.connectTimeoutMs);
  if (address.secure) connector.prepareTls();
  const pool = poolMaker(limits);
  if (proxy) return throughProxy(options, proxy, connector, pool);
  const dispatcher = pool(address.origin, connector.connect);
  return {
    dispatcher,
    describe: (error, request) => describeFailure(error, peer, request),
    destroy: () => {
      connector.close();
      return dispatcher.destroy();
    },
  };
}

function poolMaker(limits: Limits): Pool {
  const { Client, Pool } = require('undici') as typeof import('undici');

  /** Tells each request which connection carries it. */
  class PoolLine extends Client {
    readonly #wire: Wire;

    constructor(origin: URL, options: object, connect: buildConnector.connector) {
      const wire = new Wire();
      super(origin, { ...options, connect: wire.watch(connect) });
      this.#wire = wire;
    }

    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      (options as LineOptions).user.line = this.#wire;
      return super.dispatch(options, handler);
    }
  }

  return (origin, connect) =>
    new Pool(origin, {
      connections: limits.maxConnections,
      factory: (url, options) => new PoolLine(url, options, connect),
      // A call has its own timers (`exchange.ts`): undici's go in steps of half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: limits.keepAliveMs,
      keepAliveMaxTimeout: limits.keepAliveMs,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
    });
}

/** https goes through a tunnel (CONNECT); http as a plain request to the proxy, which is what proxies allow. */
function throughProxy(
  { address, tls, limits, peer }: ConnectionOptions,
  proxy: ProxyAddress,
  connector: Connector,
  pool: Pool,
): Connections {
  const { Pool, ProxyAgent } = require('undici') as typeof import('undici');
  const proxyPeer: Peer = { system: peer.system, address: proxy.label };
  const toProxy = new Connector(proxyPeer, { ca: tls.ca }, limits.connectTimeoutMs);
  const plain = !address.secure && proxy.origin.startsWith('http:');
  const dispatcher = new ProxyAgent({
    uri: proxy.origin,
    ...(proxy.authorization !== undefined && { token: proxy.authorization }),
    proxyTunnel: false,
    ...(address.secure && {
      requestTls: { ...connector.tlsOptions, timeout: limits.connectTimeoutMs, maxCachedSessions: 0 },
    }),
    // Carries the CONNECT requests alone; a connection that has become a tunnel is none of its own any more.
    clientFactory: (origin) =>
      new Pool(origin, { connect: toProxy.connect, headersTimeout: 0, keepAliveTimeout: 1 }),
    factory: (origin, options: { connect: buildConnector.connector }) =>
      plain
        ? pool(proxy.origin, toProxy.connect)
        : pool(String(origin), connector.through(options.connect, proxyPeer)),
  });
  return {
    dispatcher,
    describe: (error, request) =>
      plain ? describeProxyFailure(error, proxyPeer, request) : describeFailure(error, peer, request),
    destroy: () => {
      connector.close();
      toProxy.close();
      return dispatcher.destroy();
    },
  };
}
