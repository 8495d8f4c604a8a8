/** A command on its way to a device. */
import type { SnapflowError } from '../../errors';
import type { FrameReply } from '../wire/frames';

export interface PendingCommand {
  onReply(reply: FrameReply): void;
  onError(error: SnapflowError): void;
}
