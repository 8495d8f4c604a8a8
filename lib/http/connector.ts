/** Opens connections: with a deadline, with the certificate judged before the first byte, and closable at any time. */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { SnapflowError } from '../errors';
import { refuseCertificate } from './certificate';
import { describeFailure, describeProxyFailure, type Peer } from './failure';
import { noConnection } from './overrun';
import type { TlsSettings } from './types';

/**
 * Milliseconds for one address of a name with several. Node's own 250 is too short for a slow mobile line, where
 * it ends every attempt although the server answers.
 */
const ADDRESS_ATTEMPT_MS = 2_000;

type Connect = buildConnector.connector;
type Target = buildConnector.Options;
/** Opens a connection, reports it, and gives back what ends the attempt when nobody waits any longer. */
type Opener = (target: Target, done: buildConnector.Callback) => { destroy(): unknown };

/** What TLS needs for a connection. The verdict on the certificate is ours (`refuseCertificate`), not Node's. */
export interface TlsOptions {
  secureContext: SecureContext;
  servername?: string;
  rejectUnauthorized: false;
  ALPNProtocols: string[];
}

export class Connector {
  readonly #sockets = new Set<Socket>();
  #tlsOptions: TlsOptions | undefined;
  #closed = false;

  constructor(
    private readonly peer: Peer,
    private readonly tls: TlsSettings,
    private readonly connectTimeoutMs: number,
  ) {}

  /** Connects straight to the target. */
  readonly connect: Connect = (target, done) => {
    this.#guard((_target, report) => this.#open(target, report), target, done);
  };

  /** Connects through the tunnel of a proxy, under the same deadline and judgement. */
  through(tunnel: Connect, proxy: Peer): Connect {
    const opener: Opener = (target, done) => {
      const abort = new AbortController();
      // undici hands the signal on to its CONNECT request, though its types do not say so.
      const withSignal: Target & { signal: AbortSignal } = { ...target, signal: abort.signal };
      tunnel(withSignal, (error, socket) =>
        error ? done(describeProxyFailure(error, proxy), null) : done(null, socket),
      );
      return { destroy: () => abort.abort() };
    };
    return (target, done) => this.#guard(opener, target, done);
  }

  /** Built once: reading the authorities of the system takes milliseconds. Throws as `prepareTls`. */
  get tlsOptions(): TlsOptions {
    this.#tlsOptions ??= {
      secureContext: this.#secureContext(),
      // An empty field of a form means: by the address.
      ...(this.tls.servername && { servername: this.tls.servername }),
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    };
    return this.#tlsOptions;
  }

  /** @throws SnapflowError `BAD_INPUT` when a certificate, key or passphrase cannot be used */
  prepareTls(): void {
    void this.tlsOptions;
  }

  /** Ends every connection, also those that are still being made. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  #guard(open: Opener, target: Target, done: buildConnector.Callback): void {
    let attempt: ReturnType<Opener> | undefined;
    let waiting = true;
    const report = (error: Error | null, connected: Socket | null): void => {
      if (!waiting) {
        connected?.destroy();
        return;
      }
      waiting = false;
      clearTimeout(deadline);
      const failure = error ? describeFailure(error, this.peer) : this.#refuse(target, connected);
      if (failure) {
        (connected ?? attempt)?.destroy();
        done(failure, null);
      } else if (connected) {
        done(null, connected);
      }
    };
    const deadline = setTimeout(
      () => report(noConnection(this.peer, this.connectTimeoutMs), null),
      this.connectTimeoutMs,
    );
    try {
      attempt = open(target, report);
    } catch (error) {
      report(error as Error, null);
    }
  }

  #open(target: Target, done: buildConnector.Callback): Socket {
    const secure = target.protocol === 'https:';
    const place = {
      host: target.hostname,
      port: Number(target.port) || (secure ? 443 : 80),
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    };
    const socket: Socket = secure
      ? connectTls({ servername: isIP(place.host) ? '' : place.host, ...place, ...this.tlsOptions })
      : connectTcp(place);
    this.#track(socket);
    socket.setNoDelay(true);
    socket.on('error', (error) => done(error, null));
    socket.once('close', () => done(new Error('The connection was closed while it was made.'), null));
    socket.once(secure ? 'secureConnect' : 'connect', () => done(null, socket));
    return socket;
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#closed) socket.destroy();
  }

  #refuse({ protocol }: Target, socket: Socket | null): SnapflowError | undefined {
    if (protocol !== 'https:') return undefined;
    return refuseCertificate(socket as TLSSocket, this.tls, this.peer);
  }

  #secureContext(): SecureContext {
    const { ca, cert, key, pfx, passphrase, minVersion } = this.tls;
    // OpenSSL 3 signs and ciphers as TLS 1.0 and 1.1 did at security level 0 only.
    const old = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
    try {
      return createSecureContext({
        ca,
        cert,
        key,
        pfx,
        passphrase,
        minVersion,
        ...(old && { ciphers: 'DEFAULT@SECLEVEL=0' }),
      });
    } catch (error) {
      throw new SnapflowError(
        'BAD_INPUT',
        'The TLS settings for {{address}} cannot be used: a certificate, a key or its passphrase is wrong ({{reason}}).',
        {
          system: this.peer.system,
          values: { address: this.peer.address, reason: error instanceof Error ? error.message : '' },
        },
      );
    }
  }
}
