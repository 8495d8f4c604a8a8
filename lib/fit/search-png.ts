/** Which PNG to try next: every pixel as it is, then with at most 256 colours, then smaller. */
import { LOSSLESS } from './encode';
import { bestOf, ENOUGH, type Goal, type Tried, type Try } from './search';

/** Of the palette. */
const PALETTE_QUALITY = 80;
/** What a palette leaves of a lossless file's bytes, at first guess. */
const PALETTE_SHARE = 0.4;
const AIM = 0.93;
const LAST_AIM = 0.75;
/** Growth of log(bytes) with log(pixels). */
const PIXEL_GROWTH = 0.9;
/** Above so many times the limit, a file that keeps every pixel is not tried. */
const HOPELESS = 4;
/** Where a palette is guessed to need so little less than the full size, the full size is tried. */
const NEARLY_FULL = 0.85;
/** A picture that is only so much larger than one that fits is not worth an encode. */
const HARDLY_LARGER = 1.02;

/** As `nextTry`, for PNG. */
export function nextPngTry(goal: Goal, tried: readonly Tried[]): Try | undefined {
  const { limit, leastScale, expected, maxEncodes } = goal;
  if (tried.length >= maxEncodes) return undefined;
  const best = bestOf(goal, tried);
  if (best && (best.scale === 1 || best.bytes >= limit * ENOUGH)) return undefined;
  if (tried.length === 0 && expected.bytes < limit * HOPELESS) return { quality: LOSSLESS, scale: 1 };

  const anchor = tried.at(-1) ?? { quality: LOSSLESS, scale: 1, bytes: expected.bytes };
  const isGuess = anchor.quality === LOSSLESS;
  const inColours = isGuess ? anchor.bytes * PALETTE_SHARE : anchor.bytes;
  const isLast = tried.length === maxEncodes - 1;
  const aim = limit * (isLast && !best ? LAST_AIM : AIM);
  const wanted = anchor.scale * (aim / inColours) ** (1 / (2 * PIXEL_GROWTH));
  const scale = isGuess && wanted > NEARLY_FULL ? 1 : Math.max(leastScale, Math.min(1, wanted));
  const isHopeless = !best && anchor.scale <= leastScale && !isGuess;
  if (isHopeless || (best && scale <= best.scale * HARDLY_LARGER)) return undefined;
  return { quality: PALETTE_QUALITY, scale };
}
