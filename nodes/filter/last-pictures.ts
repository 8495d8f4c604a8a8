/** The last pictures of a filter, small, in memory only: what the dialog shows and tries a threshold on. */
import type { Recorded, Verdict } from '../../lib/filter';
import { thumbnailOf } from '../../lib/filter/thumbnail';

/** Pictures that are kept of a node: about 0.5 MB. Default 50. */
const MAX_KEPT = 50;

export interface KeptPicture extends Recorded {
  /** Tells it from the others while new ones come and old ones go. */
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  /** A JPEG of some 3 KB; none when no rule looked at the picture. */
  thumbnail?: Buffer;
}

/** By id of the node: a redeploy makes a new node, but the pictures are still the last ones. */
const byNode = new Map<string, KeptPicture[]>();
let lastId = 0;

export function keptPictures(node: string): readonly KeptPicture[] {
  return byNode.get(node) ?? [];
}

export function forgetPictures(node: string): void {
  byNode.delete(node);
}

/** Adds a picture; its thumbnail follows as soon as it is made. */
export async function keepPicture(
  node: string,
  device: string,
  { seen, ...decision }: Verdict,
): Promise<void> {
  const kept: KeptPicture = {
    id: ++lastId,
    at: Date.now(),
    device,
    decision,
    ...(seen.grid && { grid: seen.grid }),
  };
  const pictures = byNode.get(node) ?? [];
  pictures.push(kept);
  byNode.set(node, pictures.slice(-MAX_KEPT));
  if (seen.look) kept.thumbnail = await thumbnailOf(seen.look);
}
