/** A server on a real socket that notes what arrives and answers what a test says. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrived {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Names and values as they came, in order. */
  rawHeaders: string[];
  body: Buffer;
}

export interface CloudReply {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as it is when text, else as JSON. */
  body?: unknown;
}

export interface Cloud {
  /** Host and port without scheme. */
  host: string;
  arrived: Arrived[];
  reply: CloudReply;
  /** Sends no answer at all. */
  silent: boolean;
  close(): Promise<void>;
}

export async function startCloud(): Promise<Cloud> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = request;
      cloud.arrived.push({ method, path: url, headers, rawHeaders, body: Buffer.concat(chunks) });
      if (cloud.silent) return;
      const { status = 200, headers: extra, body } = cloud.reply;
      response.writeHead(status, extra);
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cloud: Cloud = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived: [],
    reply: { body: { result: 1, image_url: 'https://oss.example/1.jpg' } },
    silent: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return cloud;
}
