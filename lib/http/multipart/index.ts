/**
 * Multipart replies (RFC 2046) the way cameras and clouds really send them: any multipart type, parts with or
 * without headers, text around them, CR LF or LF, a boundary that nobody declared. Our own because no kept
 * library reads them all; form-data that is pushed to us is left to `busboy`.
 */
import { isSnapflowError, type System } from '../../errors';
import type { Part } from './part';
import { MultipartReader } from './reader';

export type { Part } from './part';

export interface MultipartOptions {
  /** Content-Type of the reply, for its boundary. Without one, the first line that begins with `--` tells it. */
  contentType?: string;
  /** Boundary, when it is known otherwise. */
  boundary?: string;
  /** Parts of one body. Default 64. */
  maxParts?: number;
  /** Bytes of the headers of one part; also of the text before the first part. Default 16 384 (16 KiB). */
  maxHeaderBytes?: number;
  /** Bytes of the body of one part. Default 33 554 432 (32 MiB). */
  maxBodyBytes?: number;
  /** Named in errors. */
  system?: System;
}

/**
 * Yields each part, in order, as soon as it is whole. To stop early ends the body; after the last boundary what
 * may follow is read and ignored, so that the connection can serve the next call.
 *
 * A body that ends or fails before its last boundary yields its whole parts and then throws: the caller has what
 * came and knows that something is missing. A part counts as whole when a delimiter follows it, or when it has
 * all the bytes of its own Content-Length.
 *
 * @throws SnapflowError `BAD_RESPONSE` (empty; no boundary in it; cut off, with the number of whole parts as
 *   `details.parts`), `TOO_LARGE` (a cap), or what the body itself failed with
 */
export async function* readMultipart(
  body: AsyncIterable<Buffer>,
  options: MultipartOptions = {},
): AsyncGenerator<Part, void, undefined> {
  const reader = new MultipartReader(options);
  const failures: unknown[] = [];
  for await (const chunk of untilFailure(body, failures)) {
    reader.append(chunk);
    yield* reader.wholeParts();
    if (reader.overrun) return;
  }
  const failure = failures[0];
  reader.end(failure);
  yield* reader.wholeParts();
  // All parts came whole, so it does not matter how the text after them ends, unless the caller itself stopped.
  if (isSnapflowError(failure) && failure.code === 'CLOSED') throw failure;
}

/** A failed body ends: what came before may still hold whole parts, which are given before the failure is told. */
async function* untilFailure(body: AsyncIterable<Buffer>, failures: unknown[]): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    failures.push(error);
  }
}
