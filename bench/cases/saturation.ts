/** Heartbeats while reports come in as fast as the server takes them. */
import type { Bench, Variant } from '../support/bench';
import { Child } from '../support/child';
import {
  coreReports,
  snapflowNodeReports,
  snapflowReports,
  type ReportServer,
} from '../support/report-servers';
import { percentile } from '../support/statistics';

const CORE = 'Node-RED core flow';
const OURS = 'Snapflow';
const NODES = 'Snapflow nodes, each picture sent to a function';

const DEVICES = 200;
const BEATS_PER_SECOND = 400;
const CONNECTIONS = 16;
const BYTES = 1_500_000;

/** A unit is a second. Who reports and who beats are processes of their own, so that one's work does not delay the other. */
const saturated =
  (serve: () => Promise<ReportServer>): Variant =>
  async () => {
    const server = await serve();
    const [beating, reporting] = [
      await Child.start('support/devices.ts'),
      await Child.start('support/devices.ts'),
    ];
    await beating.ask('open', server.url, DEVICES);
    return {
      async slot(units) {
        // Anew each time: a server closes connections that were idle during the others' slots.
        await reporting.ask('prepareReports', server.reportUrl, server.token, BYTES, CONNECTIONS);
        const before = server.pictures();
        await reporting.ask('saturate');
        const times = await beating.ask<number[]>('pacedBeats', BEATS_PER_SECOND, units);
        const posted = await reporting.ask<number>('relent');
        return {
          p50: percentile(times, 50),
          p99: percentile(times, 99),
          reports: posted / units,
          pictures: (server.pictures() - before) / posted,
          answered: times.length / (BEATS_PER_SECOND * units),
        };
      },
      async close() {
        await beating.stop();
        await reporting.stop();
        await server.close();
      },
    };
  };

export const saturation: Bench = {
  title: 'Heartbeats while reports saturate the server',
  about: `${DEVICES} devices beat ${BEATS_PER_SECOND} times a second in all, while ${CONNECTIONS} connections post reports of 1.5 MB without pause. Time from a heartbeat to its answer.`,
  metrics: [
    { name: 'p50', unit: 'ms', digits: 1 },
    { name: 'p99', unit: 'ms', digits: 1 },
    { name: 'reports', unit: 'per second', digits: 0 },
    { name: 'pictures', unit: 'per report' },
    { name: 'answered', unit: '' },
  ],
  variants: {
    [CORE]: saturated(coreReports),
    [OURS]: saturated(snapflowReports),
    [NODES]: saturated(snapflowNodeReports),
  },
  targets: [
    { variant: OURS, metric: 'p99', atMost: 100 },
    { variant: NODES, metric: 'p99', atMost: 100 },
    ...[OURS, NODES].map((variant) => ({ variant, metric: 'answered', atLeast: 1, exact: true })),
  ],
  units: { full: 3, short: 1 },
};
