import type { Delivered } from '../../../lib/delivery';
import type { Message } from '../red';
import type { Target } from './target';

/** Puts the platform's answer and the proof of delivery into a message. */
export function setAnswer<Result>(
  msg: Message,
  { system, proof }: Pick<Target<never, Result>, 'system' | 'proof'>,
  { result, attempts, waitedMs, tookMs }: Delivered<Result>,
): void {
  const { payload, upload, filename } = proof(result);
  msg.payload = payload;
  if (filename !== undefined) msg['filename'] = filename;
  msg['upload'] = {
    system,
    ...upload,
    pictureId: pictureIdOf(msg),
    attempts,
    waitedMs: Math.round(waitedMs),
    tookMs: Math.round(tookMs),
  };
}

/** The id that follows a picture from its source to here; none for pictures that came another way. */
export function pictureIdOf({ picture }: Message): string | undefined {
  const { id } = (typeof picture === 'object' && picture !== null ? picture : {}) as { id?: unknown };
  return typeof id === 'string' ? id : undefined;
}
