/** The picture of a message: its payload. */
import { SnapflowError, type System } from '../../lib/errors';
import type { Message } from './red';

/** @throws SnapflowError `BAD_INPUT` when it is no Buffer */
export function picturePayload({ payload }: Message, system?: System): Buffer {
  if (Buffer.isBuffer(payload)) return payload;
  throw new SnapflowError('BAD_INPUT', 'msg.payload must be the picture as a Buffer.', { system });
}
