/** Any server that takes pictures by HTTP. */
import { SnapflowError } from '../errors';
import { HttpClient } from '../http';
import type { HttpClientOptions } from '../http/types';
import { parseJson } from '../json';
import { checkPlaces, fillPlaces, type NameFacts, type Zone } from '../picture/name-places';
import { formBody } from './form-body';
import { clientLogin, type Login } from './login';
import { originOf, placeOf } from './place';
import { uploadRefusal } from './upload-refusal';

const system = 'snapflow';

export interface WebTargetOptions extends Pick<
  HttpClientOptions,
  'tls' | 'proxy' | 'connectTimeoutMs' | 'headersTimeoutMs' | 'maxReplyBytes' | 'maxConnections'
> {
  /** Such as `https://store.example`; login and TLS settings are for this scheme, host and port. */
  address: string;
  /** Path and query below it, with places such as `{device}`, `{date}` or `{id}`. Default: none. */
  path?: string;
  /** Default `POST`. */
  method?: 'POST' | 'PUT';
  /** As a file of form-data with these further fields (which may have places too). Default: the picture is the body. */
  form?: { field: string; fields?: Readonly<Record<string, string>> };
  /** Default: none. */
  login?: Login;
  /** Of the dates in path and fields. Default `utc`. */
  zone?: Zone;
  /** Milliseconds for a whole call. Default 60 000. */
  timeoutMs?: number;
}

/** A picture on its way: plain JSON, so that it can wait on disk. */
export interface WebJob {
  /** Path and query, places filled. */
  path: string;
  mime: string;
  filename: string;
  fields: Record<string, string>;
}

export interface WebAnswer {
  status: number;
  /** JSON as a value, else text. */
  body: unknown;
  /** Where it was sent to, without its query. */
  url: string;
  /** Where it is kept, if the server told (`Location`). */
  location?: string;
}

export class WebTarget {
  readonly #options: WebTargetOptions;
  readonly #client: HttpClient;
  readonly #headers: Record<string, string>;

  /** @throws SnapflowError `BAD_INPUT` for an option that cannot be used */
  constructor(options: WebTargetOptions) {
    const { address, path = '', login = { kind: 'none' }, form } = options;
    this.#options = options;
    const origin = originOf(address);
    if (origin === undefined)
      throw new SnapflowError('BAD_INPUT', 'Fill in the address that takes the pictures.');
    checkPlaces(path);
    for (const value of Object.values(form?.fields ?? {})) checkPlaces(value);
    const { client, headers } = clientLogin(login);
    this.#headers = headers;
    const { tls, proxy, connectTimeoutMs, headersTimeoutMs, timeoutMs = 60_000 } = options;
    this.#client = new HttpClient({
      baseUrl: origin,
      system,
      tls,
      proxy,
      connectTimeoutMs,
      headersTimeoutMs,
      timeoutMs,
      maxReplyBytes: options.maxReplyBytes ?? 1_048_576,
      maxConnections: options.maxConnections ?? 4,
      ...client,
    });
    this.#place(fillPlaces(path, EXAMPLE, 'utc', pathValue));
  }

  /** What is sent for a picture. */
  job(facts: NameFacts, mime: string, filename: string): WebJob {
    const { path = '', form, zone = 'utc' } = this.#options;
    const fields = Object.entries(form?.fields ?? {}).map(([name, value]) => [
      name,
      fillPlaces(value, facts, zone),
    ]);
    return {
      path: fillPlaces(path, facts, zone, pathValue),
      mime,
      filename,
      fields: Object.fromEntries(fields) as Record<string, string>,
    };
  }

  /**
   * @throws SnapflowError by the status of the answer, with `details.failure` and, when the server told,
   *   `details.retryAfterMs`; what `HttpTransport` says
   */
  async send(job: WebJob, data: Buffer, { signal }: { signal?: AbortSignal } = {}): Promise<WebAnswer> {
    const { method = 'POST', form } = this.#options;
    const place = this.#place(job.path);
    const { mime, filename, fields } = job;
    const content = form
      ? formBody({ field: form.field, filename, mime, data }, fields)
      : { type: mime, body: data };
    const reply = await this.#client.request({
      method,
      path: place.pathname + place.search,
      redactedPath: place.pathname,
      headers: { ...this.#headers, 'content-type': content.type },
      body: content.body,
      signal,
      // A PUT of the same bytes to the same place is the same twice.
      repeatable: method === 'PUT',
    });
    if (reply.status < 200 || reply.status > 299) throw uploadRefusal(reply, place, data.length);
    const { location } = reply.headers;
    return {
      status: reply.status,
      body: parseJson(reply.body) ?? reply.body.toString(),
      url: place.origin + place.pathname,
      ...(typeof location === 'string' && { location }),
    };
  }

  /** Ends its connections; running and later calls end with `CLOSED`. */
  close(): Promise<void> {
    return this.#client.close();
  }

  /** The path is the configuration's; only its values come from pictures, encoded. It cannot be a whole address. */
  #place(path: string): URL {
    const { address } = this.#options;
    const place = placeOf(address, path);
    if (place.origin === originOf(address)) return place;
    throw new SnapflowError(
      'BAD_INPUT',
      'Write scheme and host into the address, and only what follows into the path.',
    );
  }
}

const EXAMPLE: NameFacts = {
  device: 'x',
  channel: 'x',
  kind: 'x',
  system: 'x',
  id: 'x',
  name: 'x',
  ext: 'jpg',
  takenAt: new Date(0),
};

/** Dots alone would be steps up the path, encoded or not. */
function pathValue(value: string): string {
  return /^\.+$/.test(value) ? '_' : encodeURIComponent(wellFormed(value));
}

/** Half a surrogate pair cannot be encoded. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
