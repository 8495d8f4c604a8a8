/** What a slot did to its process beside taking time: delay of the event loop and memory. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Measures } from './bench';

/** @returns p99 of the loop's delay in ms, and the highest resident memory in MB */
export async function watched(work: () => Promise<unknown>): Promise<Measures> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  let peak = 0;
  const look = (): void => void (peak = Math.max(peak, process.memoryUsage.rss()));
  const timer = setInterval(look, 5);
  histogram.enable();
  try {
    await work();
  } finally {
    histogram.disable();
    clearInterval(timer);
    look();
  }
  return { delay: histogram.percentile(99) / 1e6, peak: peak / 1e6 };
}
