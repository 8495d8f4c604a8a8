/** A camera of bytes: a TCP server that records requests and answers each with exactly the bytes it is told. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { encode } from 'jpeg-js';

export interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Bytes to send; `hangUp` closes the connection after them; nothing leaves the request without an answer. */
export type Answer = Buffer | { hangUp: Buffer } | undefined;

export interface RawCamera {
  address: string;
  port: number;
  requests: SeenRequest[];
  /** Connections ever made. */
  connections(): number;
  close(): Promise<void>;
}

export async function rawCamera(answer: (request: SeenRequest) => Answer, port = 0): Promise<RawCamera> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    let received = '';
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (let parsed = parse(received); parsed; parsed = parse(received)) {
        received = received.slice(parsed.length);
        requests.push(parsed.request);
        const reply = answer(parsed.request);
        if (!reply) continue;
        if ('hangUp' in reply) socket.end(reply.hangUp);
        else socket.write(reply);
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const listening = (server.address() as AddressInfo).port;
  return {
    address: `http://127.0.0.1:${listening}`,
    port: listening,
    requests,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function parse(text: string): { request: SeenRequest; length: number } | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [first = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const length = headEnd + 4 + Number(headers['content-length'] ?? 0);
  if (text.length < length) return undefined;
  return { request: { method, path, headers, body: text.slice(headEnd + 4, length) }, length };
}

/** A reply as it goes over the wire; its Content-Length is right unless it is given. */
export function reply(
  status: number,
  headers: Record<string, string>,
  ...body: Array<Buffer | string>
): Buffer {
  const bytes = Buffer.concat(body.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
  const all = { 'Content-Length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`), bytes]);
}

export const json = (status: number, body: unknown): Buffer =>
  reply(status, { 'Content-Type': 'application/json; charset=UTF-8' }, JSON.stringify(body));

/** A grey JPEG. */
export function jpeg(width: number, height: number, shade = 128): Buffer {
  const data = Buffer.alloc(width * height * 4, shade);
  return Buffer.from(encode({ data, width, height }, 80).data);
}
