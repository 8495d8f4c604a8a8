/** A reply that should be a picture. */
import { SnapflowError } from '../errors';
import type { HttpReply } from '../http/types';
import { makePicture, sniffFormat, type Picture, type PictureFacts } from '../picture';
import { refusalIn } from './envelope';
import { startOf, type Asked } from './refusals';

export type OnenetPictureFacts = Omit<PictureFacts, 'source'> & {
  deviceId: string;
  channelId: string | number;
  /** What made it: `picture`, `thumbnail`, `snapshot`. */
  kind: string;
};

/**
 * @throws SnapflowError by `errno` or HTTP status; `BAD_RESPONSE` when it is neither a picture nor a refusal
 */
export function readPicture(reply: HttpReply, asked: Asked, facts: OnenetPictureFacts): Picture {
  const refused = refusalIn(reply, asked);
  if (refused) throw refused;
  if (!sniffFormat(reply.body)) {
    throw new SnapflowError(
      'BAD_RESPONSE',
      'The answer to “{{operation}}” is no picture: it has {{bytes}} bytes and starts with {{start}}.',
      {
        system: 'onenet',
        values: {
          operation: asked.title,
          bytes: reply.body.length,
          start: startOf(reply.body, asked),
        },
        platform: { httpStatus: reply.status },
      },
    );
  }
  const { deviceId, channelId, kind, ...rest } = facts;
  const source = { system: 'onenet' as const, device: deviceId, channel: String(channelId), kind };
  return makePicture(reply.body, { ...rest, source });
}
