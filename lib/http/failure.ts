/** Turns what undici and Node throw into the error family, each with a sentence that says what to look at. */
import { isSnapflowError, SnapflowError, type ErrorCode, type System } from '../errors';
import { text } from '../texts/mark';

/** Whom a failure is about. */
export interface Peer {
  system: System;
  /** Host and port. */
  address: string;
}

interface Sentence {
  code: ErrorCode;
  text: string;
  retryable?: boolean;
}

const NO_ROUTE = {
  code: 'UNREACHABLE',
  text: text('There is no way to {{address}}. Check the network, the VPN and that the device is on.'),
} as const satisfies Sentence;
const NO_NAME = {
  code: 'UNREACHABLE',
  text: text(
    'The name of {{address}} was not found (DNS). Check its spelling and this machine’s name server.',
  ),
} as const satisfies Sentence;
const CUT_OFF = {
  code: 'UNREACHABLE',
  text: text(
    '{{address}} closed the connection without a complete answer. Check that it is the right port, and try again.',
  ),
} as const satisfies Sentence;
const NO_TLS = {
  code: 'UNREACHABLE',
  retryable: false,
  text: text('{{address}} does not speak TLS. Use http:// or the port for https.'),
} as const satisfies Sentence;
const NO_HANDSHAKE = {
  code: 'UNREACHABLE',
  retryable: false,
  text: text(
    'No TLS handshake with {{address}} ({{reason}}). Old firmware needs a lower minimum TLS version; some servers want a client certificate.',
  ),
} as const satisfies Sentence;
const CLIENT_CERTIFICATE = {
  code: 'AUTH_REJECTED',
  text: text(
    '{{address}} asks for a client certificate or refused the one it got ({{reason}}). Check the TLS settings.',
  ),
} as const satisfies Sentence;
const NOT_SENDABLE = {
  code: 'BAD_INPUT',
  text: text('The request to {{address}} cannot be sent: {{reason}}.'),
} as const satisfies Sentence;

const OTHER: Sentence = {
  code: 'UNREACHABLE',
  text: text('The connection to {{address}} failed ({{reason}}).'),
};

const SENTENCES: Readonly<Record<string, Sentence>> = {
  ECONNREFUSED: {
    code: 'UNREACHABLE',
    text: text(
      '{{address}} refused the connection. Check address and port, and that the device or service is running.',
    ),
  },
  ENOTFOUND: NO_NAME,
  EAI_AGAIN: NO_NAME,
  EAI_FAIL: NO_NAME,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  EHOSTDOWN: NO_ROUTE,
  ENETDOWN: NO_ROUTE,
  EADDRNOTAVAIL: NO_ROUTE,
  ETIMEDOUT: NO_ROUTE,
  TLS_HANDSHAKE_ENDED: NO_HANDSHAKE,
  ECONNRESET: CUT_OFF,
  ECONNABORTED: CUT_OFF,
  EPIPE: CUT_OFF,
  UND_ERR_SOCKET: CUT_OFF,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: CUT_OFF,
  HPE_EOF: CUT_OFF,
  HPE: {
    code: 'BAD_RESPONSE',
    text: text('{{address}} did not answer with HTTP ({{reason}}). Check the port, and http against https.'),
  },
  UND_ERR_HEADERS_OVERFLOW: {
    code: 'TOO_LARGE',
    text: text('The reply of {{address}} has too many headers.'),
  },
  UND_ERR_INVALID_ARG: NOT_SENDABLE,
  UND_ERR_NOT_SUPPORTED: NOT_SENDABLE,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_HTTP_REQUEST: NO_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: NO_HANDSHAKE,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: NO_HANDSHAKE,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: NO_HANDSHAKE,
  // Node 22 and newer spell it with a slash.
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': NO_HANDSHAKE,
  ERR_SSL_DH_KEY_TOO_SMALL: NO_HANDSHAKE,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: CLIENT_CERTIFICATE,
  'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': CLIENT_CERTIFICATE,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: CLIENT_CERTIFICATE,
};

/** @param request method and path as they may be shown */
export function describeFailure(error: unknown, peer: Peer, request?: string): SnapflowError {
  if (isSnapflowError(error)) return error;
  const code = codeOf(error);
  const sentence = SENTENCES[code] ?? OTHER;
  return new SnapflowError(sentence.code, sentence.text, {
    system: peer.system,
    values: { address: peer.address, reason: reasonOf(error, code) },
    retryable: sentence.retryable,
    cause: error,
    details: { reason: code, ...(request !== undefined && { request }) },
  });
}

/** What a proxy did instead of passing a request on; undici tells its status in the message alone. */
export function describeProxyFailure(error: unknown, proxy: Peer, request?: string): SnapflowError {
  const status = error instanceof Error ? /\((\d{3})\)/.exec(error.message)?.[1] : undefined;
  if (isSnapflowError(error) || status === undefined) return describeFailure(error, proxy, request);
  return new SnapflowError(
    status === '407' ? 'AUTH_REJECTED' : 'UNREACHABLE',
    status === '407'
      ? 'The proxy {{address}} refused its user or password. Check both in the settings of the proxy (HTTP {{status}}).'
      : 'The proxy {{address}} did not open a way to the target (HTTP {{status}}). Check that it may reach the target.',
    { system: proxy.system, values: { address: proxy.address, status }, cause: error },
  );
}

/** Whether a connection ended under a request, so that the same request may succeed on a new one. */
export function isConnectionLoss(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  // undici does not pass on the code of its parser: the reason is in the message alone.
  if (error.name === 'HTTPParserError') return /EOF/.test(error.message) ? 'HPE_EOF' : 'HPE';
  // Node reports this as ECONNRESET, like a connection that ends later.
  if (/before secure TLS connection/.test(error.message)) return 'TLS_HANDSHAKE_ENDED';
  return 'code' in error ? String(error.code) : 'UNKNOWN';
}

function reasonOf(error: unknown, code: string): string {
  const message = error instanceof Error ? error.message : '';
  if (code.startsWith('HPE')) return /\((.*)\)$/s.exec(message)?.[1] ?? message;
  return code.startsWith('UND_ERR_') || code === 'UNKNOWN' ? message : code;
}
