/**
 * Plays a store that takes files by HTTP: PUT and POST of any path, the body raw or as form-data (RFC 7578), read
 * again by GET. It asks for a login only when it was given one.
 */
import { text } from '../../texts/mark';
import { DigestGuard, type DigestOptions } from '../digest';
import { jsonReply, type Exchange, type Reply } from '../exchange';
import { SERVER_FAULTS, SimulatorServer, type SimulatorServerOptions } from '../server';
import type { Fault } from '../simulator';

export interface SimulatedHttpStoreOptions extends SimulatorServerOptions {
  /** User and password (digest and Basic). Default: none asked for. */
  auth?: DigestOptions;
  /** Token (Bearer), instead. */
  token?: string;
  /** Bytes of a file. Default 16 777 216. */
  maxBytes?: number;
  /** Files kept, the last ones. Default 60. */
  keep?: number;
}

export interface StoredFile {
  /** Path it was sent to. */
  path: string;
  query: Record<string, string>;
  type: string;
  data: Buffer;
  /** Of form-data. */
  filename?: string;
  field?: string;
  fields: Record<string, string>;
}

export const STORE_FAULTS: readonly Fault[] = [
  ...SERVER_FAULTS,
  { name: 'wrong-password', text: text('Refuses the password') },
  { name: 'rate-limited', text: text('Says that requests come too often (429)') },
  { name: 'full', text: text('Says that it has no room left (507)') },
];

export class SimulatedHttpStore extends SimulatorServer {
  readonly faults = STORE_FAULTS;
  readonly files: StoredFile[] = [];
  private readonly guard: DigestGuard | undefined;

  constructor(private readonly options: SimulatedHttpStoreOptions = {}) {
    super('store', options);
    const usual = { username: 'store', realm: 'Store', basic: true };
    this.guard = options.auth && new DigestGuard({ ...usual, ...options.auth }, () => this.now());
  }

  protected async answer(exchange: Exchange): Promise<Reply> {
    const { method, path } = exchange;
    if (method === 'GET') return this.read(path);
    const fault = this.meetFault();
    const spoilt = await this.spoil(fault);
    if (spoilt) return spoilt;
    const refusal = this.judge(exchange, fault?.name);
    if (refusal) return refusal;
    if (method !== 'PUT' && method !== 'POST') return { status: 405, headers: { allow: 'GET, PUT, POST' } };
    if (fault?.name === 'rate-limited') {
      return { ...jsonReply(429, { error: 'too many requests' }), headers: { 'retry-after': '1' } };
    }
    if (fault?.name === 'full') return jsonReply(507, { error: 'insufficient storage' });
    if (exchange.body.length > (this.options.maxBytes ?? 16_777_216))
      return jsonReply(413, { error: 'too large' });
    return this.keep(exchange);
  }

  protected errorReply(status = 503): Reply {
    return jsonReply(status, { error: 'out of order' });
  }

  private judge({ method, target, body, headers }: Exchange, fault: string | undefined): Reply | undefined {
    const { authorization } = headers;
    const { token } = this.options;
    if (token !== undefined) {
      const isRight = authorization === `Bearer ${token}` && fault !== 'wrong-password';
      return isRight
        ? undefined
        : { ...jsonReply(401, { error: 'login' }), headers: { 'www-authenticate': 'Bearer' } };
    }
    if (!this.guard) return undefined;
    const verdict = this.guard.judge({ method, target, body, authorization });
    this.count(verdict.result);
    if (verdict.result === 'granted' && fault !== 'wrong-password') return undefined;
    const { headers: challenge } = verdict.result === 'granted' ? this.guard.refuse() : verdict;
    return { ...jsonReply(401, { error: 'login' }), headers: challenge };
  }

  private keep({ path, query, headers, body }: Exchange): Reply {
    const type = headers['content-type'] ?? '';
    const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(type)?.[1];
    const content = boundary === undefined ? { type, data: body, fields: {} } : readForm(body, boundary);
    if (!content) return jsonReply(400, { error: 'the form holds no file' });
    this.files.push({ path, query: Object.fromEntries(query), ...content });
    if (this.files.length > (this.options.keep ?? 60)) this.files.shift();
    this.count('stored');
    return { ...jsonReply(201, { stored: path, bytes: content.data.length }), headers: { location: path } };
  }

  private read(path: string): Reply {
    const found = this.files.filter((file) => file.path === path).at(-1);
    if (found) return { status: 200, headers: { 'content-type': found.type }, body: found.data };
    if (path !== '/') return jsonReply(404, { error: 'not found' });
    return jsonReply(
      200,
      this.files.map((file) => ({ path: file.path, type: file.type, bytes: file.data.length })),
    );
  }
}

/** RFC 2046 §5.1.1: parts stand between delimiter lines, their headers end at an empty line. */
function readForm(body: Buffer, boundary: string): Omit<StoredFile, 'path' | 'query'> | undefined {
  const delimiter = Buffer.from(`--${boundary}`);
  const fields: Record<string, string> = {};
  let file: Omit<StoredFile, 'path' | 'query' | 'fields'> | undefined;
  for (let at = body.indexOf(delimiter); at !== -1;) {
    const next = body.indexOf(delimiter, at + delimiter.length);
    if (next === -1) break;
    // Between the line ends after this delimiter and before the next.
    const part = body.subarray(at + delimiter.length + 2, next - 2);
    const end = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, end).toString();
    const data = part.subarray(end + 4);
    const field = /[; ]name="([^"]*)"/i.exec(head)?.[1] ?? '';
    const filename = /filename="([^"]*)"/i.exec(head)?.[1];
    if (filename === undefined) fields[field] = data.toString();
    else file = { type: /^content-type: *(.*)$/im.exec(head)?.[1] ?? '', data, filename, field };
    at = next;
  }
  return file && { ...file, fields };
}
