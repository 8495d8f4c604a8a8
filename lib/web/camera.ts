/** Any camera that gives a picture when its address is fetched. */
import { SnapflowError } from '../errors';
import { HttpClient } from '../http';
import { Hosts, redirectionOf } from '../http/hosts';
import { readAll } from '../http/reply-start';
import type { HttpClientOptions, HttpStreamReply, HttpTransport } from '../http/types';
import type { Picture } from '../picture';
import { clientLogin, type Login } from './login';
import { originOf, placeOf } from './place';
import { httpRefusal, redirected } from './refusal';
import { readPictures } from './snapshot-reply';

const system = 'snapflow';
/** Redirections followed one after the other. */
const MAX_REDIRECTIONS = 3;

export interface WebCameraOptions extends Pick<
  HttpClientOptions,
  'tls' | 'proxy' | 'connectTimeoutMs' | 'headersTimeoutMs' | 'maxReplyBytes'
> {
  /** Such as `http://192.0.2.10`; login and TLS settings are for this scheme, host and port. May be empty without a login. */
  address: string;
  /** Default: none. */
  login?: Login;
  /** Milliseconds for a whole call. Default 30 000. */
  timeoutMs?: number;
  /** Pictures of one reply. Default 32. */
  maxPictures?: number;
  /** Field of a JSON reply that holds the picture in base64, such as `data.image`. Default: wherever one stands. */
  jsonField?: string;
  /** Time for `takenAt`. Default: this machine's. */
  now?: () => Date;
}

export interface SnapshotCall {
  signal?: AbortSignal;
  /** Name in `picture.source.device`. Default: host and port. */
  device?: string;
}

/** What a server answered, whatever it was. */
export interface Probe {
  status: number;
  type: string;
  tookMs: number;
}

/**
 * Rejects with a `SnapflowError` only: what `HttpTransport` says, and `AUTH_REJECTED`, `NOT_FOUND`, `DEVICE_BUSY`,
 * `DEVICE_REFUSED`, `PLATFORM_FAILED` or `BAD_INPUT` (it redirects elsewhere) by the status of the reply.
 */
export class WebCamera {
  readonly #options: WebCameraOptions;
  readonly #origin: string | undefined;
  readonly #login: Login;
  readonly #hosts: Hosts;

  /** @throws SnapflowError `BAD_INPUT` for an address that cannot be used */
  constructor(options: WebCameraOptions) {
    this.#options = options;
    this.#login = options.login ?? { kind: 'none' };
    this.#origin = originOf(options.address);
    if (this.#origin === undefined && this.#login.kind !== 'none') {
      throw new SnapflowError('BAD_INPUT', 'Fill in the address: user and password are sent to no other.', {
        system,
      });
    }
    this.#hosts = new Hosts({ open: (origin) => this.#open(origin), system });
    // What is wrong with the options shows now and not at the first picture.
    if (this.#origin !== undefined) void this.#open(this.#origin).close();
  }

  /**
   * Takes a picture; some replies hold several.
   * @param path path and query below the address; or, without a login or on the same host, a whole address
   * @throws SnapflowError also `BAD_RESPONSE` when no whole picture came; `PARTLY_DONE` (`PartialSnapshotError`)
   */
  async snapshot(path: string, { signal, device }: SnapshotCall = {}): Promise<Picture[]> {
    const { now = () => new Date(), maxPictures = 32, jsonField = '' } = this.#options;
    const takenAt = now();
    const place = this.#placeOf(path);
    return await this.#get(place, signal, async (reply, at) => {
      if (reply.status < 200 || reply.status > 299) throw httpRefusal(reply, await readAll(reply.body), at);
      const source = { system, device: device || place.host, kind: 'snapshot' } as const;
      return readPictures(reply, { source, takenAt, maxPictures, jsonField });
    });
  }

  /** Whether the server answers and takes the login; what it answers with does not matter. */
  async probe(path: string, { signal }: { signal?: AbortSignal } = {}): Promise<Probe> {
    const start = performance.now();
    return await this.#get(this.#placeOf(path), signal, async (reply, at) => {
      const { status, headers } = reply;
      await reply.discard();
      if (status === 401 || status === 403) throw httpRefusal(reply, Buffer.alloc(0), at);
      const type = String(headers['content-type'] ?? '').replace(/;.*$/s, '');
      return { status, type, tookMs: Math.round(performance.now() - start) };
    });
  }

  /** Where a path leads: two paths to one place are one picture. */
  target(path: string): string {
    return this.#placeOf(path).href;
  }

  /** Ends its connections; running and later calls end with `CLOSED`. */
  close(): Promise<void> {
    return this.#hosts.close();
  }

  #placeOf(path: string): URL {
    const place = placeOf(this.#options.address, path);
    if (this.#login.kind !== 'none' && place.origin !== this.#origin) throw foreign(place);
    return place;
  }

  async #get<T>(
    place: URL,
    signal: AbortSignal | undefined,
    read: (reply: HttpStreamReply, at: URL) => Promise<T>,
    redirections = 0,
  ): Promise<T> {
    const headers = place.origin === this.#origin ? clientLogin(this.#login).headers : {};
    const result = await this.#hosts.use(place.origin, async (client) => {
      const path = place.pathname + place.search;
      const reply = await client.stream({
        method: 'GET',
        path,
        redactedPath: place.pathname,
        headers,
        signal,
      });
      const next = redirectionOf(reply, place);
      if (!next) return { value: await read(reply, place), next: undefined, status: 200 };
      await reply.discard();
      return { next, status: reply.status, value: undefined };
    });
    const { next, status } = result;
    if (!next) return result.value;
    const isAllowed = this.#login.kind === 'none' || next.origin === this.#origin;
    if (!isAllowed || redirections === MAX_REDIRECTIONS) throw redirected(place, next.origin, status);
    return this.#get(next, signal, read, redirections + 1);
  }

  #open(origin: string): HttpTransport {
    const {
      tls,
      proxy,
      connectTimeoutMs,
      headersTimeoutMs,
      maxReplyBytes,
      timeoutMs = 30_000,
    } = this.#options;
    const isOwn = this.#origin === undefined || origin === this.#origin;
    return new HttpClient({
      baseUrl: origin,
      system,
      proxy,
      connectTimeoutMs,
      headersTimeoutMs,
      maxReplyBytes,
      timeoutMs,
      // Several channels of one recorder side by side.
      maxConnections: 4,
      ...(isOwn && { tls, ...clientLogin(this.#login).client }),
    });
  }
}

function foreign(place: URL): SnapflowError {
  return new SnapflowError(
    'BAD_INPUT',
    'User and password are only for the address of the node, not for {{host}}. Give a path, or choose no login.',
    { system, values: { host: place.host } },
  );
}
