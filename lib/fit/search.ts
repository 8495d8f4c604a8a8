/**
 * Which encode to try next, so that a file comes just under its limit. Pure: it sees sizes only.
 *
 * First the quality: the size is predicted (from the picture's own tables, then from what the tries gave) and corrected
 * along a straight line of logarithms. Where the quality would fall below the least one, the picture is made smaller.
 */
import { USUAL_SLOPE, type QualityAxis } from './axis';

export interface Try {
  quality: number;
  /** Share of the full side length: 1 is full size. */
  scale: number;
}

export interface Tried extends Try {
  bytes: number;
}

export interface Goal {
  /** Bytes that must not be exceeded. */
  limit: number;
  axis: QualityAxis;
  /** Below it the picture is made smaller instead. */
  leastQuality: number;
  bestQuality: number;
  /** The scale below which the search gives up. */
  leastScale: number;
  /** What a file of the full size is expected to have; `isGuess` when nothing in the picture tells. */
  expected: { quality: number; bytes: number; isGuess?: boolean };
  /** Default 4. */
  maxEncodes: number;
}

/** From this share of the limit on a file is good enough. */
export const ENOUGH = 0.85;
/** What a prediction aims at: the middle of what is good enough, a bit up. */
const AIM = 0.94;
/** The last try must not miss: it aims lower and expects less of a lower quality and of fewer pixels. */
const CAUTIOUS = { aim: 0.82, slope: 0.3, pixelGrowth: 0.7 };
/** Growth of log(bytes) with log(pixels): a smaller picture has more to tell per pixel. */
const PIXEL_GROWTH = 0.85;
/** When so much less than the least quality is wanted, that one is not tried: the picture is made smaller at once. */
const HOPELESS = { byGuess: Infinity, byTables: 12, byTry: 3, last: 0 } as const;
/** A smaller picture is at least so much smaller. */
const HARDLY_SMALLER = 0.97;
/** Quality that a smaller picture is meant to have. */
const QUALITY_WHEN_SMALLER = 65;

/** @returns the next encode, or undefined when the best that fits is found, or nothing can fit */
export function nextTry(goal: Goal, tried: readonly Tried[]): Try | undefined {
  const best = bestOf(goal, tried);
  if (tried.length >= goal.maxEncodes || (best && isEnough(goal, best, tried))) return undefined;
  const isLast = tried.length === goal.maxEncodes - 1;
  const aim = goal.limit * (isLast && !best ? CAUTIOUS.aim : AIM);
  const anchor = startOf(goal, tried, best, aim);
  const { scale } = anchor;
  const sameSize = tried.filter((one) => one.scale === scale);
  const above = lowest(sameSize.filter(({ bytes }) => bytes > goal.limit));
  const highest = above ? Math.min(goal.bestQuality, above.quality - 1) : goal.bestQuality;
  const isBestSize = best?.scale === scale;
  if (isBestSize && above) {
    if (best.quality >= highest) return undefined;
    const between = qualityBetween(goal.axis, best, above, aim, isLast);
    return { quality: clamp(between, best.quality + 1, highest), scale };
  }
  const slope = isLast && !best ? CAUTIOUS.slope : slopeAt(goal.axis, sameSize);
  const wanted = qualityFrom(goal.axis, anchor, aim, slope);
  if (isBestSize) {
    // Made smaller on a wrong expectation: there is room for more pixels.
    const anyTooLarge = tried.some(({ bytes }) => bytes > goal.limit);
    if (scale < 1 && wanted >= highest && !anyTooLarge)
      return otherSize(goal, anchor, aim, slope, PIXEL_GROWTH, 1 / scale);
    return { quality: clamp(wanted, best.quality + 1, highest), scale };
  }
  if (wanted >= goal.leastQuality - HOPELESS[knownBy(goal, tried)] && highest >= goal.leastQuality) {
    return { quality: clamp(wanted, goal.leastQuality, highest), scale };
  }
  if (anchor.scale <= goal.leastScale && anchor.quality <= goal.leastQuality) return undefined;
  return otherSize(goal, anchor, aim, slope, isLast ? CAUTIOUS.pixelGrowth : PIXEL_GROWTH, HARDLY_SMALLER);
}

/** The largest that fits: of two sizes the larger picture is the better one, then the higher quality. */
export function bestOf<T extends Tried>({ limit }: { limit: number }, tried: readonly T[]): T | undefined {
  return tried
    .filter(({ bytes }) => bytes <= limit)
    .sort((one, other) => other.scale - one.scale || other.quality - one.quality)[0];
}

