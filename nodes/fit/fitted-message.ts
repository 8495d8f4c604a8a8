/** A fitted picture → the message that it came in. */
import type { FitReport, Fitted } from '../../lib/fit';
import { EXTENSION, MIME, type PictureInfo } from '../../lib/picture';
import type { Message } from '../shared/red';

/**
 * Puts the picture in its place. `picture.id` stays: it names what the camera took, so that it is found again from its
 * source to the proof of its upload, whatever was done to the bytes on the way.
 */
export function putFitted(msg: Message, { data, report }: Fitted): void {
  msg.payload = data;
  msg['fit'] = report;
  const { picture, filename } = msg as { picture?: unknown; filename?: unknown };
  // Spread, so that nothing holds the larger Buffer any more.
  if (isPictureInfo(picture)) msg['picture'] = { ...picture, ...factsOf(report) };
  if (typeof filename === 'string') msg['filename'] = renamed(filename, report);
}

function factsOf({ to }: FitReport): Partial<PictureInfo> {
  return { format: to.format, mime: MIME[to.format], bytes: to.bytes, width: to.width, height: to.height };
}

/** Another format has another ending. */
function renamed(filename: string, { from, to }: FitReport): string {
  return from.format === to.format
    ? filename
    : `${filename.replace(/\.[a-z]{3,4}$/i, '')}.${EXTENSION[to.format]}`;
}

export function isPictureInfo(value: unknown): value is PictureInfo {
  return typeof value === 'object' && value !== null && 'format' in value;
}
