/** The camera's WebSocket: dials, dials again, and carries frames. What they say is the camera's. */
import type { WebSocket } from 'ws';

export interface LinkOptions {
  /** `ws://…` or `wss://…` */
  url: string;
  /** PEM; without it any certificate is taken, as cameras do. */
  ca?: string | undefined;
  /** Milliseconds between a broken connection and the next attempt. */
  retryMs: number;
}

export interface LinkHandlers {
  onOpen(): void;
  onFrame(frame: unknown): void;
  onClose(): void;
}

export class Link {
  private socket: WebSocket | undefined;
  private retry: NodeJS.Timeout | undefined;
  private wanted = false;

  constructor(
    private readonly options: LinkOptions,
    private readonly handlers: LinkHandlers,
  ) {}

  get isOpen(): boolean {
    return this.socket?.readyState === 1;
  }

  /** Dials, and goes on dialling until `hangUp`. */
  dial(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.connect();
  }

  /** Ends the connection for good. */
  hangUp(): void {
    this.wanted = false;
    clearTimeout(this.retry);
    this.socket?.terminate();
    this.socket = undefined;
  }

  /** Breaks the connection as a crash would; it dials again. */
  break(): void {
    this.socket?.terminate();
  }

  /** Neither reads nor answers any more, but leaves the connection open. */
  freeze(): void {
    this.socket?.pause();
  }

  thaw(): void {
    this.socket?.resume();
  }

  send(frame: unknown): void {
    this.sendRaw(JSON.stringify(frame));
  }

  sendRaw(data: string | Buffer): void {
    if (this.isOpen) this.socket?.send(data);
  }

  private connect(): void {
    const { WebSocket: Socket } = require('ws') as typeof import('ws');
    const { ca, url } = this.options;
    const tls = url.startsWith('wss:') ? (ca === undefined ? { rejectUnauthorized: false } : { ca }) : {};
    const socket = new Socket(url, { ...tls, perMessageDeflate: false });
    this.socket = socket;
    socket.on('open', () => this.handlers.onOpen());
    socket.on('message', (data: Buffer) => this.handlers.onFrame(parsed(data)));
    // 'close' follows, which is where it is dealt with.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.socket !== socket) return;
      this.handlers.onClose();
      if (this.wanted) this.retry = setTimeout(() => this.connect(), this.options.retryMs);
    });
  }
}

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}
