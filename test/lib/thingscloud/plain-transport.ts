/** The least that sends a call: no more is needed to see what a project sends and makes of a reply. */
import { request } from 'node:http';
import type { HttpCall, HttpReply, HttpTransport } from '../../../lib/http/types';

export function plainTransport(baseUrl: string): HttpTransport {
  return {
    request: (call) => exchange(baseUrl, call),
    stream: () => Promise.reject(new Error('not used here')),
    close: () => Promise.resolve(),
  };
}

function exchange(
  baseUrl: string,
  { method, path, headers, body = '', signal }: HttpCall,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const length = { 'Content-Length': Buffer.byteLength(body) };
    const outgoing = request(baseUrl + path, {
      method,
      headers: { ...headers, ...length },
      signal,
      agent: false,
    });
    outgoing.on('error', reject).on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.end(body);
  });
}
