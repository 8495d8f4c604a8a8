/** Hours and days of the week in which pictures pass. */
import { SnapflowError } from '../errors';

export interface TimeWindow {
  /** `HH:MM`. */
  from: string;
  /** `HH:MM`; not after `from`: the window goes over midnight; the same: the whole day. */
  to: string;
  /** 1 (Monday) to 7 (Sunday): the days on which the window begins. Default: every day. */
  days?: readonly number[];
  /** IANA name such as `Asia/Shanghai`. Default: the time zone of this machine. */
  zone?: string;
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/**
 * @returns whether a moment (milliseconds since 1970) is within
 * @throws SnapflowError `BAD_INPUT` for a time, day or zone that does not exist
 */
export function insideOf({ from, to, days = [], zone }: TimeWindow): (moment: number) => boolean {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const format = formatOf(zone);
  if (days.some((day) => !Number.isInteger(day) || day < 1 || day > 7)) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The days of the time window are numbers from 1 (Monday) to 7 (Sunday).',
    );
  }
  const beginsOn = (day: number) => days.length === 0 || days.includes(day);
  return (moment) => {
    const [day, minute] = localTime(format, moment);
    if (start < end) return beginsOn(day) && minute >= start && minute < end;
    // Over midnight: the hours after it belong to the day before.
    return (beginsOn(day) && minute >= start) || (beginsOn(day === 1 ? 7 : day - 1) && minute < end);
  };
}

function minutesOf(time: string): number {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time.trim()) ?? [];
  if (hours !== undefined) return Number(hours) * 60 + Number(minutes);
  throw new SnapflowError('BAD_INPUT', 'The time window needs times such as 08:30, not “{{time}}”.', {
    values: { time },
  });
}

function formatOf(zone: string | undefined): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...(zone && { timeZone: zone }),
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  } catch (cause) {
    throw new SnapflowError(
      'BAD_INPUT',
      'There is no time zone “{{zone}}”: use a name such as Asia/Shanghai or Europe/Berlin.',
      { values: { zone: zone ?? '' }, cause },
    );
  }
}

/** Day of the week (1 to 7) and minute of the day. */
function localTime(format: Intl.DateTimeFormat, moment: number): [number, number] {
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  return [DAYS.indexOf(parts.get('weekday') ?? '') + 1, minute];
}
