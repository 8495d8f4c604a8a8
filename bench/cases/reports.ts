/** Face reports with three pictures each, over eight connections. */
import { timed, type Bench, type Measures, type Variant } from '../support/bench';
import { Child } from '../support/child';
import {
  coreReports,
  rawReports,
  snapflowNodeReports,
  snapflowReports,
  type ReportServer,
} from '../support/report-servers';
import { byteScan, concatOnly, parseEverything } from '../support/report-work';
import { watched } from '../support/watched';

const NAIVE = 'node:http and JSON.parse';
const OURS = 'Snapflow';
const NODES = 'Snapflow nodes, each picture sent to a function';
const CORE = 'Node-RED core http in flow';
const SCAN = 'the pictures’ bytes alone';
const CONCAT = 'body only put together';

const CONNECTIONS = 8;
/** Of a report, in the order of the slot: the largest last, for its memory. */
const SIZES = { '60 KB': 60_000, '300 KB': 300_000, '1.5 MB': 1_500_000 } as const;

/** A unit is 60 KB: so many of the smaller ones, fewer of the larger ones. */
const reporting =
  (serve: () => Promise<ReportServer>): Variant =>
  async () => {
    const server = await serve();
    const devices = await Child.start('support/devices.ts');
    return {
      async slot(units) {
        const measures: Measures = {};
        let [good, sent] = [0, 0];
        const before = server.pictures();
        for (const [name, bytes] of Object.entries(SIZES)) {
          const count = Math.max(CONNECTIONS, Math.round((units * SIZES['60 KB']) / bytes));
          await devices.ask('prepareReports', server.reportUrl, server.token, bytes, CONNECTIONS);
          // Warm: a process that was idle during the others' slots is slow at first, and the more so the more it does.
          good += await devices.ask<number>('reports', count);
          sent += count;
          let speed: Measures = {};
          const { delay = NaN, peak = NaN } = await watched(async () => {
            speed = await timed(count, async () => (good += await devices.ask<number>('reports', count)));
          });
          sent += count;
          Object.assign(measures, { [name]: speed['rate'], [`delay ${name}`]: delay, peak });
          measures['cpu'] = speed['cpu'] ?? NaN;
        }
        return { ...measures, good: good / sent, pictures: (server.pictures() - before) / sent };
      },
      async close() {
        await devices.stop();
        await server.close();
      },
    };
  };

const SPEED = { '60 KB': 1.8, '300 KB': 4, '1.5 MB': 5 };
const OVER_CORE = { '60 KB': 4, '300 KB': 5, '1.5 MB': 5 };

export const reports: Bench = {
  title: 'Face reports',
  about: `Three pictures and a Chinese name, ${CONNECTIONS} connections. Reports per second by size, p99 of the loop’s delay, and of 1.5 MB the CPU and the highest memory. “good” is answered 200, “pictures” how many were found in each.`,
  metrics: [
    ...Object.keys(SIZES).map((name) => ({ name, unit: '/s', digits: 0 })),
    { name: 'delay 300 KB', unit: 'ms', digits: 1 },
    { name: 'delay 1.5 MB', unit: 'ms', digits: 1 },
    { name: 'cpu', unit: 'ms' },
    { name: 'peak', unit: 'MB', digits: 0 },
    { name: 'good', unit: '' },
    { name: 'pictures', unit: '' },
  ],
  variants: {
    [NAIVE]: reporting(() => rawReports(parseEverything)),
    [OURS]: reporting(snapflowReports),
    [NODES]: reporting(snapflowNodeReports),
    [CORE]: reporting(coreReports),
    [SCAN]: reporting(() => rawReports(byteScan)),
    [CONCAT]: reporting(() => rawReports(concatOnly)),
  },
  targets: [
    ...Object.entries(SPEED).flatMap(([metric, atLeast]) => [
      { variant: OURS, metric, against: NAIVE, atLeast },
      { variant: OURS, metric, against: CONCAT, atLeast: 0.45 },
    ]),
    ...Object.entries(OVER_CORE).map(([metric, atLeast]) => ({
      variant: OURS,
      metric,
      against: CORE,
      atLeast,
    })),
    { variant: OURS, metric: 'delay 300 KB', against: NAIVE, atMost: 0.7 },
    { variant: OURS, metric: 'delay 1.5 MB', against: NAIVE, atMost: 0.45 },
    { variant: OURS, metric: 'peak', against: NAIVE, atMost: 1.5 },
    ...[OURS, NODES].flatMap((variant) => [
      { variant, metric: 'good', atLeast: 1, exact: true },
      { variant, metric: 'pictures', atLeast: 3, exact: true },
    ]),
  ],
  units: { full: 2_000, short: 100 },
};
