/** The error for a picture that came only in part. */
import { SnapflowError, type System } from '../errors';

/**
 * A JPEG without its end marker is refused even when the framing around it is whole: that only shows that all came
 * which was sent, and cameras cut pictures when their buffer is too small. It would show as a grey bottom.
 */
export function cutJpeg(system: System): SnapflowError {
  return new SnapflowError(
    'BAD_RESPONSE',
    'A picture of the camera is cut off: it lacks the end marker of a JPEG. Try again.',
    { system, retryable: true },
  );
}
