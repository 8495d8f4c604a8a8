/** File names from a pattern such as `{device}/{yyyy}-{MM}-{dd}/{time}-{id}.{ext}`. */
import { SnapflowError } from '../errors';
import { checkPlaces, fillPlaces, type NameFacts, type Zone } from '../picture/name-places';
import { safeSegment } from './safe-segment';

/**
 * @param pattern folders are divided by `/`; every part is made safe, so that no value leads out of the folder
 * @throws SnapflowError `BAD_INPUT` for an unknown place, an empty pattern or one that is no path below a folder
 */
export function checkPattern(pattern: string): void {
  checkPlaces(pattern);
  if (!pattern.split(/[/\\]/).some((segment) => ['', '.', '..'].includes(segment.trim()))) return;
  throw new SnapflowError(
    'BAD_INPUT',
    'The name pattern must be a path below the folder, such as {device}/{date}-{time}.{ext}: not empty, without a slash at its ends, without “..”.',
  );
}

/** The path below the folder, its parts divided by `/`. */
export function fillPattern(pattern: string, facts: NameFacts, zone: Zone): string {
  return pattern
    .split(/[/\\]/)
    .map((segment) => safeSegment(fillPlaces(segment, facts, zone)))
    .join('/');
}
