/** What a bench is made of. The harness (`bench/harness.ts`) runs it, `bench/support/variant.ts` each variant. */

/** Numbers of one slot by the names of the bench's metrics, each per unit of work. */
export type Measures = Record<string, number>;

export interface RunningVariant {
  /** Does the work of one slot. */
  slot(units: number): Promise<Measures>;
  close?(): Promise<void>;
}

/** Makes a variant ready in a process of its own. `surroundings` is what `surround` told. */
export type Variant = (surroundings: Record<string, string>) => Promise<RunningVariant> | RunningVariant;

export interface Metric {
  name: string;
  unit: string;
  digits?: number;
}

/** What must hold: the metric of a variant in parts of the other variant's. */
export interface Target {
  variant: string;
  metric: string;
  /** Compared with this variant; without it the number itself counts. */
  against?: string;
  atLeast?: number;
  atMost?: number;
  /** Counts, which noise does not move: they must hold in a short run as well. */
  exact?: boolean;
}

export interface Surroundings {
  /** Addresses and such, for the variants. */
  facts: Record<string, string>;
  /** Counted outside the variants; a slot's growth per unit becomes a metric of the same name. */
  counters?(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
}

export interface Bench {
  title: string;
  /** What the figures mean, in a sentence or two. */
  about: string;
  metrics: Metric[];
  /** The first is the one that all are compared with; it runs twice (A/A), which shows the noise. */
  variants: Record<string, Variant>;
  targets: Target[];
  /** Units of work in one slot: full and short run. */
  units: { full: number; short: number };
  /** What is measured is only so in a fresh process: each does one slot and is not warmed up. */
  once?: true;
  /** Where more slots would tell nothing new: what is counted is the same in each. */
  effort?: { runs: number; rounds: number };
  /** Servers and data that live as long as one run, for slots of so many units. */
  surround?(units: number): Promise<Surroundings>;
  /** Facts beside the figures. */
  tables?(short: boolean): Promise<Table[]>;
}

/** Runs `work` and tells rate, time and the CPU time of this process, each per unit. */
export async function timed(units: number, work: () => Promise<unknown> | void): Promise<Measures> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: (units * 1000) / ms, ms: ms / units, cpu: (user + system) / 1000 / units };
}

/** Does `units` pieces of work, so many at once. */
export async function inFlight(units: number, atOnce: number, piece: () => Promise<unknown>): Promise<void> {
  let left = units;
  const lane = async () => {
    while (left-- > 0) await piece();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
