/** Where things lie in a picture that is turned upright, cropped, turned and made smaller, in this order. */
import type { Area, FitSettings } from './options';

export interface Size {
  width: number;
  height: number;
}

/** Pixels from the upper left corner. */
export interface Box extends Size {
  left: number;
  top: number;
}

/** EXIF orientations 5 to 8 lie on their side. */
export function uprightSize({ width, height }: Size, orientation: number): Size {
  return orientation >= 5 && orientation <= 8 ? { width: height, height: width } : { width, height };
}

const WHOLE: Area = { left: 0, top: 0, width: 100, height: 100 };

/** An area of the upright picture as it lies in one that was turned clockwise. */
export function turned({ left, top, width, height }: Area, degrees: FitSettings['rotate']): Area {
  const [right, bottom] = [100 - left - width, 100 - top - height];
  switch (degrees) {
    case 0:
      return { left, top, width, height };
    case 90:
      return { left: bottom, top: left, width: height, height: width };
    case 180:
      return { left: right, top: bottom, width, height };
    case 270:
      return { left: top, top: right, width: height, height: width };
  }
}

/** What is cut out of the upright, turned picture, in its pixels: at least one. */
export function cropBox(upright: Size, { crop = WHOLE, rotate }: Pick<FitSettings, 'crop' | 'rotate'>): Box {
  return pixels(turned(crop, rotate), turnedSize(upright, rotate));
}

export function turnedSize({ width, height }: Size, degrees: number): Size {
  return degrees % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** The size within the limits, of the same shape; never larger, at least one pixel. */
export function sizeWithin(
  { width, height }: Size,
  limits: Pick<FitSettings, 'maxWidth' | 'maxHeight' | 'maxPixels'>,
): Size {
  const { maxWidth, maxHeight, maxPixels } = limits;
  const scale = Math.min(1, maxWidth / width, maxHeight / height, Math.sqrt(maxPixels / (width * height)));
  if (scale === 1) return { width, height };
  const size = scaled({ width, height }, scale);
  // Rounded up, it could break a limit by one pixel.
  const isOver = size.width > maxWidth || size.height > maxHeight || size.width * size.height > maxPixels;
  return isOver ? scaled({ width, height }, scale, Math.floor) : size;
}

export function scaled({ width, height }: Size, scale: number, round = Math.round): Size {
  return { width: Math.max(1, round(width * scale)), height: Math.max(1, round(height * scale)) };
}

/** Where a masked part of the upright picture lies in the finished one, or undefined when it is cut off. */
export function maskBox(
  mask: Area,
  { crop = WHOLE, rotate }: Pick<FitSettings, 'crop' | 'rotate'>,
  size: Size,
) {
  const left = Math.max(mask.left, crop.left);
  const top = Math.max(mask.top, crop.top);
  const right = Math.min(mask.left + mask.width, crop.left + crop.width);
  const bottom = Math.min(mask.top + mask.height, crop.top + crop.height);
  if (right <= left || bottom <= top) return undefined;
  const within: Area = {
    left: ((left - crop.left) / crop.width) * 100,
    top: ((top - crop.top) / crop.height) * 100,
    width: ((right - left) / crop.width) * 100,
    height: ((bottom - top) / crop.height) * 100,
  };
  return pixels(turned(within, rotate), size);
}

/** Whole pixels around an area: nothing of it is left out. */
function pixels(area: Area, { width, height }: Size): Box {
  const left = Math.min(width - 1, Math.max(0, Math.floor((area.left / 100) * width)));
  const top = Math.min(height - 1, Math.max(0, Math.floor((area.top / 100) * height)));
  const right = Math.min(
    width,
    Math.max(left + 1, Math.ceil(((area.left + area.width) / 100) * width - 1e-6)),
  );
  const bottom = Math.min(
    height,
    Math.max(top + 1, Math.ceil(((area.top + area.height) / 100) * height - 1e-6)),
  );
  return { left, top, width: right - left, height: bottom - top };
}
