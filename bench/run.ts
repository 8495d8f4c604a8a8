/**
 * node --import tsx bench/run.ts [name …] [--short] [--runs=3] [--rounds=15]
 *
 * All benches or the named ones, on the built package (`npm run build`). `--short`: one slot each, to see that they
 * work; then only counts can miss a target, never times. Fewer runs or rounds are quicker and less to be trusted.
 */
import { benches } from './cases';
import { FULL, runBench, SHORT } from './harness';
import { inFlight } from './support/bench';
import { keep, show } from './report';

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const effort = words.includes('--short') ? SHORT : FULL;
  const asked = { ...count(words, 'runs'), ...count(words, 'rounds') };
  const wanted = words.filter((word) => !word.startsWith('--'));
  const unknown = wanted.filter((name) => !benches[name]);
  if (unknown.length > 0)
    throw new Error(`No bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}`);
  const names = Object.keys(benches).filter((name) => wanted.length === 0 || wanted.includes(name));
  // Where no time is judged, one works while the other starts.
  await inFlight(names.length, effort.short ? 2 : 1, async () => {
    const name = names.shift() ?? '';
    const bench = benches[name]!;
    const result = await runBench(name, bench, { ...effort, ...bench.effort, ...asked });
    const tables = (await bench.tables?.(effort.short)) ?? [];
    const counted = result.targets.filter((target) => target.exact === true || !effort.short);
    show(bench, { ...result, targets: counted }, tables);
    keep(name, bench, effort, result, tables);
    if (counted.some((target) => !target.met)) process.exitCode = 1;
  });
}

function count(words: readonly string[], name: 'runs' | 'rounds'): Partial<Record<typeof name, number>> {
  const value = Number(words.find((word) => word.startsWith(`--${name}=`))?.split('=')[1]);
  return value > 0 ? { [name]: value } : {};
}

void main();
