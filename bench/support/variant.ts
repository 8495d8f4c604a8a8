/** One variant of a bench in a process of its own.   variant.ts <bench> <variant> <surroundings as JSON> */
import { benches } from '../cases';
import { answerQuestions } from './child';

void answerQuestions(async () => {
  const [bench = '', name = '', surroundings = '{}'] = process.argv.slice(2);
  const prepare = benches[bench]?.variants[name];
  if (!prepare) throw new Error(`No variant ${name} of ${bench}`);
  const variant = await prepare(JSON.parse(surroundings) as Record<string, string>);
  return {
    slot: (units: number) => {
      global.gc?.();
      return variant.slot(units);
    },
    close: () => variant.close?.(),
  };
});
