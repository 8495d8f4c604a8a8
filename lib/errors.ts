/**
 * The one error family of Snapflow. Every failure that leaves `lib/` is a `SnapflowError` with a stable
 * `code`; `docs/errors.md` has a heading for each code: what happened and what to do.
 */

/** Kinds of failure, the same for every system. Stable: flows compare against them. */
export const ERROR_CODES = [
  'AUTH_REJECTED',
  'CERTIFICATE_REJECTED',
  'UNREACHABLE',
  'TIMEOUT',
  'DEVICE_OFFLINE',
  'DEVICE_BUSY',
  'DEVICE_REFUSED',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'BAD_INPUT',
  'TOO_LARGE',
  'UNSUPPORTED_FORMAT',
  'NOT_FOUND',
  'BAD_RESPONSE',
  'PLATFORM_FAILED',
  'PARTLY_DONE',
  'QUEUE_FULL',
  'CLOSED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** The systems that an error, a picture or an upload can belong to. */
export type System = 'huawei' | 'onenet' | 'assetscontrols' | 'lenfocus' | 'thingscloud' | 'snapflow';

/** What the device or cloud itself said, kept beside our own code. */
export interface PlatformAnswer {
  /** The platform's own code, as it sent it. */
  code?: string | number;
  /** The platform's own text, as it sent it. */
  message?: string;
  httpStatus?: number;
}

export type TextValues = Record<string, string | number>;

export interface SnapflowErrorOptions {
  system?: System;
  /** Values for the `{{name}}` places of the text. Never a secret. */
  values?: TextValues;
  /** Whether the same call may succeed later without a change. Default: by code, see `RETRYABLE`. */
  retryable?: boolean;
  platform?: PlatformAnswer;
  cause?: unknown;
  /** Facts for programs, such as `fingerprint` of a refused certificate. Never a secret. */
  details?: Record<string, unknown>;
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'UNREACHABLE',
  'TIMEOUT',
  'DEVICE_OFFLINE',
  'DEVICE_BUSY',
  'RATE_LIMITED',
  'PLATFORM_FAILED',
  'QUEUE_FULL',
]);

/** Puts values into the `{{name}}` places of a text. A place without a value stays as it is. */
export function fillText(text: string, values: TextValues = {}): string {
  return text.replace(/\{\{(\w+)\}\}/g, (place, name: string) =>
    name in values ? String(values[name]) : place,
  );
}

export class SnapflowError extends Error {
  readonly code: ErrorCode;
  readonly system: System;
  readonly retryable: boolean;
  readonly platform: PlatformAnswer | undefined;
  readonly details: Record<string, unknown> | undefined;
  /** The English text with its places unfilled: the key under which `lib/texts` finds a translation. */
  readonly text: string;
  readonly values: TextValues;

  /**
   * @param code stable kind of failure
   * @param text English sentence that says what happened and what to change; `{{name}}` marks a value
   */
  constructor(code: ErrorCode, text: string, options: SnapflowErrorOptions = {}) {
    super(fillText(text, options.values), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SnapflowError';
    this.code = code;
    this.text = text;
    this.values = options.values ?? {};
    this.system = options.system ?? 'snapflow';
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    this.platform = options.platform;
    this.details = options.details;
  }

  /** What a Catch node or a log may show; the cause is left to `cause`. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, system, retryable, platform, details } = this;
    return { name, code, message, system, retryable, platform, details };
  }
}

/** True for our errors, also when a second copy of the package made them. */
export function isSnapflowError(error: unknown): error is SnapflowError {
  return error instanceof Error && error.name === 'SnapflowError' && 'code' in error && 'text' in error;
}

/** The error for work that ended because its owner closed (node removed, redeploy, caller aborted). */
export function closedError(system: System, cause?: unknown): SnapflowError {
  return new SnapflowError(
    'CLOSED',
    'Stopped before it was done, because the node was closed or redeployed.',
    {
      system,
      cause,
    },
  );
}