function knownBy({ expected, maxEncodes }: Goal, { length }: readonly Tried[]): keyof typeof HOPELESS {
  if (length === maxEncodes - 1) return 'last';
  if (length > 0) return 'byTry';
  return expected.isGuess ? 'byGuess' : 'byTables';
}

function isEnough({ limit, bestQuality }: Goal, best: Tried, tried: readonly Tried[]): boolean {
  if (best.bytes >= limit * ENOUGH) return true;
  if (best.quality >= bestQuality) return best.scale === 1 || tried.some(({ bytes }) => bytes > limit);
  return tried.some(({ scale, quality }) => scale === best.scale && quality === best.quality + 1);
}

/** What is known closest to the limit; while nothing fits, of the smallest size. Before any try the expectation. */
function nearest({ limit, expected }: Goal, tried: readonly Tried[], best: Tried | undefined): Tried {
  const distance = ({ bytes }: Tried) => Math.abs(Math.log(bytes / limit));
  const [first] = [...tried].sort(
    (one, other) => (best ? 0 : one.scale - other.scale) || distance(one) - distance(other),
  );
  return first ?? { ...expected, scale: 1 };
}

/** From where to go on: a larger picture than the best one only where a quality for it is left. */
function startOf(goal: Goal, tried: readonly Tried[], best: Tried | undefined, aim: number): Tried {
  const anchor = nearest(goal, tried, best);
  const hasQuality = () => qualityFrom(goal.axis, anchor, aim, USUAL_SLOPE) >= goal.leastQuality;
  return best && anchor.scale !== best.scale && !hasQuality() ? best : anchor;
}

function lowest(tried: readonly Tried[]): Tried | undefined {
  return [...tried].sort((one, other) => one.quality - other.quality)[0];
}

/** Rounded down: the file shall be below. */
function qualityFrom(axis: QualityAxis, anchor: Tried, aim: number, slope: number): number {
  return Math.floor(axis.quality(axis.position(anchor.quality) + Math.log(aim / anchor.bytes) / slope));
}

/**
 * On the line between one that fits and one that does not. A picture that was a JPEG before grows by stairs, so the
 * last try goes no further than half way.
 */
function qualityBetween(axis: QualityAxis, below: Tried, above: Tried, aim: number, isLast: boolean): number {
  const share = Math.log(aim / below.bytes) / Math.log(above.bytes / below.bytes);
  const from = axis.position(below.quality);
  const way = axis.position(above.quality) - from;
  return Math.floor(axis.quality(from + way * (isLast ? Math.min(share, 0.5) : share)));
}

/** The slope of the last two tries of the same size, else the usual one. */
function slopeAt(axis: QualityAxis, sameSize: readonly Tried[]): number {
  const [one, other] = sameSize.slice(-2);
  if (!one || !other) return USUAL_SLOPE;
  const slope =
    Math.log(other.bytes / one.bytes) / (axis.position(other.quality) - axis.position(one.quality));
  return clamp(slope, 0.5, 1.3);
}

/**
 * A picture of another size and good quality; the cautious last one gives quality away as well.
 * @param growth of log(bytes) with log(pixels)
 * @param mostChange of the side length
 */
function otherSize(
  goal: Goal,
  anchor: Tried,
  aim: number,
  slope: number,
  growth: number,
  mostChange: number,
): Try {
  const { axis, leastQuality, bestQuality, leastScale } = goal;
  const good = growth === PIXEL_GROWTH ? Math.max(leastQuality, QUALITY_WHEN_SMALLER) : leastQuality;
  const quality = Math.min(good, bestQuality);
  const atQuality = Math.log(anchor.bytes) + slope * (axis.position(quality) - axis.position(anchor.quality));
  const ratio = Math.exp((Math.log(aim) - atQuality) / (2 * growth));
  const scale = anchor.scale * Math.min(ratio, mostChange);
  if (scale <= leastScale) return { quality: leastQuality, scale: leastScale };
  if (scale < 1) return { quality, scale };
  const bytes = anchor.bytes / anchor.scale ** (2 * growth);
  return {
    quality: clamp(qualityFrom(axis, { ...anchor, bytes }, aim, slope), leastQuality, bestQuality),
    scale: 1,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
