/** Decides from the header alone what has to be done with a picture. */
import { SnapflowError } from '../errors';
import { readPictureHeader, type PictureHeader } from '../picture';
import type { Target } from './encode';
import { cropBox, sizeWithin, uprightSize } from './geometry';
import { exifOf } from './jpeg-metadata';
import type { FitSettings } from './options';

export interface Plan {
  header: PictureHeader;
  target: Target;
  /** Bytes that the result must not exceed. */
  limit: number;
  /** Nothing but the bytes is wrong. */
  onlyBytes: boolean;
  /** Nothing is wrong at all. */
  fits: boolean;
}

/**
 * @throws SnapflowError `BAD_INPUT` (empty, or a header without a size), `UNSUPPORTED_FORMAT`, `TOO_LARGE` (more pixels
 *   than `maxInputPixels`: nothing is decoded)
 */
export function planFor(picture: Buffer, settings: FitSettings): Plan {
  const header = readPictureHeader(picture);
  const { width, height, format } = header;
  if (width <= 0 || height <= 0) {
    throw new SnapflowError('BAD_INPUT', 'The picture is damaged or cut off: its header tells no size.');
  }
  const { maxInputPixels, maxBytes } = settings;
  if (width * height > maxInputPixels) {
    throw new SnapflowError(
      'TOO_LARGE',
      'The picture has {{width}} × {{height}} pixels, more than the {{limit}} that are decoded (maxInputPixels): let the camera send a smaller one, or raise the limit.',
      { values: { width, height, limit: maxInputPixels }, details: { width, height } },
    );
  }
  const isConverted = settings.format !== 'auto' && settings.format !== format;
  const orientation = format === 'jpeg' ? (exifOf(picture)?.orientation ?? 1) : 1;
  const box = cropBox(uprightSize(header, orientation), settings);
  const size = sizeWithin(box, settings);
  const isStamped = (settings.stamp?.text ?? '').trim() !== '';
  const isEdited =
    isStamped || settings.crop !== undefined || settings.rotate !== 0 || settings.masks.length > 0;
  const isSmaller = size.width !== box.width || size.height !== box.height;
  const target = targetFor(header, settings, picture.length <= maxBytes);
  const onlyBytes = !isConverted && !isEdited && !isSmaller;
  // A picture never becomes larger than it came, unless it is asked for what may need more: another format, letters
  // upon it, or a change to what is kept without loss.
  const mayGrow = isConverted || isStamped || (isEdited && target === 'png');
  return {
    header,
    target,
    limit: mayGrow ? maxBytes : Math.min(maxBytes, picture.length),
    onlyBytes,
    fits: onlyBytes && picture.length <= maxBytes,
  };
}

function targetFor({ format }: PictureHeader, settings: FitSettings, bytesFit: boolean): Target {
  if (settings.format !== 'auto') return settings.format;
  switch (format) {
    case 'jpeg':
    case 'webp':
      return format;
    case 'png':
    case 'gif':
      // Drawings stay without loss where they may.
      return bytesFit ? 'png' : 'jpeg';
    case 'bmp':
      return 'jpeg';
  }
}
