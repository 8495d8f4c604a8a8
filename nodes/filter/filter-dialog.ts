/** What the dialog of `snapflow-filter` asks: the last pictures, and what a threshold would have done with them. */
import { replay, weightsOf } from '../../lib/filter';
import { figure, regions, THRESHOLD_FIELD, type FilterConfig } from './filter-options';
import { keptPictures } from './last-pictures';

/** The values on screen, not yet deployed. */
export interface LastPicturesDraft {
  /** Id of the node. */
  node: string;
  threshold: string | number;
  masks?: FilterConfig['masks'];
  /** Whether the pictures themselves are wanted, or only what the threshold does. */
  thumbnails?: boolean;
}

/** @throws SnapflowError `BAD_INPUT` for a threshold or region that makes no sense */
export function lastPictures({ node, threshold, masks, thumbnails }: LastPicturesDraft): object {
  const kept = keptPictures(String(node));
  const limit = figure(threshold, THRESHOLD_FIELD, 0, 1);
  const replayed = replay(kept, limit, weightsOf(regions(masks)));
  return {
    pictures: kept.map(({ id, at, device, decision, thumbnail }, index) => ({
      id,
      at,
      device,
      pass: decision.pass,
      reason: decision.reason,
      ...(replayed[index] && { wouldPass: replayed[index].pass, distance: replayed[index].distance }),
      ...(thumbnails && thumbnail && { data: thumbnail.toString('base64') }),
    })),
  };
}
