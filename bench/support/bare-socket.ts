/**
 * The device's end of a WebSocket (RFC 6455) with as little work of its own as can be, so that the server is what
 * is measured: frames are made once and sent as they are, replies are found and not parsed.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext } from 'node:tls';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

let secureContext: ReturnType<typeof createSecureContext> | undefined;

export class BareSocket {
  onText: (text: Buffer) => void = () => undefined;
  private rest: Buffer = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => this.received(chunk));
    socket.on('error', () => undefined);
  }

  /** @param url `http://…` or `https://…` of the server, with the path of its WebSocket */
  static async open(url: string): Promise<BareSocket> {
    const { hostname: host, pathname, port, protocol } = new URL(url);
    const address = { host, port: Number(port) };
    const secure = protocol === 'https:';
    secureContext ??= createSecureContext();
    const socket = secure
      ? connectTls({ ...address, secureContext, rejectUnauthorized: false })
      : connect(address);
    await once(socket, secure ? 'secureConnect' : 'connect');
    socket.setNoDelay(true);
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    const [head] = (await once(socket, 'data')) as [Buffer];
    if (!head.includes(' 101 ') || !head.subarray(-4).equals(Buffer.from('\r\n\r\n'))) {
      throw new Error(`The server answered the handshake: ${head.toString('latin1')}`);
    }
    return new BareSocket(socket);
  }

  send(frame: Buffer): void {
    this.socket.write(frame);
  }

  /** Sends a text and resolves with the next one that comes. */
  ask(text: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.onText = resolve;
      this.socket.once('close', () => reject(new Error('The server hung up')));
      this.send(frameOf(text));
    });
  }

  end(): void {
    this.socket.destroy();
  }

  private received(chunk: Buffer): void {
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    for (;;) {
      const short = (bytes[1] ?? 0) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length < head) break;
      const length =
        head === 2 ? short : head === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
      if (bytes.length < head + length) break;
      this.frame((bytes[0] ?? 0) & 0x0f, bytes.subarray(head, head + length));
      bytes = bytes.subarray(head + length);
    }
    this.rest = bytes;
  }

  private frame(opcode: number, payload: Buffer): void {
    if (opcode === TEXT) this.onText(payload);
    else if (opcode === PING) this.send(frameOf(payload, PONG));
    else if (opcode === CLOSE) this.socket.end();
  }
}

/** A masked frame, as every client must send it. */
export function frameOf(content: string | Buffer, opcode = TEXT): Buffer {
  const payload = Buffer.from(content);
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 4 : 2);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (long ? 126 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}
