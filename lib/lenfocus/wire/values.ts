/** Reads values liberally: cameras send numbers as text, ids as numbers, keys with stray blanks. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An id (did, pid, sn) as text; `''` when there is none: absent, null, blank, and 0, which cameras send for "not set". */
export function idOf(value: unknown): string {
  const id = textOf(value) ?? '';
  return id === '0' ? '' : id;
}

/** Text without surrounding blanks; undefined when absent, blank, or the `(null)` that firmware prints. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' || text === '(null)' ? undefined : text;
}

/** A finite number, also when sent as text. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

export function integerOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isInteger(number) ? number : undefined;
}

/** Keys differ only in case, blanks and separators between editions: `id_card`, `idCard` and `"id_card "` are one. */
export function canonicalKey(key: string): string {
  const seen = canonicalKeys.get(key);
  if (seen !== undefined) return seen;
  const canonical = key.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();
  if (canonicalKeys.size < MAX_KEYS && key.length <= LONGEST_KEY) canonicalKeys.set(key, canonical);
  return canonical;
}

/** Cameras send the same few hundred keys for ever; whoever makes up new ones gets no more room than this. */
const canonicalKeys = new Map<string, string>();
const MAX_KEYS = 2_000;
const LONGEST_KEY = 64;

/** The fields of an object by canonical key; the first non-null of two keys that fall together counts. */
export class Fields {
  private readonly values = new Map<string, unknown>();
  /** Objects among the values, once they were asked for. */
  private nested: Map<string, Fields> | undefined;

  constructor(source: unknown) {
    if (!isObject(source)) return;
    for (const key of Object.keys(source)) {
      const canonical = canonicalKey(key);
      if (this.values.get(canonical) == null) this.values.set(canonical, source[key]);
    }
  }

  /** The fields by canonical key. */
  [Symbol.iterator](): Iterator<[string, unknown]> {
    return this.values.entries();
  }

  /** The first field of these names (canonical: lower case, letters and digits) that is there and not null. */
  get(...names: string[]): unknown {
    for (const name of names) {
      const value = this.values.get(name);
      if (value != null) return value;
    }
    return undefined;
  }

  has(...names: string[]): boolean {
    return this.get(...names) !== undefined;
  }

  id(...names: string[]): string {
    return idOf(this.get(...names));
  }

  text(...names: string[]): string | undefined {
    return textOf(this.get(...names));
  }

  number(...names: string[]): number | undefined {
    return numberOf(this.get(...names));
  }

  integer(...names: string[]): number | undefined {
    return integerOf(this.get(...names));
  }

  fields(name: string): Fields {
    const seen = this.nested?.get(name);
    if (seen) return seen;
    const fields = new Fields(this.get(name));
    (this.nested ??= new Map()).set(name, fields);
    return fields;
  }
}

/** Leaves out the fields that are undefined, so that messages show only what the camera sent. */
export function known<T extends object>(fields: T): T {
  const kept: Partial<T> = {};
  for (const key of Object.keys(fields) as Array<keyof T>) {
    if (fields[key] !== undefined) kept[key] = fields[key];
  }
  return kept as T;
}
