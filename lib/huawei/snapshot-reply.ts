/** A camera's reply to SnapAction (HW-2): several parts, one bare picture, or an answer instead of one. */
import { isSnapflowError } from '../errors';
import { readMultipart } from '../http/multipart';
import type { HttpStreamReply } from '../http/types';
import { sniffFormat, type Picture } from '../picture';
import { isJsonStart } from '../json';
import { httpRefusal } from './refusal';
import { readAll, readStart } from '../http/reply-start';
import { SnapshotContent, type SnapshotFacts } from './snapshot-content';

/** Enough to know the format of a picture, and a boundary behind an empty line. */
const START_BYTES = 16;

/**
 * Reads a reply by its bytes: firmware sends answers in JSON and bare pictures under the Content-Type of a
 * multipart reply, and the other way round.
 * @throws SnapflowError what the camera answered instead of pictures; `BAD_RESPONSE` when none came whole;
 *   `PARTLY_DONE` (`PartialSnapshotError`) when some came whole and others did not
 */
export async function readPictures(reply: HttpStreamReply, facts: SnapshotFacts): Promise<Picture[]> {
  const { status, headers } = reply;
  if (status < 200 || status >= 300) throw httpRefusal(reply, await readAll(reply.body));
  const contentType = String(headers['content-type'] ?? '');
  const { start, whole } = await readStart(reply.body, START_BYTES);
  const content = new SnapshotContent(facts);
  if (isMultipart(start, contentType)) await addParts(content, whole, contentType, facts.maxPictures);
  else content.add({ contentType: contentType.toLowerCase(), body: await readAll(whole) });
  return content.toPictures(status);
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
      system: 'huawei',
      // Each picture may come with a part of JSON.
      maxParts: 2 * maxPictures,
      // The reply as a whole is capped already (`maxReplyBytes`).
      maxBodyBytes: Infinity,
    });
    for await (const part of parts) content.add(part);
  } catch (error) {
    if (!isSnapflowError(error) || error.code === 'CLOSED') throw error;
    content.addProblem(error);
  }
}
