/** Answers of the platform, and the request as its operations see it. */
import { jsonReply, type Exchange, type Reply } from '../exchange';

/** Ends the work on a request with an `errno`. */
export class Refused extends Error {
  /** @param status HTTP status; only the file store uses others than 200 */
  constructor(
    readonly errno: number,
    readonly words: string,
    readonly status = 200,
  ) {
    super(words);
  }
}

export const missing = (what: string): Refused => new Refused(404, `resource not found: ${what} not exist`);
export const badRequest = (what: string): Refused => new Refused(400, `bad request: ${what}`);

/** @param content what stands beside `errno`, such as `{ data: … }` */
export function success(content: Record<string, unknown> = {}): Reply {
  return jsonReply(200, { errno: 0, error: 'succ', ...content });
}

export function refusal({ errno, words, status }: Refused): Reply {
  return jsonReply(status, { errno, error: words });
}

/** A request with ways to read it that refuse what is missing. */
export class Request {
  constructor(
    private readonly exchange: Exchange,
    /** The part of the path that `*` stands for. */
    readonly rest: string,
  ) {}

  get body(): Buffer {
    return this.exchange.body;
  }

  header(name: string): string | undefined {
    const value = this.exchange.headers[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  get query(): URLSearchParams {
    return this.exchange.query;
  }

  maybe(name: string): string | undefined {
    return this.query.get(name) ?? undefined;
  }

  need(name: string): string {
    const value = this.query.get(name);
    if (value === null || value === '') throw badRequest(`${name} required`);
    return value;
  }

  /** A number of the query, such as a page. */
  count(name: string, otherwise: number): number {
    const value = this.query.get(name) ?? String(otherwise);
    if (!/^[1-9]\d{0,8}$/.test(value)) throw badRequest(`${name} invalid`);
    return Number(value);
  }

  json(): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(this.body.toString('utf8'));
      if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    } catch {
      // Refused below, like JSON that is no object.
    }
    throw badRequest('the body is no JSON object');
  }
}

export type Handler = (request: Request) => Reply;
/** `METHOD /path` → handler; a path may end in `/*`. */
export type Routes = Readonly<Record<string, Handler>>;

export interface Paged<T> {
  items: T[];
  page_info: { total_num: number; page_total: number; page_size: number; current_page: number };
}

export function pageOf<T>(all: readonly T[], page: number, size: number): Paged<T> {
  return {
    items: all.slice((page - 1) * size, page * size),
    page_info: {
      total_num: all.length,
      page_total: Math.ceil(all.length / size),
      page_size: size,
      current_page: page,
    },
  };
}
