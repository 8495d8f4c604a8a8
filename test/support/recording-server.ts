/** A server that records requests as they came and gives canned answers. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  method: string;
  /** Path and query as they were sent. */
  target: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Canned {
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: unknown;
}

export type Answering = Canned | ((request: Recorded, response: ServerResponse) => Canned | undefined);

/** Records every request and gives the canned answers in turn, the last one again and again. */
export class RecordingServer {
  readonly requests: Recorded[] = [];
  answers: Answering[] = [];
  private constructor(private readonly server: Server) {}

  static async open(): Promise<RecordingServer> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        recording.serve({ method, target: url, headers, body: Buffer.concat(chunks) }, response);
      });
    });
    const recording = new RecordingServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return recording;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What the next requests get, in turn. */
  will(...answers: Answering[]): void {
    this.requests.length = 0;
    this.answers = answers;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(request: Recorded, response: ServerResponse): void {
    this.requests.push(request);
    const next = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    const canned = typeof next === 'function' ? next(request, response) : next;
    if (!canned) return;
    const { status = 200, body = '', type, headers } = canned;
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    response.writeHead(status, { 'content-type': type ?? 'application/json', ...headers });
    response.end(isRaw ? body : JSON.stringify(body));
  }
}
