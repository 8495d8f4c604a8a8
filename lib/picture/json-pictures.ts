/** Pictures that stand in JSON as base64, bare or as data URIs. */
import { decodeBase64 } from './base64';
import { sniffFormat } from './format';

/** Characters that decode to enough bytes to know a picture by. */
const START = 64;
/** Values looked at when no field is named. */
const MAX_VALUES = 100_000;

/**
 * @param field such as `image`, `data.image` or `images[0].data`; a list of texts gives several. Empty: every text
 *   that is a picture, wherever it stands
 * @param most pictures; more are left out
 * @returns their bytes; a named field may still hold no picture
 */
export function picturesInJson(json: unknown, field: string, most: number): Buffer[] {
  if (field !== '') return texts(valueAt(json, field)).slice(0, most).flatMap(decoded);
  const found: Buffer[] = [];
  for (const value of valuesIn(json)) {
    if (typeof value !== 'string' || !looksLikePicture(value)) continue;
    found.push(...decoded(value));
    if (found.length >= most) break;
  }
  return found;
}

/** What a path of names and indexes leads to. */
export function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const name of path.split(/[.[\]]+/).filter(Boolean)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function texts(value: unknown): string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string');
}

/** In the order of the document; a list of its own instead of recursion, since nesting may go as deep as it likes. */
function* valuesIn(json: unknown): Generator<unknown> {
  const waiting: unknown[] = [json];
  for (let count = 0; waiting.length > 0 && count < MAX_VALUES; count++) {
    const value = waiting.pop();
    yield value;
    if (typeof value === 'object' && value !== null)
      waiting.push(
        ...Object.values(value as Record<string, unknown>)
          .slice(0, MAX_VALUES)
          .reverse(),
      );
  }
}

/** Whether a text begins as a picture in base64 does. */
export function looksLikePicture(text: string): boolean {
  const start = text
    .trimStart()
    .replace(/^data:[^,]{0,100},/, '')
    .slice(0, START);
  return sniffFormat(Buffer.from(start, 'base64')) !== undefined;
}

function decoded(text: string): Buffer[] {
  const bytes = decodeBase64(Buffer.from(text));
  return bytes && bytes.length > 0 ? [bytes] : [];
}
