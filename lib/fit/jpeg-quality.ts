/** With what quality a JPEG was made, by its own quantisation tables (ITU-T T.81 §B.2.4.1). */
import { visitSegments } from '../picture/jpeg-segments';
import { qualityOfScale } from './axis';

const QUANTISATION_TABLES = 0xdb;

/** Sum of the luminance table of T.81 annex K.1, which nearly every encoder multiplies by a scale. */
const STANDARD_SUM = 3688;

/**
 * The quality from 1 to 100 that would give about these tables, or undefined when there is none. Cameras with tables of
 * their own get the number whose table divides as much in all.
 */
export function jpegQuality(bytes: Buffer): number | undefined {
  let sum: number | undefined;
  visitSegments(bytes, (marker, _at, start, end) => {
    if (marker !== QUANTISATION_TABLES || end > bytes.length) return false;
    sum ??= sumOfTable(bytes.subarray(start, end));
    return sum !== undefined;
  });
  if (sum === undefined) return undefined;
  return Math.min(100, Math.max(1, Math.round(qualityOfScale(sum / STANDARD_SUM))));
}

/** The sum of table 0, which is that of the luminance; a segment may hold several tables. */
function sumOfTable(tables: Buffer): number | undefined {
  for (let at = 0; at < tables.length;) {
    const [wide, id] = [tables[at]! >> 4, tables[at]! & 15];
    const width = wide === 0 ? 1 : 2;
    const end = at + 1 + 64 * width;
    if (end > tables.length) return undefined;
    if (id === 0) {
      let sum = 0;
      for (let value = at + 1; value < end; value += width) sum += tables.readUIntBE(value, width);
      return sum;
    }
    at = end;
  }
  return undefined;
}
