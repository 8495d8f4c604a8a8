/** Brings camera pictures of all formats under a limit: bytes, encodes, time, what is left to see, stalls. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Bench, Measures, Variant } from '../support/bench';
import { pictureFiles, population } from '../support/fit-pictures';
import { binarySearch, snapflow, stepsOfTen, type Way } from '../support/fit-ways';
import { ssim } from '../support/ssim';
import { median } from '../support/statistics';

/** Of a picture's own size, at most; ThingsCloud's limit is what the large ones meet. */
const LIMIT = 500_000;
const limitFor = (picture: Buffer) => Math.min(LIMIT, Math.round(picture.length * 0.4));
/** Pictures of which the structure is compared. */
const LOOKED_AT = 8;

/** A unit is one JPEG; the figures of the whole population are taken once for each process. */
const fitting =
  (way: Way, formats?: string): Variant =>
  ({ folder = '' }) => {
    const jpegs = pictureFiles(folder, 'jpeg');
    let whole: Measures | undefined;
    let turn = 0;
    return {
      async slot(units) {
        whole ??= await ofAll(way, pictureFiles(folder, formats), jpegs.slice(0, LOOKED_AT));
        const start = performance.now();
        for (let count = 0; count < units; count++) {
          const picture = jpegs[turn++ % jpegs.length]!;
          await way(picture, limitFor(picture));
        }
        return { ms: (performance.now() - start) / units, ...whole };
      },
    };
  };

async function ofAll(way: Way, pictures: Buffer[], lookedAt: Buffer[]): Promise<Measures> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const encodes: number[] = [];
  const shares: number[] = [];
  delay.enable();
  for (const picture of pictures) {
    const limit = limitFor(picture);
    const outcome = await way(picture, limit);
    encodes.push(outcome.encodes);
    shares.push(outcome.data.length / limit);
  }
  delay.disable();
  const similar: number[] = [];
  for (const picture of lookedAt)
    similar.push(await ssim(picture, (await way(picture, limitFor(picture))).data));
  return {
    under: shares.filter((share) => share <= 1).length / shares.length,
    full: shares.filter((share) => share >= 0.85 && share <= 1).length / shares.length,
    encodes: median(encodes),
    most: Math.max(...encodes),
    ssim: similar.reduce((sum, one) => sum + one, 0) / similar.length,
    stall: delay.percentile(99) / 1e6 - 1,
  };
}

const ours = 'Snapflow';
const binary = 'binary search';
const steps = 'steps of 10 from 90';

export const fit: Bench = {
  title: 'Fitting pictures under a limit',
  about:
    'Generated camera pictures, 70 % JPEG, the others WebP, PNG and BMP (the rows by hand: JPEG only), each to 40 % of its bytes, at most 500,000. ' +
    'Time for one JPEG; share under the limit, and within its last 15 %; encodes, median and most; structure that is left; 99th percentile of the event loop’s delay.',
  metrics: [
    { name: 'ms', unit: '', digits: 0 },
    { name: 'under', unit: '', digits: 2 },
    { name: 'full', unit: '', digits: 2 },
    { name: 'encodes', unit: '', digits: 1 },
    { name: 'most', unit: '', digits: 0 },
    { name: 'ssim', unit: '', digits: 4 },
    { name: 'stall', unit: 'ms', digits: 1 },
  ],
  variants: {
    [binary]: fitting(binarySearch, 'jpeg'),
    [ours]: fitting(snapflow),
    [steps]: fitting(stepsOfTen, 'jpeg'),
  },
  targets: [
    { variant: ours, metric: 'under', atLeast: 1, exact: true },
    { variant: ours, metric: 'encodes', atMost: 2, exact: true },
    { variant: ours, metric: 'most', atMost: 4, exact: true },
    { variant: ours, metric: 'ms', against: binary, atMost: 0.5 },
    { variant: ours, metric: 'ssim', against: steps, atLeast: 0.995, exact: true },
    { variant: ours, metric: 'full', atLeast: 0.85 },
    { variant: ours, metric: 'stall', atMost: 10 },
  ],
  units: { full: 2, short: 1 },
  surround: async (units) => ({
    facts: { folder: await population(units === 1 ? 10 : 100, units === 1) },
    close: () => Promise.resolve(),
  }),
};
