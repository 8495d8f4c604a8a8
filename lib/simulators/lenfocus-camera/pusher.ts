/** Sends reports over HTTP, as a camera does beside its WebSocket. */
import { Agent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as httpsRequest } from 'node:https';
import type { HttpReport } from './reports';

export interface PushReply {
  /** HTTP status. */
  status: number;
  /** Parsed, when it is JSON. */
  body: unknown;
}

export interface PusherOptions {
  /** `http://…` or `https://…`, with the base path. */
  url: string;
  /** PEM; without it any certificate is taken, as cameras do. */
  ca?: string | undefined;
}

export class Pusher {
  private readonly agent: Agent;
  private readonly isSecure: boolean;

  constructor(private readonly options: PusherOptions) {
    this.isSecure = options.url.startsWith('https:');
    const settings = { keepAlive: true, maxSockets: 2 };
    this.agent = this.isSecure ? new SecureAgent(settings) : new Agent(settings);
  }

  /**
   * @param token `undefined` for none
   * @param breakOff send only half of the body, then break the connection
   * @throws the error of the socket
   */
  push(report: HttpReport, token: string | undefined, breakOff = false): Promise<PushReply> {
    const body = Buffer.from(report.body);
    return this.send(report.method, report.path, token, body, breakOff);
  }

  /** `GET`, such as `/api/v1/server/time`. */
  get(path: string, token: string | undefined): Promise<PushReply> {
    return this.send('GET', path, token, Buffer.alloc(0), false);
  }

  close(): void {
    this.agent.destroy();
  }

  private send(
    method: string,
    path: string,
    token: string | undefined,
    body: Buffer,
    breakOff: boolean,
  ): Promise<PushReply> {
    const { ca, url } = this.options;
    const options: RequestOptions & { ca?: string; rejectUnauthorized?: boolean } = {
      method,
      agent: this.agent,
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      ...(this.isSecure && (ca === undefined ? { rejectUnauthorized: false } : { ca })),
    };
    return new Promise((resolve, reject) => {
      const target = url.replace(/\/+$/, '') + path;
      const request = (this.isSecure ? httpsRequest : httpRequest)(target, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) });
        });
      });
      request.on('error', reject);
      if (breakOff) request.write(body.subarray(0, body.length / 2), () => request.destroy());
      else request.end(body);
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
