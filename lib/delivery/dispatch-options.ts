import { systemClock, type Clock } from '../clock';
import { SnapflowError, type System } from '../errors';
import { DEFAULT_BACKOFF, type Backoff, type BackoffOptions } from './backoff';
import type { SharedPace } from './shared-pace';

export interface DispatchOptions {
  /** Named in errors. Default: `snapflow`. */
  system?: System;
  /** Milliseconds between two starts in one lane; one that takes longer than the fastest counts up to 1 s later. Default 0. */
  paceMs?: number;
  /** Kept beside `paceMs`, for devices to which other queues send as well. */
  sharedPace?: SharedPace;
  /** The device of a lane in `sharedPace`. Default: the lane's own name. */
  deviceOf?: (lane: string) => string;
  /** Lanes that send at the same time. Default 8. */
  maxConcurrentLanes?: number;
  /** Pauses after failures of class `retry`. */
  retry?: BackoffOptions;
  /** Longest pause that a platform may ask for (`Retry-After`), in milliseconds. Default 3 600 000 (1 hour). */
  maxWaitMs?: number;
  /** Attempts until the last failure is final. Default: no limit. */
  maxAttempts?: number;
  /** Milliseconds until what waits is given up with `TIMEOUT`. Default: no limit. */
  maxAgeMs?: number;
  /** Milliseconds that running sends get at close before they are aborted. Default 0. */
  drainMs?: number;
  /** Milliseconds that an aborted send gets to end before it is left to itself. Default 1 000. */
  abortGraceMs?: number;
  clock?: Clock;
  /** From 0 to 1, for the jitter. Default `Math.random`. */
  random?: () => number;
}

type Optional = 'retry' | 'sharedPace';

export type DispatchSettings = Required<Omit<DispatchOptions, Optional>> &
  Pick<DispatchOptions, 'sharedPace'> & { retry: Backoff };

const DEFAULTS: DispatchSettings = {
  system: 'snapflow',
  paceMs: 0,
  deviceOf: (lane) => lane,
  maxConcurrentLanes: 8,
  retry: DEFAULT_BACKOFF,
  maxWaitMs: 3_600_000,
  maxAttempts: Infinity,
  maxAgeMs: Infinity,
  drainMs: 0,
  abortGraceMs: 1_000,
  clock: systemClock,
  random: Math.random,
};

/** @throws SnapflowError `BAD_INPUT` for a number that is none or out of range */
export function dispatchSettings(options: DispatchOptions): DispatchSettings {
  const settings = {
    ...DEFAULTS,
    ...given(options),
    retry: { ...DEFAULT_BACKOFF, ...given(options.retry ?? {}) },
  };
  const { system } = settings;
  checkNumber('paceMs', settings.paceMs, 0, system);
  checkNumber('maxConcurrentLanes', settings.maxConcurrentLanes, 1, system);
  checkNumber('retry.firstMs', settings.retry.firstMs, 1, system);
  checkNumber('retry.maxMs', settings.retry.maxMs, 1, system);
  checkNumber('retry.jitter', settings.retry.jitter, 0, system, 1);
  checkNumber('maxWaitMs', settings.maxWaitMs, 0, system);
  checkNumber('maxAttempts', settings.maxAttempts, 1, system);
  checkNumber('maxAgeMs', settings.maxAgeMs, 1, system);
  checkNumber('drainMs', settings.drainMs, 0, system);
  checkNumber('abortGraceMs', settings.abortGraceMs, 0, system);
  return settings;
}

/** @throws SnapflowError `BAD_INPUT` */
export function checkNumber(
  name: string,
  value: number,
  least: number,
  system: System,
  most = Infinity,
): void {
  if (typeof value === 'number' && value >= least && value <= most) return;
  throw new SnapflowError(
    'BAD_INPUT',
    most === Infinity
      ? '{{name}} must be a number of at least {{least}}, not {{value}}.'
      : '{{name}} must be a number from {{least}} to {{most}}, not {{value}}.',
    { system, values: { name, least, most, value: String(value) } },
  );
}

/** Without the properties that are there but undefined: those take the default too. */
function given<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<Options>;
}
