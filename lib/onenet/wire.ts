/**
 * What the platform sends, described as data: which wire name (or names, where chapters and editions differ) holds
 * what, and how it is read. Ids become text, sizes bytes, times ISO 8601. What nobody described, or nobody can read,
 * stays in `extra`.
 */
import { SnapflowError } from '../errors';
import { isObject, type JsonObject } from './json';
import { parseTime, type Zone } from './time';

/** Reads one value; undefined when it is not there or of the wrong kind. */
export type Read<T> = (value: unknown, zone: Zone) => T | undefined;

export const asText: Read<string> = (value) =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

export const asId: Read<string> = (value) => asText(value, 0)?.trim() || undefined;

export const asNumber: Read<number> = (value) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
};

export const asFlag: Read<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1' || value === 'true') return true;
  return value === 0 || value === '0' || value === 'false' ? false : undefined;
};

/** ISO 8601. */
export const asTime: Read<string> = (value, zone) => parseTime(value, zone)?.toISOString();

/** Bytes, from the KBytes of chapter 6. */
export const asKiloBytes: Read<number> = (value, zone) => {
  const size = asNumber(value, zone);
  return size === undefined ? undefined : size * 1024;
};

/** Base64, decoded. */
export const asBytes: Read<Buffer> = (value) =>
  typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;

export const asIs: Read<unknown> = (value) => value ?? undefined;

export interface Entry<T> {
  readonly names: readonly string[];
  readonly read: Read<T>;
  readonly required: boolean;
  /** What `null` stands for. */
  readonly ifNull?: T;
}

/** An entry that may be missing. */
export function from<T>(names: string | readonly string[], read: Read<T>): Entry<T | undefined> {
  return { names: [names].flat(), read, required: false };
}

/** An entry without which the whole has no meaning. */
export function must<T>(names: string | readonly string[], read: Read<T>): Entry<T> {
  return { names: [names].flat(), read, required: true };
}

/** A list that must be there; some services write an empty one as `null`. */
export function list<T>(name: string, item: (value: unknown, zone: Zone) => T): Entry<T[]> {
  return { ...must(name, listOf(item)), ifNull: [] };
}

export type Entries = Record<string, Entry<unknown>>;
type Value<E> = E extends Entry<infer T> ? T : never;
type OptionalKeys<E extends Entries> = {
  [K in keyof E]: undefined extends Value<E[K]> ? K : never;
}[keyof E];

export type Shaped<E extends Entries> = {
  [K in Exclude<keyof E, OptionalKeys<E>>]: Value<E[K]>;
} & { [K in OptionalKeys<E>]?: Exclude<Value<E[K]>, undefined> } & {
  /** What came beside it, under its wire names. */
  extra?: JsonObject;
};

/**
 * Makes a reader of objects. The reader throws SnapflowError `BAD_RESPONSE` when the value is no object or lacks a
 * required entry.
 */
export function shape<E extends Entries>(entries: E): (value: unknown, zone: Zone) => Shaped<E> {
  return (value, zone) => {
    if (!isObject(value)) throw shapeError(Object.values(entries)[0]?.names[0] ?? 'data');
    const extra = { ...value };
    const result: JsonObject = {};
    for (const [name, { names, read, required, ifNull }] of Object.entries(entries)) {
      const wireName = names.find((candidate) => value[candidate] != null && value[candidate] !== '');
      const otherwise = names.some((candidate) => value[candidate] === null) ? ifNull : undefined;
      const part = wireName === undefined ? otherwise : read(value[wireName], zone);
      if (part === undefined && required) throw shapeError(names[0] ?? name);
      if (part === undefined) continue;
      result[name] = part;
      if (wireName !== undefined) delete extra[wireName];
    }
    const rest = Object.entries(extra).filter(([, part]) => part != null && part !== '');
    if (rest.length > 0) result.extra = Object.fromEntries(rest);
    return result as Shaped<E>;
  };
}

/** A reader of arrays; nothing at all is an empty one. */
export function listOf<T>(read: (value: unknown, zone: Zone) => T): (value: unknown, zone: Zone) => T[] {
  return (value, zone) => {
    if (value == null) return [];
    if (!Array.isArray(value)) throw shapeError('data');
    return value.map((item) => read(item, zone));
  };
}

export function shapeError(part: string): SnapflowError {
  return new SnapflowError(
    'BAD_RESPONSE',
    'OneNET answered in an unexpected shape: “{{part}}” is missing or of the wrong kind.',
    { system: 'onenet', values: { part } },
  );
}
