/** Cuts a multipart body into its parts. Does not wait: it says when it needs more bytes. */
import { isSnapflowError, SnapflowError, type SnapflowErrorOptions, type System } from '../../errors';
import { printableStart } from '../../picture/format';
import { text } from '../../texts/mark';
import { ByteWindow } from './byte-window';
import {
  DASHES,
  declaredBoundary,
  findFirstDelimiter,
  MORE,
  readDelimiter,
  startsWith,
  type Delimiter,
  type FirstDelimiter,
  type More,
} from './delimiter';
import type { MultipartOptions } from './index';
import { readPartHead, type Part, type PartHead } from './part';

/** The part that is being read. */
interface OpenPart {
  head: PartHead;
  bodyStart: number;
  /** No delimiter begins before this offset. */
  searched: number;
}

/** Where a body ends, and the delimiter behind it; none when the input ended there. */
interface BodyEnd {
  end: number;
  delimiter?: Delimiter;
  /** Offset after the delimiter. */
  next: number;
}

export class MultipartReader {
  private readonly window = new ByteWindow();
  private readonly boundary: string | undefined;
  private readonly system: System;
  private readonly maxParts: number;
  private readonly maxHeaderBytes: number;
  private readonly maxBodyBytes: number;
  private ended = false;
  private failure: unknown;
  private first: FirstDelimiter | undefined;
  /** The delimiter before the next part, and the offset after it. */
  private delimiter: Delimiter | undefined;
  private at = 0;
  private open: OpenPart | undefined;
  private parts = 0;

  constructor(options: MultipartOptions) {
    this.boundary = options.boundary ?? declaredBoundary(options.contentType);
    this.system = options.system ?? 'snapflow';
    this.maxParts = options.maxParts ?? 64;
    this.maxHeaderBytes = options.maxHeaderBytes ?? 16 * 1024;
    this.maxBodyBytes = options.maxBodyBytes ?? 32 * 1024 * 1024;
  }

  append(chunk: Buffer): void {
    this.window.append(chunk);
    if (this.delimiter?.closing) this.window.drop(this.window.end);
  }

  /** Nothing more will be appended. A failure is reported when what came is not the whole body. */
  end(failure?: unknown): void {
    this.ended = true;
    this.failure = failure;
  }

  /** All parts are read, and more text has followed than is worth waiting for its end. */
  get overrun(): boolean {
    return this.delimiter?.closing === true && this.window.end - this.at > this.maxHeaderBytes;
  }

  /**
   * The parts that have become whole.
   * @throws SnapflowError see `readMultipart`
   */
  *wholeParts(): Generator<Part, void, undefined> {
    for (let part = this.next(); part && part !== MORE; part = this.next()) yield part;
  }

  /** The next part; undefined after the last one. */
  private next(): Part | undefined | More {
    const first = this.first ?? this.readFirst();
    if (first === MORE) return MORE;
    if (!this.delimiter) throw this.cutOff();
    if (this.delimiter.closing) return undefined;
    const open = this.open ?? this.openPart(first);
    if (open === MORE) return MORE;
    const body = this.endByLength(open, first) ?? this.endByDelimiter(open, first);
    return body === MORE ? MORE : this.closePart(open, body, first);
  }

  private readFirst(): FirstDelimiter | More {
    const [bytes, final] = this.peek(0);
    const first = findFirstDelimiter(bytes, this.boundary, final);
    if (first === MORE) return MORE;
    if (!first) throw this.noBoundary(bytes);
    this.first = first;
    this.delimiter = first;
    this.at = first.start + first.length;
    return first;
  }

  private openPart({ dashed, lineEnd }: FirstDelimiter): OpenPart | More {
    if (this.parts === this.maxParts) {
      throw this.tooLarge(text('The reply has more than {{limit}} parts (maxParts).'), this.maxParts);
    }
    const [bytes, final] = this.peek(this.at);
    const read = readPartHead(bytes, dashed, final);
    if (read === MORE) return MORE;
    if (!read) {
      if (this.ended) throw this.cutOff();
      throw this.tooLarge(
        text('The headers of a part of the reply are longer than {{limit}} bytes (maxHeaderBytes).'),
        this.maxHeaderBytes,
      );
    }
    const bodyStart = this.at + read.length;
    // The line end before an empty body belongs to the delimiter after it.
    return (this.open = { head: read.head, bodyStart, searched: bodyStart - lineEnd.length });
  }

