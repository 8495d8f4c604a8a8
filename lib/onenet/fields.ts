/**
 * The inputs of operations, described as data: the same description checks a call, builds the form of a dialog and
 * names the field in an error. What a flow may hold is accepted (a number for an id, text for a number, ISO text for
 * a time); limits are checked before anything is sent.
 */
import { text } from '../texts/mark';
import * as readers from './field-readers';
import type { Reader } from './field-readers';
import type { JsonObject } from './json';
import type { Zone } from './time';

export type FieldType =
  | 'id'
  | 'ids'
  | 'text'
  | 'texts'
  | 'integer'
  | 'number'
  | 'flag'
  | 'choice'
  | 'time'
  | 'json'
  | 'payload'
  | 'picture';

export interface Limits {
  /** Lowest and highest number. */
  min?: number;
  max?: number;
  /** Characters of a text. */
  characters?: number;
  /** Bytes of a payload; text counts as UTF-8. */
  bytes?: number;
  /** Entries of a list. */
  items?: number;
  /** What the whole text must match, with the sentence that says so. */
  pattern?: { regex: RegExp; text: string };
}

/** @typeParam T what an operation gets, @typeParam I what a caller may give */
export interface Field<T, I = T> {
  readonly type: FieldType;
  /** English; `lib/texts` has the translation. */
  readonly label: string;
  readonly required: boolean;
  readonly limits: Limits;
  /** Value → label, of a choice. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Used when nothing is given. */
  readonly initial?: T;
  readonly read: Reader<T>;
  /** Only a type: what a caller may give. */
  readonly accepts?: I;
}

function field<T, I>(type: FieldType, label: string, read: Reader<T>, limits: Limits = {}): Field<T, I> {
  return { type, label, required: true, limits, read };
}

/** The same field, but it may be left out. */
export function optional<T, I>(of: Field<T, I>): Field<T | undefined, I | undefined> {
  return { ...of, required: false };
}

/** The same field with a value for when it is left out. */
export function initially<T, I>(of: Field<T, I>, initial: T): Field<T, I | undefined> {
  return { ...of, required: false, initial };
}

export const id = (label: string) => field<string, string | number>('id', label, readers.readId);

/** Ids as an array, or as text with commas between them. */
export const ids = (label: string, limits?: Limits) =>
  field<string[], readonly (string | number)[] | string | number>('ids', label, readers.readIds, limits);

export const string = (label: string, limits?: Limits) =>
  field<string, string>('text', label, readers.readText, limits);

/** Texts as an array, or as one with commas between them. */
export const strings = (label: string, limits?: Limits) =>
  field<string[], readonly string[] | string>('texts', label, readers.readTexts, limits);

export const integer = (label: string, limits?: Limits) =>
  field<number, number | string>('integer', label, readers.readInteger, limits);

export const number = (label: string, limits?: Limits) =>
  field<number, number | string>('number', label, readers.readNumber, limits);

export const flag = (label: string) => field<boolean, boolean>('flag', label, readers.readFlag);

export const time = (label: string) => field<Date, Date | string | number>('time', label, readers.readTime);

/** A JSON object, or its text. */
export const json = (label: string) => field<JsonObject, object | string>('json', label, readers.readJson);

/** A JSON object, its text, or any other text. */
export const jsonOrText = (label: string) =>
  field<JsonObject | string, object | string>('json', label, readers.readJsonOrText);

/** Bytes as they are, text as UTF-8, anything else as JSON. */
export const payload = (label: string, limits: Limits) =>
  field<Buffer, Uint8Array | string | object | number | boolean>(
    'payload',
    label,
    readers.readPayload,
    limits,
  );

export const picture = (label: string) => field<Buffer, Uint8Array>('picture', label, readers.readBytes);

/** One of the values, each with its label. */
export function choice<C extends string>(label: string, choices: Readonly<Record<C, string>>): Field<C> {
  const read: Reader<C> = (value, at) => {
    if (typeof value === 'string' && Object.hasOwn(choices, value)) return value as C;
    const known = Object.keys(choices).join(', ');
    throw readers.refuse(at, text('{{field}} must be one of: {{choices}}.'), { choices: known });
  };
  return { ...field<C, C>('choice', label, read), choices };
}

export type Fields = Readonly<Record<string, Field<unknown, unknown>>>;

type Accepted<F> = F extends Field<unknown, infer I> ? I : never;
type OptionalNames<F extends Fields> = {
  [K in keyof F]: undefined extends Accepted<F[K]> ? K : never;
}[keyof F];

/** What a caller gives. */
export type Input<F extends Fields> = { [K in Exclude<keyof F, OptionalNames<F>>]: Accepted<F[K]> } & {
  [K in OptionalNames<F>]?: Accepted<F[K]>;
};

/** What an operation gets. */
export type Values<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T, unknown> ? T : never };

/**
 * Checks a whole input.
 * @throws SnapflowError `BAD_INPUT` or `TOO_LARGE`, naming the field
 */
export function readFields<F extends Fields>(
  fields: F,
  input: Record<string, unknown>,
  zone: Zone,
): Values<F> {
  const values = Object.entries(fields).map(([name, { label, limits, required, initial, read }]) => {
    const at = { label, limits, zone };
    const value = input[name];
    if (!readers.isEmpty(value)) return [name, read(value, at)];
    if (required) throw readers.refuse(at, text('{{field}} is missing.'));
    return [name, initial];
  });
  return Object.fromEntries(values) as Values<F>;
}
