/** Covers parts of a picture, for privacy: black, or with a few large squares. */
import type { OverlayOptions } from 'sharp';
import { rawSource, toRaw } from './decode';
import { maskBox, type Box } from './geometry';
import type { FitSettings } from './options';
import type { Raw } from '../picture/raw';

/** Squares along the longer side of a pixelated part: a face of two to three squares is nobody's. */
const SQUARES = 8;

/** @param raw cropped and turned as the settings say */
export async function cover(raw: Raw, settings: FitSettings): Promise<Raw> {
  const overlays: OverlayOptions[] = [];
  for (const mask of settings.masks) {
    const box = maskBox(mask, settings, raw);
    if (!box) continue;
    const input = mask.style === 'pixelated' ? await squares(raw, box, settings.timeoutMs) : black(box);
    overlays.push({ ...input, left: box.left, top: box.top });
  }
  return overlays.length === 0 ? raw : overlaid(raw, overlays, settings.timeoutMs);
}

/** The picture with others upon it, in the channels that it had. */
export async function overlaid(raw: Raw, overlays: OverlayOptions[], timeoutMs: number): Promise<Raw> {
  const hasAlpha = raw.channels === 2 || raw.channels === 4;
  const pipeline = rawSource(raw).composite(overlays);
  return toRaw(hasAlpha ? pipeline : pipeline.removeAlpha(), timeoutMs);
}

function black({ width, height }: Box): OverlayOptions {
  return { input: { create: { width, height, channels: 3, background: '#000000' } } };
}

/** Averaged to few pixels first, so that nothing of the part is left in them but its colours. */
async function squares(raw: Raw, box: Box, timeoutMs: number): Promise<OverlayOptions> {
  const side = Math.max(1, Math.ceil(Math.max(box.width, box.height) / SQUARES));
  const few = await toRaw(
    rawSource(raw)
      .extract(box)
      .resize(Math.ceil(box.width / side), Math.ceil(box.height / side), { fit: 'fill', kernel: 'cubic' })
      .removeAlpha(),
    timeoutMs,
  );
  const { data, width, height, channels } = await toRaw(
    rawSource(few).resize(box.width, box.height, { fit: 'fill', kernel: 'nearest' }),
    timeoutMs,
  );
  return { input: data, raw: { width, height, channels } };
}
