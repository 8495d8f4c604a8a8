/** A reply to the request for a snapshot: a bare picture, several parts, or JSON with base64. */
import { isSnapflowError } from '../errors';
import { readMultipart } from '../http/multipart';
import { readAll, readStart } from '../http/reply-start';
import type { HttpStreamReply } from '../http/types';
import { isJsonStart } from '../json';
import { sniffFormat, type Picture } from '../picture';
import { SnapshotContent, type SnapshotFacts } from './snapshot-content';

/** Enough to know the format of a picture, and a boundary behind an empty line. */
const START_BYTES = 16;
/** The type of a stream of pictures that never ends (MJPEG). */
const STREAM = /^\s*multipart\/x-mixed-replace/i;

/**
 * Reads a reply by its bytes, since labels are often wrong. Of a stream of pictures it takes the first and ends it.
 * @throws SnapflowError `BAD_RESPONSE` when no whole picture came; `PARTLY_DONE` (`PartialSnapshotError`) when some
 *   came whole and others did not; what the transport failed with
 */
export async function readPictures(reply: HttpStreamReply, facts: SnapshotFacts): Promise<Picture[]> {
  const contentType = String(reply.headers['content-type'] ?? '');
  const { start, whole } = await readStart(reply.body, START_BYTES);
  const content = new SnapshotContent(facts);
  if (isMultipart(start, contentType)) await addParts(content, whole, contentType, facts.maxPictures);
  else content.add(await readAll(whole));
  return content.toPictures();
}

function isMultipart(start: Buffer, contentType: string): boolean {
  if (/^\s*--/.test(start.toString('latin1'))) return true;
  return /^\s*multipart\//i.test(contentType) && !sniffFormat(start) && !isJsonStart(start);
}

async function addParts(
  content: SnapshotContent,
  body: AsyncIterable<Buffer>,
  contentType: string,
  maxPictures: number,
): Promise<void> {
  try {
    const parts = readMultipart(body, {
      contentType,
      // Each picture may come with a part of words.
      maxParts: 2 * maxPictures,
      // The reply as a whole is capped already (`maxReplyBytes`).
      maxBodyBytes: Infinity,
    });
    for await (const part of parts) {
      content.add(part.body, part.filename);
      if (content.count > 0 && STREAM.test(contentType)) return;
    }
  } catch (error) {
    if (!isSnapflowError(error) || error.code === 'CLOSED') throw error;
    content.addProblem(error);
  }
}
