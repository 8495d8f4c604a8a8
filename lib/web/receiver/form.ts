/** multipart/form-data as it comes in: files that are no pictures are not even kept. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { SnapflowError } from '../../errors';
import { sniffFormat } from '../../picture';
import { decodeBase64 } from '../../picture/base64';
import { isJsonStart } from '../../json';
import type { BodySink } from '../../server/body';
import { tooMany, type Contents } from './contents';
import type { ReceiverLimits } from './limits';

/** Bytes after which it is known whether a file is worth keeping. */
const START_BYTES = 64;

export class FormSink implements BodySink {
  readonly #form: import('busboy').Busboy;
  #problem: SnapflowError | undefined;
  #ended!: () => void;
  readonly #done = new Promise<void>((resolve) => (this.#ended = resolve));

  /** @throws SnapflowError `BAD_INPUT` without a boundary */
  constructor(
    headers: IncomingHttpHeaders,
    private readonly contents: Contents,
    { maxBodyBytes, maxFields, maxParts }: ReceiverLimits,
  ) {
    const busboy = require('busboy') as typeof import('busboy');
    try {
      this.#form = busboy({
        headers,
        defParamCharset: 'utf8',
        limits: {
          fieldSize: maxBodyBytes,
          fields: maxFields,
          files: maxParts,
          parts: maxParts,
          headerPairs: 100,
        },
      });
    } catch (cause) {
      throw badForm(cause);
    }
    this.#form
      .on('file', (_field, stream, { filename, encoding }) => this.#file(stream, filename, encoding))
      .on('field', (name, value) => this.contents.addField(name, value))
      .on('partsLimit', () => this.#fail(tooMany('maxParts', maxParts)))
      .on('filesLimit', () => this.#fail(tooMany('maxParts', maxParts)))
      .on('fieldsLimit', () => this.#fail(tooMany('maxFields', maxFields)))
      .on('error', (cause) => {
        this.#fail(badForm(cause));
        this.#ended();
      })
      .on('close', () => this.#ended());
  }

  write(chunk: Buffer): void {
    if (!this.#form.destroyed) this.#form.write(chunk);
  }

  /** @throws SnapflowError `BAD_INPUT` for a form that is cut off or none, `TOO_LARGE` over a limit */
  async end(): Promise<void> {
    if (!this.#form.destroyed) this.#form.end();
    await this.#done;
    if (this.#problem) throw this.#problem;
  }

  /** The body will never be whole. */
  destroy(): void {
    this.#form.destroy();
  }

  #file(stream: Readable, filename: string | undefined, encoding: string): void {
    const chunks: Buffer[] = [];
    let length = 0;
    let isKept = true;
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => {
      if (!isKept) return;
      const known = length >= START_BYTES;
      chunks.push(chunk);
      length += chunk.length;
      if (known || length < START_BYTES) return;
      const start = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      isKept = encoding === 'base64' || sniffFormat(start) !== undefined || isJsonStart(start);
    });
    stream.on('end', () => {
      const whole = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      const data = encoding === 'base64' ? (decodeBase64(whole) ?? whole) : whole;
      this.contents.add(data, filename);
    });
  }

  #fail(problem: SnapflowError): void {
    this.#problem ??= problem;
  }
}

function badForm(cause: unknown): SnapflowError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SnapflowError('BAD_INPUT', 'The form cannot be read: {{reason}}', { values: { reason }, cause });
}
