/** What is written into a picture: the user's words, with places for what is known about it. */
import { SnapflowError } from '../../lib/errors';
import type { PictureInfo } from '../../lib/picture';

type Known = Partial<Pick<PictureInfo, 'takenAt' | 'source' | 'name'>>;

/**
 * Fills `{time}`, `{device}`, `{channel}`, `{kind}` and `{name}`; what is not known leaves nothing.
 * @param zone name of a time zone such as `Asia/Shanghai`; empty: that of this machine
 * @throws SnapflowError `BAD_INPUT` for an unknown zone
 */
export function stampText(
  words: string,
  { takenAt, source, name }: Known,
  zone: string,
  now = new Date(),
): string {
  const places: Record<string, string | undefined> = {
    time: timeIn(zone, takenAt === undefined ? now : new Date(takenAt)),
    device: source?.device,
    channel: source?.channel,
    kind: source?.kind,
    name,
  };
  return words
    .replace(/\{(\w+)\}/g, (place, key: string) => (key in places ? (places[key] ?? '') : place))
    .replace(/\s+/g, ' ')
    .trim();
}

/** `2026-01-02 03:04:05` */
function timeIn(zone: string, time: Date): string {
  if (Number.isNaN(time.getTime())) return '';
  try {
    // The Swedish way of writing a time is that of ISO 8601.
    return time.toLocaleString('sv-SE', zone === '' ? {} : { timeZone: zone });
  } catch (cause) {
    throw new SnapflowError('BAD_INPUT', 'There is no time zone “{{zone}}”: write it like Asia/Shanghai.', {
      values: { zone },
      cause,
    });
  }
}