  private closePart({ head, bodyStart }: OpenPart, body: BodyEnd, { lineEnd }: FirstDelimiter): Part {
    const part = { ...head, body: this.window.slice(bodyStart, body.end) };
    this.window.drop(body.next - lineEnd.length);
    this.delimiter = body.delimiter;
    this.at = body.next;
    this.open = undefined;
    this.parts++;
    return part;
  }

  /** The end by the part's own Content-Length; undefined when it is wrong: no delimiter stands there. */
  private endByLength(
    { head, bodyStart }: OpenPart,
    { dashed, lineEnd }: FirstDelimiter,
  ): BodyEnd | undefined | More {
    const told = head.headers['content-length'] ?? '';
    const length = Number(told);
    const end = bodyStart + length;
    if (!/^\d+$/.test(told) || length > this.maxBodyBytes) return undefined;
    if (end > this.window.end) return this.ended ? undefined : MORE;
    const [bytes, final] = this.peek(end, dashed.length);
    // Some senders that tell the length put no line end before the delimiter.
    const start = startsWith(bytes, 0, lineEnd) ? lineEnd.length : 0;
    const delimiter = readDelimiter(bytes, start, dashed, final);
    if (delimiter === MORE) return MORE;
    if (delimiter) return { end, delimiter, next: end + start + delimiter.length };
    const isCutDelimiter = startsWith(Buffer.concat([lineEnd, dashed, DASHES]), 0, bytes);
    return isCutDelimiter ? { end, next: this.window.end } : undefined;
  }

  /** The end by the first real delimiter. */
  private endByDelimiter(open: OpenPart, { dashed, lineEnd }: FirstDelimiter): BodyEnd | More {
    const needle = Buffer.concat([lineEnd, dashed]);
    const last = open.bodyStart + this.maxBodyBytes;
    let hit = this.window.indexOf(needle, open.searched);
    while (hit !== -1 && hit <= last) {
      open.searched = hit;
      const start = hit + lineEnd.length;
      const [bytes, final] = this.peek(start, dashed.length);
      const delimiter = readDelimiter(bytes, 0, dashed, final);
      if (delimiter === MORE) return MORE;
      if (delimiter) return { end: Math.max(hit, open.bodyStart), delimiter, next: start + delimiter.length };
      hit = this.window.indexOf(needle, hit + 1);
    }
    open.searched = Math.max(open.searched, this.window.end - needle.length + 1);
    if (open.searched > last) {
      throw this.tooLarge(
        text('A part of the reply is longer than {{limit}} bytes (maxBodyBytes).'),
        this.maxBodyBytes,
      );
    }
    if (this.ended) throw this.cutOff();
    return MORE;
  }

  /** The bytes at an offset that headers (after `more` bytes) may take, and whether they are all there will be. */
  private peek(at: number, more = 0): [bytes: Buffer, final: boolean] {
    const limit = this.maxHeaderBytes + more;
    const bytes = this.window.slice(at, at + limit);
    return [bytes, this.ended || bytes.length === limit];
  }

  private cutOff(): SnapflowError {
    return this.badResponse(
      text('The reply was cut off before its last boundary, after {{parts}} whole parts.'),
      { values: { parts: this.parts }, details: { parts: this.parts }, retryable: true },
    );
  }

  private noBoundary(bytes: Buffer): SnapflowError {
    if (bytes.length === 0) return this.badResponse(text('The reply is empty.'), { retryable: true });
    return this.badResponse(
      text('The reply should be multipart, but has no boundary (it starts with {{start}}).'),
      { values: { start: printableStart(bytes) } },
    );
  }

  /** What the input failed with explains more than what it left unfinished. */
  private badResponse(sentence: string, options: SnapflowErrorOptions): SnapflowError {
    if (isSnapflowError(this.failure)) return this.failure;
    return new SnapflowError('BAD_RESPONSE', sentence, {
      system: this.system,
      cause: this.failure,
      ...options,
    });
  }

  private tooLarge(sentence: string, limit: number): SnapflowError {
    return new SnapflowError('TOO_LARGE', sentence, { system: this.system, values: { limit } });
  }
}
