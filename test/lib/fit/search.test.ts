import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { jpegAxis, webpAxis } from '../../../lib/fit/axis';
import { LOSSLESS } from '../../../lib/fit/encode';
import { bestOf, nextTry, type Goal, type Tried, type Try } from '../../../lib/fit/search';
import { nextPngTry } from '../../../lib/fit/search-png';

type Encoder = (step: Try) => number;

function search(goal: Goal, encoder: Encoder, next = nextTry): { tried: Tried[]; best: Tried | undefined } {
  const tried: Tried[] = [];
  for (let step = next(goal, tried); step; step = next(goal, tried)) {
    tried.push({ ...step, bytes: Math.round(encoder(step)) });
  }
  return { tried, best: bestOf(goal, tried) };
}

const goal = (more: Partial<Goal> = {}): Goal => ({
  limit: 500_000,
  axis: jpegAxis,
  leastQuality: 40,
  bestQuality: 92,
  leastScale: 0.02,
  expected: { quality: 92, bytes: 2_500_000 },
  maxEncodes: 4,
  ...more,
});

/** An encoder whose sizes follow a line of that slope. */
const straight =
  (atBest: number, slope: number, growth = 0.85, axis = jpegAxis): Encoder =>
  ({ quality, scale }) =>
    atBest * Math.exp(slope * (axis.position(quality) - axis.position(92))) * scale ** (2 * growth);

describe('the search for a quality', () => {
  it('needs one encode where the picture behaves as most do, and comes close to the limit', () => {
    const { tried, best } = search(
      goal({ expected: { quality: 92, bytes: 1_600_000 } }),
      straight(1_600_000, 0.75),
    );
    assert.equal(tried.length, 1);
    assert.ok(best && best.bytes > 425_000 && best.scale === 1, JSON.stringify(best));
  });

  it('always ends below the limit, in at most 4 encodes, half of the time in 2', () => {
    const counts: number[] = [];
    fc.assert(
      fc.property(
        fc.record({
          atBest: fc.integer({ min: 200_000, max: 12_000_000 }),
          slope: fc.double({ min: 0.55, max: 1.1, noNaN: true }),
          growth: fc.double({ min: 0.7, max: 1, noNaN: true }),
          error: fc.double({ min: 0.6, max: 1.6, noNaN: true }),
        }),
        ({ atBest, slope, growth, error }) => {
          const aim = goal({ expected: { quality: 92, bytes: atBest * error } });
          const { tried, best } = search(aim, straight(atBest, slope, growth));
          counts.push(tried.length);
          assert.ok(tried.length <= 4);
          assert.ok(best && best.bytes <= aim.limit, JSON.stringify(tried));
          assert.ok(best.bytes >= aim.limit * 0.6 || best.quality === aim.bestQuality, JSON.stringify(tried));
          assert.equal(
            new Set(tried.map((one) => JSON.stringify(one))).size,
            tried.length,
            'a try is made twice',
          );
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
    counts.sort((one, other) => one - other);
    assert.ok((counts[1000] ?? 9) <= 2, `median ${counts[1000]}`);
  });

  it('ends below the limit on the stairs of a picture that was a JPEG before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.12, noNaN: true }), { minLength: 100, maxLength: 100 }),
        (stairs) => {
          const logs = stairs.reduce<number[]>((sum, step) => [...sum, (sum.at(-1) ?? 11) + step], []);
          const encoder: Encoder = ({ quality, scale }) => Math.exp(logs[quality - 1] ?? 0) * scale ** 1.7;
          const bytes = encoder({ quality: 92, scale: 1 });
          const aim = goal({ limit: bytes * 0.4, expected: { quality: 92, bytes } });
          const { best } = search(aim, encoder);
          assert.ok(best && best.bytes <= aim.limit);
        },
      ),
      { seed: 2, numRuns: 500 },
    );
  });

  it('makes the picture smaller only where the least quality is too large', () => {
    const { best } = search(goal({ limit: 60_000 }), straight(2_500_000, 0.75));
    assert.ok(best && best.scale < 1 && best.quality >= 40);
    const { best: large } = search(
      goal({ expected: { quality: 92, bytes: 1_200_000 } }),
      straight(1_400_000, 0.75),
    );
    assert.equal(large?.scale, 1);
  });

  it('does not make a picture smaller on a mere guess', () => {
    const expected = { quality: 50, bytes: 40_000_000, isGuess: true };
    const { best } = search(goal({ expected }), straight(1_600_000, 0.75));
    assert.equal(best?.scale, 1);
  });

  it('takes a picture that was made smaller on a wrong expectation back to its size', () => {
    const expected = { quality: 92, bytes: 90_000_000 };
    const { best } = search(goal({ expected }), straight(300_000, 0.75));
    assert.deepEqual(best, { quality: 92, scale: 1, bytes: 300_000 });
  });

  it('gives up when the smallest picture of the least quality is too large', () => {
    const { tried, best } = search(goal({ limit: 300 }), straight(2_500_000, 0.75));
    assert.equal(best, undefined);
    assert.ok(tried.length <= 4);
    assert.deepEqual(tried.at(-1)?.scale, 0.02);
  });

  it('takes the best quality where nothing limits it', () => {
    const { tried } = search(goal({ limit: Infinity }), straight(2_500_000, 0.75));
    assert.deepEqual(
      tried.map(({ quality, scale }) => ({ quality, scale })),
      [{ quality: 92, scale: 1 }],
    );
  });

  it('works along the scale of WebP as well', () => {
    const { tried, best } = search(
      goal({ axis: webpAxis, expected: { quality: 92, bytes: 1_600_000 } }),
      straight(1_600_000, 0.75, 0.85, webpAxis),
    );
    assert.equal(tried.length, 1);
    assert.ok(best && best.bytes <= 500_000);
  });
});

describe('the search for a PNG', () => {
  const encoder: Encoder = ({ quality, scale }) =>
    6_000_000 * (quality === LOSSLESS ? 1 : 0.35) * scale ** 1.9;
  const png = (limit: number) =>
    search(goal({ limit, expected: { quality: LOSSLESS, bytes: 6_000_000 } }), encoder, nextPngTry);

  it('keeps every pixel, else every pixel in fewer colours, else makes the picture smaller', () => {
    assert.deepEqual(png(6_000_000).best, { quality: LOSSLESS, scale: 1, bytes: 6_000_000 });
    assert.deepEqual(png(2_500_000).best, { quality: 80, scale: 1, bytes: 2_100_000 });
    const { tried, best } = png(500_000);
    assert.ok(best && best.scale < 1 && best.bytes <= 500_000 && best.bytes >= 425_000, JSON.stringify(best));
    assert.ok(tried.length <= 3);
  });

  it('gives up below the smallest size', () => {
    const { tried, best } = png(100);
    assert.equal(best, undefined);
    assert.ok(tried.length <= 4);
  });
});
