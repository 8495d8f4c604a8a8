/**
 * How a quality number changes the size of a file. Along the `position` of a quality the logarithm of the bytes is
 * nearly a straight line, so that a search by straight lines needs one or two encodes.
 */
export interface QualityAxis {
  position(quality: number): number;
  /** The other way round; not rounded. */
  quality(position: number): number;
}

/** Growth of log(bytes) along an axis that most camera pictures show. */
export const USUAL_SLOPE = 0.75;

/** Below this share of the standard table nearly every divisor is 1 already. */
const FINEST_SCALE = 0.02;

/**
 * What a JPEG quality multiplies the standard table by: 5 at 10, 1 at 50, 0.5 at 75, 0 at 100. It is the formula that
 * the encoders of the Independent JPEG Group introduced and that nearly every one has taken over.
 */
export function tableScale(quality: number): number {
  return Math.max(FINEST_SCALE, quality < 50 ? 50 / quality : 2 - quality / 50);
}

/** The quality whose table is so many times the standard one. */
export function qualityOfScale(scale: number): number {
  return scale > 1 ? 50 / scale : 100 - 50 * scale;
}

export const jpegAxis: QualityAxis = {
  position: (quality) => -Math.log(tableScale(quality)),
  quality: (position) => qualityOfScale(Math.exp(-position)),
};

/**
 * For WebP there is no such formula: libwebp bends its scale twice. These places, from 10 on, are log(bytes) / 0.75 of
 * generated camera pictures.
 */
const WEBP_PLACES: ReadonlyArray<readonly [quality: number, position: number]> = [
  [1, -0.3],
  [10, 0],
  [50, 1.04],
  [70, 1.48],
  [75, 1.61],
  [80, 1.89],
  [85, 2.29],
  [90, 2.81],
  [95, 3.49],
  [100, 4.43],
];

export const webpAxis: QualityAxis = {
  position: (quality) => between(WEBP_PLACES, quality),
  quality: (position) =>
    between(
      WEBP_PLACES.map(([quality, place]) => [place, quality] as const),
      position,
    ),
};

/** The value at a place between points, along straight lines; at the ends that of the last point. */
function between(points: ReadonlyArray<readonly [at: number, value: number]>, at: number): number {
  const upper = points.findIndex(([place]) => place >= at);
  if (upper === -1) return points[points.length - 1]![1];
  if (upper === 0) return points[0]![1];
  const [[from, low], [to, high]] = [points[upper - 1]!, points[upper]!];
  return low + ((at - from) / (to - from)) * (high - low);
}
