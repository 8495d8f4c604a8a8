/** What a device costs that is connected and says nothing: memory of the server's process. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Variant } from '../support/bench';
import { Child } from '../support/child';
import { rawWebSockets, type DeviceServer } from '../support/raw-servers';
import { snapflowServer } from '../support/snapflow-servers';

const RAW = 'ws';
const OURS = 'Snapflow';
const RAW_SECURE = 'wss';
const OURS_SECURE = 'Snapflow with TLS';

/** Shares of the units of a slot; in a full run 1,000 to 15,000 devices. */
const STEPS = { '1,000': 1 / 15, '5,000': 1 / 3, '10,000': 2 / 3, '15,000': 1 } as const;

interface Memory {
  rss: number;
  heap: number;
}

async function memory(): Promise<Memory> {
  for (let i = 0; i < 3; i++) {
    global.gc?.();
    await pause(50);
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { rss: ownMemory() ?? rss / 1024, heap: heapUsed / 1024 };
}

/** KB of the process's own resident memory and what of it is swapped out: pages of its program come and go as they like. */
function ownMemory(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const status = readFileSync('/proc/self/status', 'utf8');
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return of('RssAnon') + of('VmSwap');
}

const idling =
  (serve: () => Promise<DeviceServer>): Variant =>
  async () => {
    const server = await serve();
    const devices = await Child.start('support/devices.ts');
    return {
      async slot(units) {
        await devices.ask('open', server.url, 1);
        const base = await memory();
        const measures: Record<string, number> = {};
        const at: Memory[] = [];
        let good = 1;
        for (const [name, share] of Object.entries(STEPS)) {
          const count = Math.round(units * share);
          good = await devices.ask<number>('open', server.url, count - good);
          const now = await memory();
          measures[name] = (now.rss - base.rss) / count;
          at.push(now);
        }
        const [, third, twoThirds, all] = at as [Memory, Memory, Memory, Memory];
        return {
          ...measures,
          growth: (all.rss - third.rss) / ((units * 2) / 3),
          early: (twoThirds.rss - third.rss) / (units / 3),
          late: (all.rss - twoThirds.rss) / (units / 3),
          heap: (all.heap - base.heap) / units,
          good: good / units,
        };
      },
      async close() {
        await devices.stop();
        await server.close();
      },
    };
  };

export const idle: Bench = {
  title: 'Memory of a device that is connected',
  about:
    'KB of resident memory per device in a fresh server, at so many devices; growth from 5,000 to 15,000 (early: to 10,000, late: from there), which what the process loads once does not blur.',
  metrics: [
    ...Object.keys(STEPS).map((name) => ({ name, unit: '', digits: 1 })),
    { name: 'growth', unit: 'KB', digits: 1 },
    { name: 'early', unit: 'KB', digits: 1 },
    { name: 'late', unit: 'KB', digits: 1 },
    { name: 'heap', unit: 'KB', digits: 1 },
    { name: 'good', unit: '' },
  ],
  variants: {
    [RAW]: idling(() => rawWebSockets()),
    [OURS]: idling(() => snapflowServer()),
    [RAW_SECURE]: idling(() => rawWebSockets(undefined, true)),
    [OURS_SECURE]: idling(() => snapflowServer({ secure: true })),
  },
  targets: [
    { variant: OURS, metric: 'growth', atMost: 5 },
    { variant: OURS, metric: 'late', atMost: 5 },
    { variant: OURS, metric: 'heap', atMost: 4 },
    { variant: OURS_SECURE, metric: 'growth', atMost: 33 },
    { variant: OURS_SECURE, metric: 'late', atMost: 33 },
    ...[OURS, OURS_SECURE].map((variant) => ({ variant, metric: 'good', atLeast: 1, exact: true })),
  ],
  units: { full: 15_000, short: 300 },
  once: true,
};
