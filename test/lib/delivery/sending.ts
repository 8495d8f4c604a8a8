/** A send whose attempts a test answers one by one, or by a rule. */
import { SnapflowError, type ErrorCode } from '../../../lib/errors';
import type { Attempt } from '../../../lib/delivery';
import type { FakeClock } from '../../support/fake-clock';

export interface Start {
  item: string;
  attempt: number;
  /** Milliseconds of the fake clock. */
  at: number;
  signal: AbortSignal;
  succeed(result?: string): void;
  fail(code: ErrorCode, details?: Record<string, unknown>): void;
  throw(error: unknown): void;
}

export class Sending {
  readonly starts: Start[] = [];
  running = 0;
  mostRunning = 0;

  /** @param rule answers an attempt at once; without it, or when it returns undefined, the test does */
  constructor(
    readonly clock: FakeClock,
    readonly rule?: (item: string, attempt: number) => string | SnapflowError | undefined,
  ) {}

  readonly send = async (item: string, { attempt, signal }: Attempt): Promise<string> => {
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      return await new Promise<string>((resolve, reject) => {
        this.starts.push({
          item,
          attempt,
          at: this.clock.monotonic(),
          signal,
          succeed: (result = `stored ${item}`) => resolve(result),
          fail: (code, details) => reject(failure(code, details)),
          throw: reject,
        });
        signal.addEventListener('abort', () => reject(failure('CLOSED')));
        const answer = this.rule?.(item, attempt);
        if (typeof answer === 'string') resolve(answer);
        else if (answer) reject(answer);
      });
    } finally {
      this.running -= 1;
    }
  };

  get last(): Start {
    return this.starts[this.starts.length - 1] as Start;
  }

  /** Items and moments of all starts, such as `a@0 a@1000`. */
  get log(): string {
    return this.starts.map(({ item, at }) => `${item}@${at}`).join(' ');
  }
}

export function failure(code: ErrorCode, details?: Record<string, unknown>): SnapflowError {
  return new SnapflowError(code, `${code} for a test`, { details });
}

/** What a promise has come to by now. */
export interface Outcome<Value> {
  value?: Value;
  code?: string;
  error?: unknown;
}

/** Follows a promise, so that a test can look at it any time. */
export function follow<Value>(promise: Promise<Value>): Outcome<Value> {
  const outcome: Outcome<Value> = {};
  promise.then(
    (value) => (outcome.value = value),
    (error: unknown) => {
      outcome.error = error;
      outcome.code = (error as SnapflowError).code;
    },
  );
  return outcome;
}
