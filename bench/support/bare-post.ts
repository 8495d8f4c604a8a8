/** Posts the same request again and again over connections that stay open, and reads no more of the answer than it must. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

export function requestOf(url: string, token: string, body: Buffer): Buffer {
  const { host, pathname } = new URL(url);
  const head =
    `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

export class BarePost {
  private answer: Buffer = Buffer.alloc(0);
  private onStatus: (status: number) => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.received(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.onStatus(0));
  }

  static async open(url: string): Promise<BarePost> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.setNoDelay(true);
    return new BarePost(socket);
  }

  /** @returns the status; rejects when the server hung up */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.onStatus = (status) => (status > 0 ? resolve(status) : reject(new Error('The server hung up')));
      if (this.socket.destroyed) this.onStatus(0);
      this.socket.write(request);
    });
  }

  end(): void {
    this.socket.destroy();
  }

  private received(chunk: Buffer): void {
    this.answer = this.answer.length === 0 ? chunk : Buffer.concat([this.answer, chunk]);
    const end = this.answer.indexOf(END_OF_HEAD);
    if (end === -1) return;
    const head = this.answer.toString('latin1', 0, end);
    const length = Number(/\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (this.answer.length < end + END_OF_HEAD.length + length) return;
    this.answer = Buffer.alloc(0);
    this.onStatus(Number(head.slice(9, 12)));
  }
}
