/** A request that a simulated server has read whole, and the reply it gives. */
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

export interface Exchange {
  method: string;
  /** As it stands in the request line: path and query. */
  target: string;
  /** Percent-encoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Reply {
  status: number;
  headers?: OutgoingHttpHeaders;
  body?: Buffer | string;
  /** Break the connection after so many bytes of the body; 0: before any byte of the reply. */
  breakAfter?: number;
}

/** What is known before the body has come. */
export function exchangeOf(request: IncomingMessage): Exchange {
  const target = request.url ?? '/';
  const [path = '', query] = target.split(/\?(.*)/s);
  return {
    method: request.method ?? 'GET',
    target,
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    body: Buffer.alloc(0),
  };
}

/** The whole body; undefined when it is over `limit` bytes (then read to its end, but not kept). */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  return length <= limit ? Buffer.concat(chunks, length) : undefined;
}

export function sendReply(response: ServerResponse, reply: Reply): void {
  const { status, headers, breakAfter } = reply;
  if (breakAfter === 0) {
    response.destroy();
    return;
  }
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(status, { ...headers, 'content-length': body.length });
  if (breakAfter === undefined) response.end(body);
  else response.write(body.subarray(0, breakAfter), () => response.destroy());
}

export function jsonReply(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
