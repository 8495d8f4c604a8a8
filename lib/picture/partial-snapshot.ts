/** A reply of which some pictures came whole and others did not. */
import { isSnapflowError, SnapflowError } from '../errors';
import type { Picture } from './picture';
import { text } from '../texts/mark';

/**
 * `PARTLY_DONE`: nothing that came whole is lost, and nobody takes it for all there was. The reason is its `cause`.
 */
export class PartialSnapshotError extends SnapflowError {
  constructor(
    /** The whole pictures, in order; at least one. */
    readonly pictures: Picture[],
    reason: SnapflowError,
  ) {
    super('PARTLY_DONE', text('Only {{count}} of the pictures came whole: {{reason}}'), {
      system: reason.system,
      values: { count: pictures.length, reason: reason.message },
      platform: reason.platform,
      cause: reason,
    });
  }
}

/** The whole pictures that a failed snapshot still gave; none for other errors. */
export function wholePicturesOf(error: unknown): Picture[] {
  return isSnapflowError(error) && 'pictures' in error ? (error as PartialSnapshotError).pictures : [];
}
