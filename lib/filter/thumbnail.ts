/** A look as a small JPEG, for people. */
import { inTurn, loadSharp } from '../picture/sharp';
import type { Look } from './look';

const QUALITY = 70;

export function thumbnailOf({ width, height, pixels }: Look): Promise<Buffer> {
  return inTurn(() =>
    loadSharp()(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: QUALITY })
      .toBuffer(),
  );
}
