/** Takes multipart replies apart, and shows which shapes each way reads. */
import { timed, type Bench, type Measures, type Table, type Variant } from '../support/bench';
import { chunksOf, largeBody, SHAPES, type Body } from '../support/multipart-bodies';
import { busboy, indexOfSplit, snapflow, type Parser } from '../support/multipart-parsers';

const BODIES = {
  '1 × 200 KB': largeBody(1, 200_000),
  '2 × 1 MB': largeBody(2, 1_000_000),
  '3 × 4 MB': largeBody(3, 4_000_000),
};
const CHUNK = 65_536;
const PARSERS: Record<string, Parser> = { 'Buffer.indexOf split': indexOfSplit, Snapflow: snapflow, busboy };

/** A unit is a megabyte of each body. */
const measuring =
  (parse: Parser): Variant =>
  () => ({
    async slot(units) {
      const measures: Measures = {};
      for (const [name, { bytes, contentType }] of Object.entries(BODIES)) {
        const times = Math.max(1, Math.round((units * 1e6) / bytes.length));
        const { cpu = 0 } = await timed(times, async () => {
          for (let index = 0; index < times; index++) await parse(chunksOf(bytes, CHUNK), contentType);
        });
        measures[name] = bytes.length / 1000 / cpu;
      }
      return measures;
    },
  });

async function verdict(parse: Parser, { bytes, contentType, picture }: Body): Promise<string> {
  const found: string[] = [];
  for (const size of [CHUNK, 1460, 977]) {
    const { parts, failure } = await parse(chunksOf(bytes, size), contentType);
    const told = failure === undefined ? '' : ', error';
    const [first] = parts;
    found.push(first ? (first.equals(picture) ? 'ok' : 'wrong bytes') + told : `nothing${told}`);
  }
  return [...new Set(found)].join(' / ');
}

async function shapes(): Promise<Table> {
  const rows: string[][] = [];
  for (const shape of SHAPES) {
    const row = [shape.name];
    for (const parse of Object.values(PARSERS)) row.push(await verdict(parse, shape));
    rows.push(row);
  }
  return {
    title: 'What each one reads, in chunks of 64 KB, 1,460 and 977 bytes',
    columns: ['', ...Object.keys(PARSERS)],
    rows,
  };
}

const split = 'Buffer.indexOf split';

export const multipart: Bench = {
  title: 'Taking a multipart reply apart',
  about: 'A JSON part and pictures, in chunks of 64 KB; megabytes per second of CPU time.',
  metrics: Object.keys(BODIES).map((name) => ({ name, unit: 'MB/s', digits: 0 })),
  variants: Object.fromEntries(Object.entries(PARSERS).map(([name, parse]) => [name, measuring(parse)])),
  targets: Object.entries({ '1 × 200 KB': 0.65, '2 × 1 MB': 0.8, '3 × 4 MB': 0.8 }).flatMap(
    ([metric, atLeast]) => [
      { variant: 'Snapflow', metric, against: split, atLeast },
      { variant: 'Snapflow', metric, against: 'busboy', atLeast: 2 },
    ],
  ),
  units: { full: 200, short: 60 },
  tables: async () => [await shapes()],
};
