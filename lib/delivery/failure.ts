/** What a failed delivery asks for next. */
import type { ErrorCode, SnapflowError } from '../errors';

/**
 * - `retry`: the way was cut or the platform failed: again, with growing pauses
 * - `wait`: too fast: again when told, else after the pace
 * - `hold`: nothing of this lane can succeed until somebody changes something: the lane stops, all is kept
 * - `fix`: too large: make this picture smaller and try once more
 * - `refuse`: this picture can never succeed; the next one may
 * - `done`: it is stored at the platform, only the rest failed: never sent again
 */
export type FailureClass = 'retry' | 'wait' | 'hold' | 'fix' | 'refuse' | 'done';

const CLASS_OF_CODE: Readonly<Record<ErrorCode, FailureClass>> = {
  AUTH_REJECTED: 'hold',
  CERTIFICATE_REJECTED: 'hold',
  UNREACHABLE: 'retry',
  TIMEOUT: 'retry',
  DEVICE_OFFLINE: 'retry',
  DEVICE_BUSY: 'retry',
  DEVICE_REFUSED: 'refuse',
  RATE_LIMITED: 'wait',
  QUOTA_EXCEEDED: 'hold',
  BAD_INPUT: 'refuse',
  TOO_LARGE: 'fix',
  UNSUPPORTED_FORMAT: 'refuse',
  NOT_FOUND: 'hold',
  // What answers in between (a login page, a gateway that restarts) passes; the picture is not at fault.
  BAD_RESPONSE: 'retry',
  PLATFORM_FAILED: 'retry',
  PARTLY_DONE: 'done',
  QUEUE_FULL: 'retry',
  CLOSED: 'retry',
};

/** Codes whose failures pass by themselves, unless the error itself says that they do not. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['UNREACHABLE', 'TIMEOUT', 'PLATFORM_FAILED']);

/**
 * The class by `details.failure`, which a system sets when it knows better, else by the code. A connection that
 * cannot succeed without a change (`retryable: false`, such as TLS spoken to a plain port) holds its lane.
 */
export function classifyFailure(error: SnapflowError): FailureClass {
  const told = error.details?.['failure'];
  if (isFailureClass(told)) return told;
  if (PASSING.has(error.code) && !error.retryable) return 'hold';
  return CLASS_OF_CODE[error.code];
}

/** Milliseconds to wait as the platform told (`details.retryAfterMs`), if it did. */
export function toldWaitMs(error: SnapflowError): number | undefined {
  const told = error.details?.['retryAfterMs'];
  return typeof told === 'number' && told >= 0 ? told : undefined;
}

function isFailureClass(value: unknown): value is FailureClass {
  return (
    value === 'retry' ||
    value === 'wait' ||
    value === 'hold' ||
    value === 'fix' ||
    value === 'refuse' ||
    value === 'done'
  );
}
