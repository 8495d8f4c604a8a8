/** The device's end of a WebSocket, frame by frame: for what a well-behaved camera would not do. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface RawFrame {
  msgid: unknown;
  token?: string;
  data: {
    uri: string;
    code?: number;
    msg?: string;
    param?: Record<string, unknown>;
    result?: Record<string, unknown>;
  };
}

export class RawDevice {
  private readonly waiting: Array<(frame: RawFrame) => void> = [];
  private readonly received: RawFrame[] = [];
  private ids = 0;
  /** Code and reason of the close, once it is closed. */
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as RawFrame;
      const taker = this.waiting.shift();
      if (taker) taker(frame);
      else this.received.push(frame);
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** @throws when the handshake is refused */
  static async open(url: string): Promise<RawDevice> {
    const socket = new WebSocket(url, { rejectUnauthorized: false });
    const device = new RawDevice(socket);
    await once(socket, 'open');
    return device;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  next(): Promise<RawFrame> {
    const frame = this.received.shift();
    return frame ? Promise.resolve(frame) : new Promise((resolve) => this.waiting.push(resolve));
  }

  ask(uri: string, param: Record<string, unknown>, token?: string): Promise<RawFrame> {
    this.send({ msgid: `m${++this.ids}`, ...(token !== undefined && { token }), data: { uri, param } });
    return this.next();
  }

  /** Connects and gives the token. */
  async connect(param: Record<string, unknown>): Promise<string> {
    const { data } = await this.ask('/connect', { ts: Math.floor(Date.now() / 1000), ...param });
    if (data.code !== 200) throw new Error(`refused: ${data.code} ${data.msg}`);
    return String(data.result?.token);
  }

  /** Answers a command. */
  reply(frame: RawFrame, data: Partial<RawFrame['data']>): void {
    this.send({ msgid: frame.msgid, data: { uri: frame.data.uri, code: 0, ...data } });
  }

  end(): void {
    this.socket.terminate();
  }
}
