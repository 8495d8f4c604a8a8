/** What sharp says about a picture, as one of our errors. */
import { isSnapflowError, SnapflowError } from '../errors';

export function pictureFailure(thrown: unknown, timeoutMs: number): SnapflowError {
  if (isSnapflowError(thrown)) return thrown;
  const reason = String((thrown as Error).message ?? thrown).split('\n')[0] ?? '';
  if (/timeout/i.test(reason)) {
    return new SnapflowError(
      'TIMEOUT',
      'The picture took longer than {{seconds}} s to decode or encode and was given up (timeoutMs).',
      { values: { seconds: Math.ceil(timeoutMs / 1000) }, retryable: false, cause: thrown },
    );
  }
  return new SnapflowError(
    'BAD_INPUT',
    'The picture cannot be decoded: it is damaged or cut off ({{reason}}).',
    {
      values: { reason },
      cause: thrown,
    },
  );
}
