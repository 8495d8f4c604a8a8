/** One call from its place in the queue to the last byte of its reply: phases, deadlines, cap, abort, one revival. */
import type { Dispatcher } from 'undici';
import { closedError, type SnapflowError } from '../errors';
import type { Connections } from './connections';
import { isConnectionLoss, type Peer } from './failure';
import type { Line, LineOptions, LineUser } from './line';
import { noReply, tooLarge, tooSlow, type Phase } from './overrun';
import { ReplyBody } from './reply-body';
import type { HttpCall, HttpReplyHead } from './types';

type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;
type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2];

/** A call that has been checked. */
export interface ExchangeCall {
  /** Scheme, host and port of the target. */
  origin: string;
  method: HttpCall['method'];
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
  repeatable: boolean;
  signal: AbortSignal | undefined;
  timeoutMs: number;
  headersTimeoutMs: number;
  maxReplyBytes: number;
  /** Method and path as errors may show them. */
  label: string;
}

export class Exchange implements Handler, LineUser {
  line: Line | undefined;
  readonly head: Promise<HttpReplyHead>;
  readonly body = new ReplyBody({
    pause: () => this.#controller?.pause(),
    resume: () => this.#controller?.resume(),
    cancel: () => this.fail(closedError(this.peer.system)),
  });

  #phase: Phase = 'queue';
  #settled = false;
  #begun = false;
  #revived = false;
  #reused = false;
  #received = 0;
  #controller: Controller | undefined;
  #headersTimer: NodeJS.Timeout | undefined;
  readonly #timer: NodeJS.Timeout;
  #onHead!: (head: HttpReplyHead) => void;
  #onError!: (error: SnapflowError) => void;
  readonly #onAbort = (): void => this.fail(closedError(this.peer.system, this.call.signal?.reason));

  /** @param onSettled called once, when the connection is free again or the call was given up */
  constructor(
    private readonly call: ExchangeCall,
    private readonly peer: Peer,
    private readonly connections: Connections,
    private readonly onSettled: () => void,
  ) {
    this.head = new Promise((resolve, reject) => {
      this.#onHead = resolve;
      this.#onError = reject;
    });
    this.#timer = setTimeout(() => this.fail(tooSlow(this.peer, call, this.#phase)), call.timeoutMs);
    call.signal?.addEventListener('abort', this.#onAbort);
  }

  /** It is this call's turn. Called again when the connection turned out dead. */
  start(): void {
    this.#phase = 'connect';
    const { origin, method, path, headers, body } = this.call;
    const options: LineOptions = { origin, method, path, headers, body, user: this };
    this.connections.dispatcher.dispatch(options, this);
  }

  /** Ends the call early; a reply under way is cut off. */
  fail(error: SnapflowError): void {
    if (this.#settled) return;
    // Before the next call gets its turn: it shall find this connection on its way out.
    this.line?.cut(this, error);
    this.#finish(error);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#settled) {
      controller.abort(closedError(this.peer.system));
      return;
    }
    this.#phase = 'reply';
    this.#begun = false;
    this.#reused = this.line?.take(this) ?? false;
    this.#awaitHeaders();
  }

  onResponseStarted(): void {
    this.#begun = true;
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers): void {
    if (this.#settled || status < 200) return;
    clearTimeout(this.#headersTimer);
    if (Number(headers['content-length']) > this.call.maxReplyBytes) {
      this.fail(tooLarge(this.peer, this.call));
      return;
    }
    this.#phase = 'body';
    this.#onHead({ status, headers });
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#settled) return;
    this.#received += chunk.length;
    if (this.#received > this.call.maxReplyBytes) this.fail(tooLarge(this.peer, this.call));
    else this.body.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    if (this.#settled) return;
    if (this.#mayRevive(error)) {
      this.#revived = true;
      clearTimeout(this.#headersTimer);
      this.start();
      return;
    }
    this.#finish(this.connections.describe(error, this.call.label));
  }

  /** A reused connection may have died unnoticed; then, and only then, the same request goes out once more. */
  #mayRevive(error: Error): boolean {
    return this.call.repeatable && this.#reused && !this.#begun && !this.#revived && isConnectionLoss(error);
  }

  #finish(error?: SnapflowError): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#headersTimer);
    this.call.signal?.removeEventListener('abort', this.#onAbort);
    if (!error) this.body.end();
    else if (this.#phase === 'body') this.body.fail(error);
    else this.#onError(error);
    this.onSettled();
  }

  /** The time for the reply begins anew while parts of the request still wait to leave this machine. */
  #awaitHeaders(): void {
    clearTimeout(this.#headersTimer);
    this.#headersTimer = setTimeout(() => {
      if (this.line && this.line.unsentBytes > 0) this.#awaitHeaders();
      else this.fail(noReply(this.peer, this.call));
    }, this.call.headersTimeoutMs);
  }
}
