/**
 * Login as an undici interceptor. A call with a known nonce is one request; an unknown server is asked first, and
 * a body over `PROBE_BYTES` is kept back until the server has said whether it wants a login.
 */
import type { Dispatcher } from 'undici';
import type { HeaderValue, Login, Session } from './login';

/** Bytes of a body that may be sent before the server has asked for a login. */
export const PROBE_BYTES = 4096;
/** Bytes of a refused reply that are read to keep its connection; a longer one costs the connection. */
const DRAIN_BYTES = 65_536;
/** Bytes of a refused reply that are kept for the error. */
const MESSAGE_BYTES = 1024;

type Options = Dispatcher.DispatchOptions;
type Handler = Dispatcher.DispatchHandler;
type Controller = Dispatcher.DispatchController;

/**
 * What the request under way carries: nothing but the question for a login (`probe`); the call without a login
 * (`open`); a login kept from before (`kept`); a login for the challenge that this call itself got (`fresh`).
 */
type Step = 'probe' | 'open' | 'kept' | 'fresh';

export function authentication(login: Login): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    new AuthenticatedCall(dispatch, options, handler, login).start();
    return true;
  };
}

class AuthenticatedCall implements Handler {
  #step: Step = 'open';
  #session: Session | undefined;
  #staleAnswered = false;
  /** Set while a reply is read that the caller never sees. */
  #swallowed: { status: number; challenge: HeaderValue; bytes: number; start: Buffer[] } | undefined;

  constructor(
    private readonly dispatch: Dispatcher.Dispatch,
    private readonly options: Options,
    private readonly handler: Handler,
    private readonly login: Login,
  ) {}

  start(): void {
    if (this.login.session) this.#send('kept', this.login.session);
    else this.#send(this.#isLarge() && this.login.openTarget !== this.#target() ? 'probe' : 'open');
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.handler.onRequestStart?.(controller, context);
  }

  onResponseStarted(): void {
    this.handler.onResponseStarted?.();
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, message?: string): void {
    if (status < 200) return;
    if (status === 401 || this.#step === 'probe') {
      this.#swallowed = { status, challenge: headers['www-authenticate'], bytes: 0, start: [] };
      return;
    }
    if (this.#session) this.login.accepted(this.#session, headers['authentication-info']);
    this.handler.onResponseStart?.(controller, status, headers, message);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    const swallowed = this.#swallowed;
    if (!swallowed) {
      this.handler.onResponseData?.(controller, chunk);
      return;
    }
    if (swallowed.bytes < MESSAGE_BYTES) swallowed.start.push(chunk.subarray(0, MESSAGE_BYTES));
    swallowed.bytes += chunk.length;
    if (swallowed.bytes > DRAIN_BYTES) controller.abort(new Error('The refused reply is too long to read.'));
  }

  onResponseEnd(controller: Controller, trailers: Headers): void {
    if (this.#swallowed) this.#proceed(controller);
    else this.handler.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Controller, error: Error): void {
    if (this.#swallowed && this.#swallowed.bytes > DRAIN_BYTES) this.#proceed(controller);
    else this.handler.onResponseError?.(controller, error);
  }

  #send(step: Step, session?: Session): void {
    this.#step = step;
    this.#session = session;
    this.#swallowed = undefined;
    const { headers, method, path, body } = this.options;
    const authorization = session?.authorize({ method, uri: path, body: body as Buffer | undefined });
    this.dispatch(
      {
        ...this.options,
        ...(step === 'probe' && { body: null }),
        ...(authorization !== undefined && { headers: { ...(headers as object), authorization } }),
      },
      this,
    );
  }

  /** The swallowed reply is read: send what follows from it, or end the call. */
  #proceed(controller: Controller): void {
    const reply = this.#swallowed;
    if (!reply) return;
    if (reply.status !== 401) {
      this.login.openTarget = this.#target();
      this.#send('open');
      return;
    }
    this.login.openTarget = undefined;
    try {
      const { session, stale } = this.login.challenged(reply.challenge);
      if (!this.#mayTryAgain(stale)) {
        this.login.refused(session);
        throw this.login.rejection(textOf(reply.start));
      }
      this.#send('fresh', session);
    } catch (error) {
      this.handler.onResponseError?.(controller, error as Error);
    }
  }

  /**
   * A refused kept login may only mean that the server forgot its nonce, whether it says so or not; a refused
   * fresh one means a wrong password unless the server says `stale`, which counts once in a call.
   */
  #mayTryAgain(stale: boolean): boolean {
    const wasFresh = this.#step === 'fresh';
    const staleAgain = this.#staleAnswered;
    if (stale && this.#session) this.#staleAnswered = true;
    return !wasFresh || (stale && !staleAgain);
  }

  #isLarge(): boolean {
    return ((this.options.body as Buffer | undefined)?.length ?? 0) > PROBE_BYTES;
  }

  #target(): string {
    return `${this.options.method} ${this.options.path.replace(/\?.*$/s, '')}`;
  }
}

type Headers = Parameters<NonNullable<Handler['onResponseStart']>>[2];

/** The server's own words, unless they are bytes or a page of markup. */
function textOf(chunks: Buffer[]): string | undefined {
  const text = Buffer.concat(chunks).subarray(0, MESSAGE_BYTES).toString().trim();
  return text === '' || text.startsWith('<') || /[^\t\n\r -~\u00a0-\ufffc]/.test(text) ? undefined : text;
}
