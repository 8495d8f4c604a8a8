/** Errors as Node-RED shows them: in a language, with the facts where Catch nodes can read them. */
import { isSnapflowError, type SnapflowError } from '../../lib/errors';
import { describeError, type Language } from '../../lib/texts';

/** What a Catch node finds in `msg.error.cause`; `msg.error` itself has `message` and `code`. */
export type ErrorFacts = Pick<SnapflowError, 'system' | 'retryable' | 'platform' | 'details'>;

/**
 * The error given to `done`. Node-RED copies `message` (by `toString`), `code` and `cause` to Catch nodes and
 * nothing else, so the facts are there twice: as properties for code, in `cause` for flows.
 */
export class NodeError extends Error {
  readonly code: string;
  readonly system: SnapflowError['system'];
  readonly retryable: boolean;
  readonly platform: SnapflowError['platform'];
  declare readonly cause: ErrorFacts;

  constructor(error: SnapflowError, language: Language) {
    const { code, system, retryable, platform, details } = error;
    super(describeError(error, language), { cause: { system, retryable, platform, details } });
    this.name = 'SnapflowError';
    this.code = code;
    this.system = system;
    this.retryable = retryable;
    this.platform = platform;
  }

  /** The sentence alone: Catch nodes and the log show this. */
  override toString(): string {
    return this.message;
  }
}

/** Any thrown value as the error for `done`: ours translated, others as they are. */
export function nodeError(error: unknown, language: Language): Error {
  if (isSnapflowError(error)) return new NodeError(error, language);
  return error instanceof Error ? error : new Error(String(error));
}
