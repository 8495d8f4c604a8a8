/** Takes pictures that cameras push: raw, as form-data, or as base64 in JSON. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock, type Clock } from '../../clock';
import { isSnapflowError, SnapflowError } from '../../errors';
import type { Picture } from '../../picture';
import { addressOf } from '../../server/address';
import { BodyReader, bodyTooLarge, discardBody, type WholeBody } from '../../server/body';
import { Listener, type ListenOptions } from '../../server/listener';
import { every, type Cancel } from '../../timers';
import { languageOf } from '../../texts';
import {
  BAD_ENCODING,
  NOT_ALLOWED,
  OVERLOADED,
  Refusal,
  sendRefusal,
  sendTaken,
  statusOf,
  unauthorised,
} from './answer';
import { Contents } from './contents';
import { deviceOf, type DeviceChoice } from './device';
import { FormSink } from './form';
import { Gate, type ReceiverLogin } from './gate';
import { DEFAULT_RECEIVER_LIMITS, type ReceiverLimits } from './limits';

export interface ReceiverOptions {
  /** A port of its own. Without one, requests of another server are handed to `handleRequest`. */
  listen?: ListenOptions;
  /** Path below which pictures are taken. Default `/`. */
  basePath?: string;
  /** Default: none. */
  login?: ReceiverLogin;
  /** What tells the device. Default: the path below the base path. */
  device?: DeviceChoice;
  /** Field of JSON or of a form with the picture in base64, such as `data.image`. Default: wherever one stands. */
  field?: string;
  /** Take the address of a sender from `X-Forwarded-For`. Default false. */
  trustProxy?: boolean;
  limits?: Partial<ReceiverLimits>;
  clock?: Clock;
}

/** A request that was not taken. */
export interface RefusedRequest {
  status: number;
  error: SnapflowError;
  /** IP address of the sender. */
  address: string;
}

export type ReceiverState = 'off' | 'listening' | 'retrying';

interface ReceiverEvents {
  /** The pictures of one request, after it was answered. */
  pictures: [Picture[]];
  refused: [RefusedRequest];
  /** It cannot listen, or a listener of these events threw. */
  error: [SnapflowError];
  state: [ReceiverState];
}

const SWEEP_MS = 1_000;

export class PictureReceiver extends EventEmitter<ReceiverEvents> {
  readonly #options: ReceiverOptions;
  readonly #limits: ReceiverLimits;
  readonly #clock: Clock;
  readonly #base: string;
  readonly #gate: Gate;
  readonly #bodies: BodyReader;
  readonly #listener: Listener | undefined;
  readonly #open = new Set<IncomingMessage>();
  #sweep: Cancel | undefined;
  #isRunning = false;

