/** What every HTTP client of the package is asked for and gives back. */
import type { System } from '../errors';

/** How the server's certificate is judged. Without settings: verified against the system's authorities. */
export interface TlsSettings {
  /** PEM certificates of the authorities to trust instead of the system's, also for a proxy by https. */
  ca?: string | Buffer | Array<string | Buffer>;
  /** Client certificate and key (PEM), for servers that ask for one. */
  cert?: string | Buffer;
  key?: string | Buffer;
  pfx?: string | Buffer;
  passphrase?: string;
  /** Name to send by SNI and to check the certificate against; default: the host of the address. */
  servername?: string;
  /** Trust exactly the certificate with this SHA-256 fingerprint (hex, colons and case ignored) and no other. */
  fingerprint?: string;
  /** `false` accepts any certificate. Explicit, and warned about by the nodes. Default: true. */
  rejectUnauthorized?: boolean;
  /** Lowest TLS version, for old firmware. Default: Node's own (TLSv1.2). */
  minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
}

export interface Credentials {
  username: string;
  password: string;
}

export interface HttpClientOptions {
  /** Scheme, host, port and an optional path prefix, such as `https://192.0.2.10` or `http://host:8080/api`. */
  baseUrl: string;
  /** Named in errors. */
  system: System;
  /** User and password; the server's challenge decides between digest and (only if allowed) basic. */
  credentials?: Credentials;
  /** Answer a Basic challenge when no supported digest challenge is there. Default: only over https. */
  allowBasic?: boolean;
  tls?: TlsSettings;
  /** Address of an HTTP proxy, its user and password included if it has one. Never taken from the environment: the caller decides. */
  proxy?: string;
  /** Milliseconds until the connection (TCP and TLS) stands. Default 10 000. */
  connectTimeoutMs?: number;
  /** Milliseconds from the request having left this machine to the reply's headers. Default 30 000. */
  headersTimeoutMs?: number;
  /** Milliseconds for a whole call: waiting for a connection, login and body included. Default 60 000. */
  timeoutMs?: number;
  /** Milliseconds that an unused connection is kept; short, since cameras drop theirs silently. Default 4 000. */
  keepAliveMs?: number;
  /** Bytes of a reply's body. Default 33 554 432 (32 MiB). */
  maxReplyBytes?: number;
  /** Open connections at once. Default 1 (a camera); clouds choose more. */
  maxConnections?: number;
}

export interface HttpCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query below `baseUrl`, percent-encoded, starting with `/`. */
  path: string;
  /** Without those that follow from address, body and credentials (`Host`, `Content-Length`, …). */
  headers?: Record<string, string>;
  /** Sent whole with a Content-Length, never chunked. */
  body?: Buffer | string;
  signal?: AbortSignal;
  /** Overrides the client's option for this call. */
  timeoutMs?: number;
  maxReplyBytes?: number;
  /**
   * May be sent again when a reused connection turns out dead before any byte of the reply. Default: true for
   * GET; POST, PUT and DELETE say so themselves.
   */
  repeatable?: boolean;
  /** Path as it may appear in errors, when `path` holds a secret. */
  redactedPath?: string;
}

export interface HttpReplyHead {
  status: number;
  /** Lower-case names; several lines of one name are an array. */
  headers: Record<string, string | string[] | undefined>;
}

export interface HttpReply extends HttpReplyHead {
  body: Buffer;
}

/** A reply whose body is read as it comes. Read it to the end or call `discard`. */
export interface HttpStreamReply extends HttpReplyHead {
  /** Chunks; ends with a `SnapflowError` on cap, time-out, abort or a broken connection. */
  body: AsyncIterable<Buffer>;
  discard(): Promise<void>;
}

/**
 * Every method rejects with a `SnapflowError` only:
 * - `UNREACHABLE` refused, no name, no route, cut off;
 * - `TIMEOUT` with `details.phase`: `connect`, `headers`, or for the whole call where it stood
 *   (`queue`, `connect`, `reply`, `body`);
 * - `AUTH_REJECTED` a 401 that the credentials could not answer, `platform.message` being the server's words;
 * - `CERTIFICATE_REJECTED` with `details` `{ fingerprint, subject, validTo, reason }` of the certificate seen;
 * - `TOO_LARGE` reply over the cap; `BAD_RESPONSE` no HTTP; `BAD_INPUT` path, header or TLS setting unusable;
 * - `CLOSED` aborted by its signal or by `close`.
 *
 * A reply with any other status is a value, also a redirect (none is followed) and, in a client without
 * credentials, a 401: the system decides what it means.
 */
export interface HttpTransport {
  request(call: HttpCall): Promise<HttpReply>;
  stream(call: HttpCall): Promise<HttpStreamReply>;
  /** Ends every connection; running calls end with `CLOSED`. */
  close(): Promise<void>;
}
