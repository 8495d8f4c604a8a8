/** Small servers on loopback that count what reaches them, and clients that end with their test. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { HttpClient, type HttpClientOptions } from '../../../lib/http';

export interface Place {
  port: number;
  url: string;
  /** Every connection so far. */
  connections: Socket[];
}

export async function listen(
  t: TestContext,
  server: Server,
  { scheme = 'http', host = '127.0.0.1' } = {},
): Promise<Place> {
  const connections: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    connections.push(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  t.after(() => {
    for (const socket of connections) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`, connections };
}

/** An HTTP server whose idle connections stay until its test ends. */
export function httpServer(t: TestContext, listener: RequestListener): Promise<Place> {
  return listen(t, createServer({ keepAliveTimeout: 0 }, listener));
}

/** A server that speaks bytes. `onRequest` is called with the number of the request on all connections, from 1. */
export async function rawServer(
  t: TestContext,
  onRequest: (socket: Socket, number: number, head: string) => void,
): Promise<Place & { requests: () => number }> {
  let number = 0;
  const server = createTcpServer((socket) => {
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!received.includes('\r\n\r\n')) return;
      const head = received;
      received = '';
      onRequest(socket, ++number, head);
    });
  });
  return { ...(await listen(t, server)), requests: () => number };
}

export function client(
  t: TestContext,
  options: Partial<HttpClientOptions> & { baseUrl: string },
): HttpClient {
  const made = new HttpClient({ system: 'snapflow', ...options });
  t.after(() => made.close());
  return made;
}

export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export const USER = { username: 'ApiAdmin', password: 'p"a\\s:s 密码' };

/** What a server saw of one request. */
export interface Seen {
  method: string;
  url: string;
  bytes: number;
  contentLength: string | undefined;
  authorization: Record<string, string> | undefined;
  status: number;
}

export interface DigestServerOptions {
  /** Value or values of `WWW-Authenticate` for a nonce. */
  challenge: (nonce: string, stale: boolean) => string | string[];
  /** Hash by Node's name; `-sess` when `session`. */
  hash?: string;
  session?: boolean;
  realm?: string;
  user?: { username: string; password: string };
  /** Whether this server still takes a nonce (with its count); default: every nonce that it gave out. */
  accepts?: (nonce: string, count: string | undefined) => boolean;
  /** Whether a nonce that is not taken is called stale. Default true. */
  saysStale?: boolean;
  /** Headers of an accepted reply. */
  acceptedHeaders?: (newNonce: () => string) => Record<string, string>;
  refusedBody?: string | Buffer;
  reply?: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A server with digest authentication after the RFCs, computed here and not by the code under test. */
export async function digestServer(t: TestContext, options: DigestServerOptions) {
  const { hash = 'md5', realm = 'SDC', user = USER, saysStale = true } = options;
  const seen: Seen[] = [];
  const nonces: string[] = [];
  const newNonce = (): string => {
    nonces.push(`n${nonces.length + 1}=,==`);
    return nonces.at(-1) ?? '';
  };
  const accepts = options.accepts ?? ((nonce) => nonces.includes(nonce));
  const h = (data: string | Buffer): string => createHash(hash).update(data).digest('hex');

  const check = (method: string, url: string, body: Buffer, given: Record<string, string>): boolean => {
    let secret = h(`${user.username}:${realm}:${user.password}`);
    if (options.session) secret = h(`${secret}:${given['nonce']}:${given['cnonce']}`);
    const integrity = given['qop'] === 'auth-int' ? `:${h(body)}` : '';
    const middle = given['qop']
      ? `${given['nonce']}:${given['nc']}:${given['cnonce']}:${given['qop']}`
      : given['nonce'];
    return (
      given['uri'] === url &&
      given['response'] === h(`${secret}:${middle}:${h(`${method}:${url}${integrity}`)}`)
    );
  };

  const place = await httpServer(t, (request, response) => {
    void bodyOf(request).then((body) => {
      const { method = '', url = '', headers } = request;
      const given =
        headers.authorization === undefined ? undefined : readAuthorization(headers.authorization);
      const right = given !== undefined && check(method, url, body, given);
      const current = right && accepts(given['nonce'] ?? '', given['nc']);
      seen.push({
        method,
        url,
        bytes: body.length,
        contentLength: headers['content-length'],
        authorization: given,
        status: current ? 200 : 401,
      });
      if (!current) {
        response.statusCode = 401;
        response.setHeader('WWW-Authenticate', options.challenge(newNonce(), right && saysStale));
        response.end(options.refusedBody ?? '<html>401</html>');
        return;
      }
      for (const [name, value] of Object.entries(options.acceptedHeaders?.(newNonce) ?? {}))
        response.setHeader(name, value);
      if (options.reply) options.reply(request, response);
      else response.end(`picture ${seen.length}`);
    });
  });
  return { ...place, seen };
}

/** Parameters of an `Authorization` header; `#scheme` is its first word. */
export function readAuthorization(value: string): Record<string, string> {
  const bytes = Buffer.from(value, 'latin1').toString();
  const parameters: Record<string, string> = { '#scheme': bytes.split(' ')[0] ?? '' };
  for (const [, name = '', quoted, plain] of bytes.matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g))
    parameters[name] = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1');
  return parameters;
}

export function md5Challenge(nonce: string, stale: boolean, more = 'qop="auth"'): string {
  return `Digest realm="SDC", nonce="${nonce}", ${more}${stale ? ', stale=true' : ''}`;
}
