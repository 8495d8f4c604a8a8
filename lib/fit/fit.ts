/** Brings a picture under limits: as it is, else without loss, else at the best quality that fits, else smaller. */
import { closedError, SnapflowError } from '../errors';
import { inTurn } from '../picture/sharp';
import { jpegAxis, webpAxis } from './axis';
import { clean } from './clean';
import { cover } from './cover';
import { decode } from './decode';
import { encode, LOSSLESS, type Encoded, type Target } from './encode';
import { pictureFailure } from './failure';
import { imageBytes, keptSegments, withSegments } from './jpeg-metadata';
import { jpegQuality } from './jpeg-quality';
import { fitSettings, type FitOptions, type FitSettings } from './options';
import { planFor, type Plan } from './plan';
import type { Raw } from '../picture/raw';
import type { Facts, FitReport, Fitted } from './report';
import { bestOf, nextTry, type Goal, type Tried } from './search';
import { nextPngTry } from './search-png';
import { notDrawn, stampOnto } from './stamp';

/** The longer side of the smallest picture that is tried. */
const LEAST_SIDE = 64;
/** Steps of quality that are given away so that a picture does not become larger than it came. */
const OWN_SIZE_STEPS = 5;
/** Kept metadata that would take a larger share of the limit is dropped. */
const METADATA_SHARE = 0.25;
/** Bytes per pixel of quality 50, for pictures whose own tables do not tell. */
const USUAL_BYTES_PER_PIXEL = 0.08;

export interface FitCall {
  /** Ends the work between two steps. */
  signal?: AbortSignal;
}

/**
 * Fits one picture. Decoding and encoding run in other threads, one or two pictures of the process at a time.
 * @returns the same Buffer when it fits already
 * @throws SnapflowError `TOO_LARGE` (too many pixels, or nothing below the limit: `details` tell what was reached),
 *   `BAD_INPUT` (damaged, an impossible option, sharp missing), `UNSUPPORTED_FORMAT`, `TIMEOUT`, `CLOSED`
 */
export async function fit(picture: Buffer, options: FitOptions = {}, call: FitCall = {}): Promise<Fitted> {
  const job = startFit(picture, options);
  return job.done ?? inTurn(() => job.work(call));
}

export interface FitJob {
  /** There when nothing has to be decoded. */
  done: Fitted | undefined;
  work(call: FitCall): Promise<Fitted>;
}

/** The part that needs no decoding, done at once; throws what `fit` throws. */
export function startFit(picture: Buffer, options: FitOptions): FitJob {
  const startedAt = performance.now();
  const settings = fitSettings(options);
  const plan = planFor(picture, settings);
  const tookMs = () => Math.round((performance.now() - startedAt) * 10) / 10;
  const from: Facts = { ...factsOf(plan), bytes: picture.length };
  const untouched = (data: Buffer, action: FitReport['action']): Fitted => ({
    data,
    report: { action, from, to: { ...from, bytes: data.length }, encodes: 0, tookMs: tookMs() },
  });
  return {
    done: withoutDecoding(picture, plan, settings, untouched),
    work: async (call) => {
      const { data, report } = await reshape(picture, plan, settings, call);
      return { data, report: { ...report, tookMs: tookMs() } };
    },
  };
}

function withoutDecoding(
  picture: Buffer,
  plan: Plan,
  settings: FitSettings,
  untouched: (data: Buffer, action: FitReport['action']) => Fitted,
): Fitted | undefined {
  if (plan.fits && !settings.clean) return untouched(picture, 'passed');
  if (!plan.onlyBytes) return undefined;
  if (!plan.fits && plan.header.format === 'jpeg' && imageBytes(picture) > plan.limit) return undefined;
  // Data beside the picture, such as a maker's note or padding, may be all that is too much.
  const cleaned = clean(picture, plan.header.format, settings.metadata);
  if (cleaned && cleaned.length <= plan.limit && !cleaned.equals(picture))
    return untouched(cleaned, 'cleaned');
  return plan.fits ? untouched(picture, 'passed') : undefined;
}

async function reshape(
  picture: Buffer,
  plan: Plan,
  settings: FitSettings,
  { signal }: FitCall,
): Promise<{ data: Buffer; report: Omit<FitReport, 'tookMs'> }> {
  const { header, target } = plan;
  const goOn = () => {
    if (signal?.aborted) throw closedError('snapflow', signal.reason);
  };
  try {
    goOn();
    const { raw: plain, upright, frames } = await decode(picture, header, settings, target !== 'jpeg');
    goOn();
    const stamp = settings.stamp;
    let raw = await cover(plain, settings);
    if (stamp) raw = await stampOnto(raw, stamp, settings.timeoutMs);
    const quality = header.format === 'jpeg' ? jpegQuality(picture) : undefined;
    const segments = segmentsFor(picture, plan, settings);
    const limit = plan.limit - segments.reduce((sum, { length }) => sum + length, 0);
    const goal = goalFor({
      picture,
      plan,
      settings,
      raw,
      limit,
      quality,
      pixels: upright.width * upright.height,
    });
    const { best, tried } = await search(goal, raw, target, settings, goOn);
    if (!best) throw cannotFit(picture, plan, tried);
    const boxes = stamp ? notDrawn(stamp.text) : '';
    const data = target === 'jpeg' ? withSegments(best.data, segments) : best.data;
    return {
      data,
      report: {
        action: 'encoded',
        from: {
          ...factsOf(plan),
          bytes: picture.length,
          ...(quality !== undefined && { quality }),
          ...(frames > 1 && { frames }),
        },
        to: { format: target, bytes: data.length, width: best.width, height: best.height },
        quality: best.quality,
        encodes: tried.length,
        ...(boxes !== '' && { notDrawn: boxes }),
      },
    };
  } catch (error) {
    throw pictureFailure(error, settings.timeoutMs);
  }
}

