/** Whether a picture belongs to an alarm: such pictures are not held back, and not thrown away while others are left. */

/** Words for alarms in `picture.source.kind`, and `event` as the kind of a Lenfocus report, which is an alarm. */
const ALARM_KINDS: ReadonlySet<unknown> = new Set(['alarm', 'event']);

/**
 * @param info `PictureInfo`, or what came in its place in a message
 * @returns whether its source, or the report that it came with, calls it an alarm
 */
export function isAlarm(info: unknown): boolean {
  const { source, meta } = objectOf(info);
  return ALARM_KINDS.has(objectOf(source)['kind']) || ALARM_KINDS.has(objectOf(meta)['kind']);
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
