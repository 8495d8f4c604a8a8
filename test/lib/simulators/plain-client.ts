/** Requests made with Node's own client only: the simulators are tested without the code they are there to test. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface PlainRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
  ca?: string;
  /** Default: a connection for this request alone. */
  agent?: Agent;
}

export interface PlainReply {
  status: number;
  headers: IncomingHttpHeaders;
  /** Each `WWW-Authenticate` line by itself. */
  challenges: string[];
  body: Buffer;
  json(): Record<string, unknown>;
}

/** Rejects with Node's own error when the connection fails or breaks. */
export async function send(url: string, options: PlainRequest = {}): Promise<PlainReply> {
  const { method = 'GET', headers, body, ca, agent = false } = options;
  const request = url.startsWith('https:')
    ? httpsRequest(url, { method, headers, ca, agent: false })
    : httpRequest(url, { method, headers, agent });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    challenges: response.headersDistinct['www-authenticate'] ?? [],
    body: whole,
    json: () => JSON.parse(whole.toString('utf8')) as Record<string, unknown>,
  };
}

/** A parameter of a challenge. */
export function parameter(challenge: string, name: string): string {
  const [, quoted, token] = new RegExp(`[ ,]${name}=(?:"([^"]*)"|([^, ]+))`).exec(challenge) ?? [];
  return quoted ?? token ?? '';
}

export interface DigestAnswer {
  method: string;
  uri: string;
  username: string;
  password: string;
  nc?: number;
  /** Default: the first that the challenge offers; '' leaves it out as RFC 2069 did. */
  qop?: string;
  body?: string;
  cnonce?: string;
}

/** The one of the examples in RFC 7616 §3.9. */
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';

/** The `Authorization` for a challenge, written out step by step from RFC 7616 §3.4. */
export function authorization(challenge: string, answer: DigestAnswer): string {
  const { method, uri, username, password, nc = 1, body = '', cnonce = CNONCE } = answer;
  const realm = parameter(challenge, 'realm');
  const nonce = parameter(challenge, 'nonce');
  const algorithm = parameter(challenge, 'algorithm');
  const qop = answer.qop ?? parameter(challenge, 'qop').split(',')[0] ?? '';
  const hash = algorithm.startsWith('MD5')
    ? 'md5'
    : algorithm.startsWith('SHA-512')
      ? 'sha512-256'
      : 'sha256';
  const h = (data: string) => createHash(hash).update(data).digest('hex');
  const count = nc.toString(16).padStart(8, '0');
  const secret = h(`${username}:${realm}:${password}`);
  const a1 = algorithm.endsWith('-sess') ? h(`${secret}:${nonce}:${cnonce}`) : secret;
  const a2 = h(qop === 'auth-int' ? `${method}:${uri}:${h(body)}` : `${method}:${uri}`);
  const response =
    qop === '' ? h(`${a1}:${nonce}:${a2}`) : h(`${a1}:${nonce}:${count}:${cnonce}:${qop}:${a2}`);
  const counted = qop === '' ? '' : `, qop=${qop}, nc=${count}, cnonce="${cnonce}"`;
  return (
    `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=${algorithm}, ` +
    `response="${response}", opaque="${parameter(challenge, 'opaque')}"${counted}`
  );
}
