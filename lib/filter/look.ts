/** A picture made small: the one decode that all rules about what a picture shows work on. */
import type { Sharp as Pipeline } from 'sharp';
import { isSnapflowError, SnapflowError } from '../errors';
import { readPictureHeader, type PictureHeader } from '../picture';
import { decodeBmp } from '../picture/bmp';
import { inTurn, loadSharp } from '../picture/sharp';

export interface LookOptions {
  /**
   * Pixels that a picture may have; told by its header, before anything is decoded. Default 64,000,000: a camera of
   * 48 megapixels is fine, a few kilobytes that unpack to gigabytes are not.
   */
  maxPixels?: number;
  /** Milliseconds that decoding may take. Default 10,000. */
  decodeTimeoutMs?: number;
}

export interface Look {
  width: number;
  height: number;
  /** Red, green and blue of each pixel, row by row. */
  pixels: Uint8Array;
}

export const MAX_PIXELS = 64_000_000;
export const DECODE_TIMEOUT_MS = 10_000;

/**
 * Longest side of a look. An eighth of a 1080p picture and of a 720p one is larger, and an eighth is what a JPEG
 * decoder gives for almost nothing: everything finer would cost several times the time.
 */
const SIDE = 128;

/**
 * @param side pixels of the longest side. A smaller picture stays as large as it is
 * @param strict fails where the picture was cut off, instead of taking what there is
 * @throws SnapflowError `TOO_LARGE` (too many pixels), `BAD_INPUT` (broken; or sharp is missing), `UNSUPPORTED_FORMAT`
 */
export async function lookAt(
  data: Buffer,
  options: LookOptions = {},
  { side = SIDE, strict = false }: { side?: number; strict?: boolean } = {},
): Promise<Look> {
  const { maxPixels = MAX_PIXELS, decodeTimeoutMs = DECODE_TIMEOUT_MS } = options;
  const header = readPictureHeader(data);
  checkPixels(header, maxPixels);
  const sharp = loadSharp();
  const size = smaller(header, side);
  try {
    const { data: pixels, info } = await inTurn(async () =>
      (header.format === 'bmp'
        ? await fromBmp(data)
        : sharp(data, {
            failOn: strict ? 'truncated' : 'none',
            limitInputPixels: maxPixels,
            sequentialRead: true,
          })
      )
        .timeout({ seconds: Math.ceil(decodeTimeoutMs / 1000) })
        .resize({ ...size, fit: 'fill', kernel: 'linear' })
        .removeAlpha()
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true }),
    );
    return { width: info.width, height: info.height, pixels };
  } catch (cause) {
    if (isSnapflowError(cause)) throw cause;
    throw new SnapflowError(
      'BAD_INPUT',
      'The picture cannot be decoded: it is broken or cut off ({{reason}}).',
      {
        values: { reason: String((cause as Error).message).split('\n')[0] ?? '' },
        cause,
      },
    );
  }
}

/** sharp does not read BMP. One that is cut off fails, strict or not. */
async function fromBmp(data: Buffer): Promise<Pipeline> {
  const { data: pixels, width, height, channels } = await decodeBmp(data);
  return loadSharp()(pixels, { raw: { width, height, channels }, limitInputPixels: false });
}

function checkPixels({ width, height }: PictureHeader, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  throw new SnapflowError(
    'TOO_LARGE',
    'The picture has {{width}} × {{height}} pixels, more than the {{max}} that are decoded at most.',
    { values: { width, height, max: maxPixels } },
  );
}

function smaller({ width, height }: PictureHeader, side: number): { width: number; height: number } {
  const factor = Math.min(1, side / Math.max(width, height, 1));
  // A header that does not tell the size is told by the decoder later: a square will do.
  if (width === 0 || height === 0) return { width: side, height: side };
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
