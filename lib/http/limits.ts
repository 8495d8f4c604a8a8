/** The limits of a client with their defaults, checked once. */
import { SnapflowError, type System } from '../errors';

export const DEFAULT_LIMITS = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  timeoutMs: 60_000,
  keepAliveMs: 4_000,
  maxReplyBytes: 33_554_432,
  maxConnections: 1,
} as const;

export type Limits = Record<keyof typeof DEFAULT_LIMITS, number>;

/** The longest that a timer of Node can wait; a longer one would fire at once. */
const LARGEST = 2 ** 31 - 1;

/**
 * The limits asked for over the defaults.
 * @throws SnapflowError `BAD_INPUT` for one that is no whole number from 1 to 2147483647
 */
export function readLimits<Name extends keyof Limits>(
  asked: { [name in Name]?: number },
  defaults: Record<Name, number>,
  system: System,
): Record<Name, number> {
  const limits = { ...defaults };
  for (const name of Object.keys(defaults) as Name[]) {
    const value: number | undefined = asked[name];
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value < 1 || value > LARGEST) {
      throw new SnapflowError(
        'BAD_INPUT',
        '{{name}} must be a whole number from 1 to 2147483647, not {{value}}.',
        { system, values: { name, value: String(value) } },
      );
    }
    limits[name] = value;
  }
  return limits;
}
