/**
 * Runs a bench so that its ratios mean something on a noisy machine: every variant is up at once, each in a
 * process of its own; slots alternate in a new order each round; a ratio is the median of the ratios within the
 * rounds; and the whole is repeated with fresh processes, because one process differs from the next. The first
 * variant runs twice: the ratio of the two is the noise.
 */
import type { Bench, Measures, Surroundings, Target } from './support/bench';
import { Child } from './support/child';
import { median, shuffled } from './support/statistics';

export interface Effort {
  /** Repetitions with fresh processes. */
  runs: number;
  /** Slots of each variant in a run. */
  rounds: number;
  short: boolean;
}

export const FULL: Effort = { runs: 3, rounds: 15, short: false };
export const SHORT: Effort = { runs: 1, rounds: 1, short: true };

export interface Figure {
  /** Median over all slots. */
  value: number;
  /** To the first variant: median over the runs, and the lowest and highest run. */
  ratio: number;
  lowest: number;
  highest: number;
}

/** Figures by variant, then by metric. */
export type Figures = Record<string, Record<string, Figure>>;

export interface JudgedTarget extends Target {
  reached: number;
  met: boolean;
}

export interface Result {
  figures: Figures;
  targets: JudgedTarget[];
}

type Round = Record<string, Measures>;

export const AGAIN = ' (again)';

export async function runBench(name: string, bench: Bench, effort: Effort): Promise<Result> {
  const runs: Round[][] = [];
  // A bench of tables alone has nothing to time.
  if (Object.keys(bench.variants).length === 0) return { figures: {}, targets: [] };
  for (let run = 0; run < effort.runs; run++) {
    runs.push(await oneRun(name, bench, effort));
    process.stderr.write(`${name}: run ${run + 1} of ${effort.runs} done\n`);
  }
  const figures = figuresOf(bench, runs, effort);
  const ran = rowsOf(bench, effort);
  const targets = bench.targets.filter(
    ({ variant, against = variant }) => ran.includes(variant) && ran.includes(against),
  );
  return { figures, targets: targets.map((target) => judge(target, runs)) };
}

async function oneRun(name: string, bench: Bench, effort: Effort): Promise<Round[]> {
  const units = effort.short ? bench.units.short : bench.units.full;
  const surroundings = await bench.surround?.(units);
  const variants = new Map<string, Child>();
  try {
    // All at once: most of a short run is waiting for Node-RED to start.
    await Promise.all(
      rowsOf(bench, effort).map(async (variant) => {
        const args = [name, variant.replace(AGAIN, ''), JSON.stringify(surroundings?.facts ?? {})];
        variants.set(variant, await Child.start('support/variant.ts', args));
      }),
    );
    // Warm, not counted.
    if (!bench.once) for (const child of variants.values()) await slot(child, units, surroundings);
    const rounds: Round[] = [];
    for (let round = 0; round < (bench.once ? 1 : effort.rounds); round++) {
      const measured: Round = {};
      for (const [variant, child] of shuffled([...variants])) {
        measured[variant] = await slot(child, units, surroundings);
      }
      rounds.push(measured);
    }
    return rounds;
  } finally {
    for (const child of variants.values()) await child.stop();
    await surroundings?.close();
  }
}

async function slot(child: Child, units: number, surroundings: Surroundings | undefined): Promise<Measures> {
  const before = await surroundings?.counters?.();
  const measures = await child.ask<Measures>('slot', units);
  const after = await surroundings?.counters?.();
  for (const [name, count] of Object.entries(after ?? {})) {
    measures[name] = (count - (before?.[name] ?? 0)) / units;
  }
  return measures;
}

/** The variants, and the first once more. In a short run, where times tell nothing, those of which anything is counted. */
function rowsOf({ variants, targets }: Bench, { short }: Effort): string[] {
  const names = Object.keys(variants);
  if (!short) return [...names, names[0] + AGAIN];
  const counted = targets.filter(({ exact }) => exact).flatMap(({ variant, against }) => [variant, against]);
  return counted.length === 0 ? names : names.filter((name) => counted.includes(name));
}

function figuresOf(bench: Bench, runs: Round[][], effort: Effort): Figures {
  const [first = ''] = Object.keys(bench.variants);
  const figures: Figures = {};
  for (const variant of rowsOf(bench, effort)) {
    figures[variant] = Object.fromEntries(
      bench.metrics.map(({ name }) => [name, figure(runs, variant, first, name)]),
    );
  }
  return figures;
}

function judge(target: Target, runs: Round[][]): JudgedTarget {
  const { variant, metric, against, atLeast = -Infinity, atMost = Infinity } = target;
  const { value, ratio } = figure(runs, variant, against ?? variant, metric);
  const reached = against === undefined ? value : ratio;
  return { ...target, reached, met: reached >= atLeast && reached <= atMost };
}

/** The metric of a variant, and in parts of another's. */
function figure(runs: Round[][], variant: string, other: string, metric: string): Figure {
  const of = (round: Round, which: string) => round[which]?.[metric] ?? NaN;
  const ratios = runs.map((rounds) => median(rounds.map((round) => of(round, variant) / of(round, other))));
  return {
    value: median(runs.flat().map((round) => of(round, variant))),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  };
}