type Outcome = Tried & Encoded;

async function search(
  goal: Goal,
  raw: Raw,
  target: Target,
  { timeoutMs, maxBytes }: FitSettings,
  goOn: () => void,
): Promise<{ best: Outcome | undefined; tried: Tried[] }> {
  const tried: Tried[] = [];
  let best: Outcome | undefined;
  let first: Outcome | undefined;
  const next = target === 'png' ? nextPngTry : nextTry;
  for (let step = next(goal, tried); step; step = next(goal, tried)) {
    const encoded = await encode(raw, target, step, timeoutMs);
    goOn();
    const outcome = { ...step, ...encoded, bytes: encoded.data.length };
    tried.push({ ...step, bytes: outcome.bytes });
    // Only the best is kept: of the others their size is enough.
    best = bestOf(goal, best ? [best, outcome] : [outcome]);
    first ??= outcome;
  }
  // A small picture that is turned may need some bytes more than it came with: better so than spoilt.
  if (!best && first && first.bytes <= maxBytes) best = first;
  return { best, tried };
}

interface GoalFacts {
  picture: Buffer;
  plan: Plan;
  settings: FitSettings;
  raw: Raw;
  limit: number;
  quality: number | undefined;
  /** Of the whole picture, of which `raw` may be a part or a smaller copy. */
  pixels: number;
}

function goalFor({ picture, plan, settings, raw, limit, quality, pixels }: GoalFacts): Goal {
  const { target } = plan;
  // Not the user's limit, but that a picture shall not become larger than it came: no reason to make it smaller.
  const isOwnSize = plan.limit < settings.maxBytes;
  const share = (raw.width * raw.height) / pixels;
  // A quality that the picture never had only makes it larger.
  const bestQuality = Math.min(settings.maxQuality, (target === 'jpeg' && quality) || LOSSLESS);
  return {
    limit,
    axis: target === 'webp' ? webpAxis : jpegAxis,
    leastQuality: Math.max(1, Math.min(settings.minQuality, bestQuality - (isOwnSize ? OWN_SIZE_STEPS : 0))),
    bestQuality,
    leastScale: isOwnSize ? 1 : Math.min(1, LEAST_SIDE / Math.max(raw.width, raw.height)),
    expected: expectation(picture, plan, raw, quality, share),
    maxEncodes: isOwnSize ? Math.min(2, settings.maxEncodes) : settings.maxEncodes,
  };
}

/** What a file of the decoded picture may have. */
function expectation(
  picture: Buffer,
  { header, target }: Plan,
  { width, height }: Raw,
  quality: number | undefined,
  share: number,
): Goal['expected'] {
  const own = header.format === 'jpeg' ? imageBytes(picture) : picture.length;
  const bytes = own * share ** 0.85;
  if (target === 'png') return { quality: LOSSLESS, bytes };
  if (quality !== undefined) return { quality, bytes };
  if (header.format === 'webp' && target === 'webp') return { quality: 80, bytes, isGuess: true };
  return { quality: 50, bytes: width * height * USUAL_BYTES_PER_PIXEL, isGuess: true };
}

function segmentsFor(picture: Buffer, { header, target, limit }: Plan, settings: FitSettings): Buffer[] {
  if (header.format !== 'jpeg' || target !== 'jpeg') return [];
  // A thumbnail in the headers would show what was cut off or covered.
  const isHiding = settings.crop !== undefined || settings.masks.length > 0;
  const choice = settings.metadata === 'keep' && isHiding ? 'safe' : settings.metadata;
  const segments = keptSegments(picture, choice);
  const bytes = segments.reduce((sum, { length }) => sum + length, 0);
  return bytes > limit * METADATA_SHARE ? [] : segments;
}

function factsOf({ header: { format, width, height } }: Plan): Omit<Facts, 'bytes'> {
  return { format, width, height };
}

function cannotFit(picture: Buffer, { limit }: Plan, tried: readonly Tried[]): SnapflowError {
  const reached = Math.min(...tried.map(({ bytes }) => bytes));
  return new SnapflowError(
    'TOO_LARGE',
    'The picture of {{bytes}} bytes cannot be brought under {{limit}} bytes: {{encodes}} encodes reached {{reached}} at best. Raise the limit, allow a lower quality, or let the camera send a smaller picture.',
    {
      values: { bytes: picture.length, limit, encodes: tried.length, reached },
      details: { bytes: picture.length, limit, reached, encodes: tried.length },
    },
  );
}
