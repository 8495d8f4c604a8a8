/** Shows a result as tables on the screen and keeps it as JSON in bench/results/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Effort, Figure, JudgedTarget, Result } from './harness';
import type { Bench, Table } from './support/bench';

const results = join(__dirname, 'results');

export function show(bench: Bench, { figures, targets }: Result, tables: Table[]): void {
  console.log(`\n## ${bench.title}\n${bench.about}\n`);
  if (bench.metrics.length > 0)
    print(
      ['', ...bench.metrics.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`))],
      Object.entries(figures).map(([variant, row]) => [
        variant,
        ...bench.metrics.map(({ name, digits = 2 }) => cell(row[name], digits)),
      ]),
    );
  for (const { title, columns, rows } of tables) {
    console.log(`\n${title}\n`);
    print(columns, rows);
  }
  for (const target of targets) console.log(sentence(target));
}

/** `123.4  ×0.98 [0.95–1.01]` */
function cell(figure: Figure | undefined, digits: number): string {
  if (!figure || Number.isNaN(figure.value)) return '–';
  const value = figure.value.toFixed(digits);
  if (!Number.isFinite(figure.ratio)) return value;
  const [ratio, lowest, highest] = [figure.ratio, figure.lowest, figure.highest].map((part) =>
    part.toFixed(2),
  );
  return `${value}  ×${ratio}` + (lowest === highest ? '' : ` [${lowest}–${highest}]`);
}

function sentence({ variant, metric, against, atLeast, atMost, reached, met }: JudgedTarget): string {
  const times = against === undefined ? '' : ` × ${against}`;
  const wanted = atLeast === undefined ? `at most ${atMost}${times}` : `at least ${atLeast}${times}`;
  return `${met ? 'reached' : 'MISSED '}  ${variant}, ${metric}: ${wanted}; it is ${reached.toFixed(3)}`;
}

function print(columns: string[], rows: string[][]): void {
  const widths = columns.map((column, index) =>
    Math.max(...[column, ...rows.map((row) => row[index] ?? '')].map((words) => words.length)),
  );
  const line = (cells: string[]) =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  console.log([line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'));
}

export function keep(name: string, bench: Bench, effort: Effort, result: Result, tables: Table[]): void {
  const machine = {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpus: cpus().length,
  };
  mkdirSync(results, { recursive: true });
  writeFileSync(
    join(results, `${name}.json`),
    JSON.stringify({ name, title: bench.title, at: new Date(), machine, effort, ...result, tables }, null, 2),
  );
}
