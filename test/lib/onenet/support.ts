/** What the tests of OneNET share: a server that records requests as they are, a clock, and an account. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../lib/clock';
import { HttpClient } from '/work/wt/http/lib/http/client';
import { Account, type AccountOptions } from '../../../lib/onenet';

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

/** Time that stands still until something waits: then it jumps to the end of the wait. */
export class JumpingClock implements Clock {
  /** The waits there were, in milliseconds. */
  readonly waits: number[] = [];
  constructor(public time = Date.parse('2026-01-02T03:04:05Z')) {}

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time;
  }

  setTimeout(action: () => void, ms: number): unknown {
    return setImmediate(() => {
      this.waits.push(ms);
      this.time += ms;
      action();
    });
  }

  clearTimeout(timer: unknown): void {
    clearImmediate(timer as NodeJS.Immediate);
  }
}

export function accountAt(url: string, options: Partial<AccountOptions> = {}): Account {
  return new Account({
    baseUrl: url,
    apiKey: 'test-key',
    openClient: (client) => new HttpClient(client),
    ...options,
  });
}

/** The path of a request, and its query as name → value. */
export function parts({ target }: Recorded): { path: string; query: Record<string, string> } {
  const { pathname, searchParams } = new URL(target, 'http://host');
  return { path: pathname, query: Object.fromEntries(searchParams) };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The smallest JPEG and PNG that say their size: enough where only bytes are moved. */
export const JPEG = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc0000b080168028001011100ffda0008010100003f00d2cf20ffd9',
  'hex',
);
export const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from('0000028000000168', 'hex'),
  Buffer.alloc(24),
]);