  /** @throws SnapflowError `BAD_INPUT` for an option that cannot be used */
  constructor(options: ReceiverOptions) {
    super();
    this.#options = options;
    this.#limits = readReceiverLimits(options.limits ?? {});
    this.#clock = options.clock ?? systemClock;
    this.#base = (options.basePath ?? '/').replace(/\/+$/, '');
    this.#gate = new Gate(options.login ?? { kind: 'none' });
    const context = {
      system: 'snapflow',
      clock: this.#clock,
      limits: this.#limits,
      events: { notify: (_event: 'error', error: SnapflowError) => this.#tell(error) },
    } as const;
    this.#bodies = new BodyReader(context);
    this.#listener =
      options.listen &&
      new Listener(context, options.listen, options.trustProxy === true, {
        onRequest: (request, response, expectsContinue) => {
          if (this.handleRequest(request, response, expectsContinue)) return;
          discardBody(request, this.#limits.maxBodyBytes);
          this.#refuse(request, response, noSuchPath());
        },
        onUpgrade: (_request, socket) => socket.destroy(),
        onChange: () => this.emit('state', this.state),
      });
  }

  get state(): ReceiverState {
    if (!this.#isRunning) return 'off';
    return this.#listener && !this.#listener.address ? 'retrying' : 'listening';
  }

  /** Where it listens, with a port of its own. */
  get address(): Listener['address'] {
    return this.#listener?.address;
  }

  /** Resolves when it listens or the first attempt failed (told by `error`; it tries again). Never rejects. */
  async start(): Promise<void> {
    this.#isRunning = true;
    this.#sweep = every(this.#clock, SWEEP_MS, () => this.#bodies.sweep(this.#clock.monotonic()));
    if (this.#listener) await this.#listener.start();
    else this.emit('state', this.state);
  }

  /** Ends at once; who was still sending gets no answer and keeps its picture. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#sweep?.();
    await this.#listener?.stop();
    for (const request of this.#open) request.destroy();
    this.removeAllListeners();
  }

  /** Takes a request below its path; false when it is not. Answers it in time. */
  handleRequest(request: IncomingMessage, response: ServerResponse, expectsContinue = false): boolean {
    const [path = '/', query] = (request.url ?? '/').split(/\?(.*)/s);
    if (!this.#isRunning || !(path === this.#base || path.startsWith(`${this.#base}/`))) return false;
    response.on('error', () => undefined);
    this.#open.add(request);
    response.once('close', () => this.#open.delete(request));
    const refusal = this.#refusalOf(request);
    if (refusal) {
      // The body will never come, so what follows on this connection could not be told from it.
      if (expectsContinue) response.setHeader('Connection', 'close');
      discardBody(request, this.#limits.maxBodyBytes);
      this.#refuse(request, response, refusal);
      return true;
    }
    if (expectsContinue) response.writeContinue();
    const place = { below: path.slice(this.#base.length), query: new URLSearchParams(query) };
    void this.#take(request, response, place).catch((error: unknown) =>
      this.#refuse(request, response, error),
    );
    return true;
  }

  /** What is wrong with a request can mostly be told before its body came. */
  #refusalOf({ method, headers }: IncomingMessage): SnapflowError | undefined {
    if (!this.#gate.lets(headers.authorization)) return unauthorised(this.#gate.challenge);
    if (method !== 'POST' && method !== 'PUT') return NOT_ALLOWED;
    if (this.#bodies.isOverloaded) return OVERLOADED;
    const { maxBodyBytes } = this.#limits;
    if (Number(headers['content-length'] ?? 0) > maxBodyBytes) return bodyTooLarge(maxBodyBytes, 'snapflow');
    return (headers['content-encoding']?.toLowerCase() ?? 'identity') === 'identity'
      ? undefined
      : BAD_ENCODING;
  }

  async #take(
    request: IncomingMessage,
    response: ServerResponse,
    { below, query }: { below: string; query: URLSearchParams },
  ): Promise<void> {
    const { field = '', device = { from: 'path', name: '' }, trustProxy = false } = this.#options;
    const contents = new Contents({ field, maxPictures: this.#limits.maxPictures });
    const body = await this.#read(request, contents);
    try {
      const takenAt = new Date(this.#clock.now());
      const address = addressOf(request, trustProxy);
      const name = deviceOf(device, { below, query, headers: request.headers, contents }) ?? address;
      const pictures = contents.toPictures({
        source: { system: 'snapflow', device: name, kind: 'pushed' },
        takenAt,
        meta: { address, path: below, query: Object.fromEntries(query), fields: { ...contents.fields } },
      });
      sendTaken(response, pictures);
      this.#emitPictures(pictures);
    } finally {
      body.release();
    }
  }

  async #read(request: IncomingMessage, contents: Contents): Promise<WholeBody> {
    const type = request.headers['content-type'] ?? '';
    if (!/^\s*multipart\/form-data/i.test(type)) {
      const body = await this.#bodies.read(request);
      if (/^\s*application\/x-www-form-urlencoded/i.test(type)) addUrlEncoded(contents, body.bytes);
      else contents.add(body.bytes);
      return body;
    }
    const form = formSink(request, contents, this.#limits);
    try {
      const body = await this.#bodies.read(request, form);
      try {
        await form.end();
        return body;
      } catch (error) {
        body.release();
        throw error;
      }
    } catch (error) {
      form.destroy();
      throw error;
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse, thrown: unknown): void {
    sendRefusal(response, thrown, languageOf(request.headers['accept-language']));
    if (!isSnapflowError(thrown)) {
      this.#tell(new SnapflowError('PLATFORM_FAILED', 'Taking a pushed picture failed.', { cause: thrown }));
      return;
    }
    const address = addressOf(request, this.#options.trustProxy === true);
    this.emit('refused', { status: statusOf(thrown), error: thrown, address });
  }

  /** The camera has its answer: what a listener throws is no longer its business. */
  #emitPictures(pictures: Picture[]): void {
    try {
      this.emit('pictures', pictures);
    } catch (cause) {
      this.#tell(new SnapflowError('PLATFORM_FAILED', 'Taking a pushed picture failed.', { cause }));
    }
  }

  #tell(error: SnapflowError): void {
    if (this.listenerCount('error') > 0) this.emit('error', error);
  }
}

function readReceiverLimits(asked: Partial<ReceiverLimits>): ReceiverLimits {
  const limits = { ...DEFAULT_RECEIVER_LIMITS };
  for (const [name, value] of Object.entries(asked)) {
    if (!Number.isInteger(value) || value < 1 || value > 2 ** 31 - 1) {
      throw new SnapflowError(
        'BAD_INPUT',
        '{{name}} must be a whole number from 1 to 2147483647, not {{value}}.',
        { values: { name, value: String(value) } },
      );
    }
    limits[name as keyof ReceiverLimits] = value;
  }
  return limits;
}

/** A form whose Content-Type is broken is refused at once; its body is thrown away as it comes. */
function formSink(request: IncomingMessage, contents: Contents, limits: ReceiverLimits): FormSink {
  try {
    return new FormSink(request.headers, contents, limits);
  } catch (error) {
    discardBody(request, limits.maxBodyBytes);
    throw error;
  }
}

/** `curl --data-binary` gives this type to everything: a body that is no form is taken for what it is. */
function addUrlEncoded(contents: Contents, bytes: Buffer): void {
  const start = bytes.toString('latin1', 0, 64);
  if (!/^[\w%.[\]+-]+=/.test(start)) contents.add(bytes);
  else for (const [name, value] of new URLSearchParams(bytes.toString())) contents.addField(name, value);
}

function noSuchPath(): Refusal {
  return new Refusal(404, new SnapflowError('NOT_FOUND', 'Pictures are not taken at this path.'));
}
