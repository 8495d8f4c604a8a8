/** From the fields of a `snapflow-filter` node to the options of its filter. */
import { SnapflowError } from '../../lib/errors';
import type { Condition, FilterOptions, RateKey, Region } from '../../lib/filter';
import { text } from '../../lib/texts/mark';
import type { NodeConfig } from '../shared/red';

/** Dialogs keep numbers as text. */
type Figure = string | number;

export interface FilterConfig extends NodeConfig {
  conditions?: Condition[];
  useWindow?: boolean;
  from?: string;
  to?: string;
  /** Numbers from 1 (Monday) to 7, separated by commas. */
  days?: string;
  zone?: string;
  useAtMost?: boolean;
  /** Seconds. */
  atMost?: Figure;
  per?: RateKey;
  useAtLeast?: boolean;
  /** Minutes. */
  atLeast?: Figure;
  useChanged?: boolean;
  threshold?: Figure;
  masks?: Array<Record<keyof Region, Figure>>;
  useUsable?: boolean;
  useBurst?: boolean;
  /** Seconds. */
  burst?: Figure;
  passAlarms?: boolean;
  /** Whether small copies of the last pictures are kept in memory for the dialog. */
  keepLast?: boolean;
}

const AT_MOST = text('The time between two pictures');
const AT_LEAST = text('The time after which a picture is due');
const BURST = text('The length of a burst');
const THRESHOLD = text('The threshold of the change');

const SECOND = 1_000;
const MINUTE = 60_000;

/** @throws SnapflowError `BAD_INPUT` for a number that is none or out of bounds */
export function filterOptions(config: FilterConfig): FilterOptions {
  const { useWindow, from = '', to = '', days = '', zone = '' } = config;
  return {
    conditions: config.conditions ?? [],
    ...(useWindow && { window: { from, to, days: dayNumbers(days), zone } }),
    ...(config.useAtMost && {
      atMost: { everyMs: figure(config.atMost, AT_MOST, 0.1, 86_400) * SECOND, per: config.per ?? 'device' },
    }),
    ...(config.useAtLeast && { atLeastMs: figure(config.atLeast, AT_LEAST, 0.1, 10_080) * MINUTE }),
    ...(config.useChanged && {
      changed: { threshold: figure(config.threshold, THRESHOLD, 0, 1), masks: regions(config.masks) },
    }),
    usable: config.useUsable === true,
    ...(config.useBurst && { burstMs: figure(config.burst, BURST, 0.1, 60) * SECOND }),
    passAlarms: config.passAlarms !== false,
  };
}

/** Rows of the dialog as regions; what is no number is told by the filter. */
export function regions(rows: FilterConfig['masks'] = []): Region[] {
  return rows.map(({ left, top, width, height }) => ({
    left: Number(left),
    top: Number(top),
    width: Number(width),
    height: Number(height),
  }));
}

function dayNumbers(days: string): number[] {
  return days
    .split(',')
    .filter((day) => day.trim() !== '')
    .map(Number);
}

/** @param field its name, for the error */
export function figure(value: Figure | undefined, field: string, least: number, most: number): number {
  const number = value === undefined || value === '' ? NaN : Number(value);
  if (number >= least && number <= most) return number;
  throw new SnapflowError('BAD_INPUT', '{{field}} must be a number from {{least}} to {{most}}.', {
    values: { field, least, most },
  });
}

export { THRESHOLD as THRESHOLD_FIELD };
