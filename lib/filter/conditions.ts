/** Conditions on what is known of a picture: its file, its source, and anything in its message. */
import { SnapflowError } from '../errors';

/** What a condition can look at; `property` is anything else that the message has. */
export const FIELDS = [
  'format',
  'bytes',
  'width',
  'height',
  'kind',
  'alarmType',
  'name',
  'plate',
  'score',
  'property',
] as const;
export type Field = (typeof FIELDS)[number];

/**
 * `is`, `is-not` and `contains` take one text or several, separated by commas; capitals and small letters are the same.
 * `at-least` and `at-most` take a number. `exists` and `missing` take nothing.
 */
export const OPERATORS = ['is', 'is-not', 'contains', 'at-least', 'at-most', 'exists', 'missing'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  field: Field;
  /** Of `property`: its name, as the flow writes it behind `msg.`. */
  property?: string;
  operator: Operator;
  value?: string | number;
}

/** Gives the value of a field; of `property` the one of that name. */
export type ReadField = (field: Field, property: string) => unknown;

export interface Test {
  readonly field: Field;
  holds(read: ReadField): boolean;
}

/** @throws SnapflowError `BAD_INPUT` for a condition that makes no sense */
export function testOf({ field, property = '', operator, value = '' }: Condition): Test {
  if (
    !FIELDS.includes(field) ||
    !OPERATORS.includes(operator) ||
    (field === 'property' && property.trim() === '')
  ) {
    throw new SnapflowError(
      'BAD_INPUT',
      'A condition of the filter is incomplete: choose what it looks at and how.',
    );
  }
  const test = comparison(operator, value);
  return { field, holds: (read) => test(read(field, property)) };
}

function comparison(operator: Operator, value: string | number): (found: unknown) => boolean {
  switch (operator) {
    case 'is':
      return within(wordsIn(value));
    case 'is-not': {
      const test = within(wordsIn(value));
      return (found) => !test(found);
    }
    case 'contains': {
      const wanted = wordsIn(value);
      return (found) => wordsOf(found).some((word) => wanted.some((part) => word.includes(part)));
    }
    case 'at-least': {
      const least = numberIn(value);
      return (found) => isFigure(found) && Number(found) >= least;
    }
    case 'at-most': {
      const most = numberIn(value);
      return (found) => isFigure(found) && Number(found) <= most;
    }
    case 'exists':
      return (found) => wordsOf(found).length > 0;
    case 'missing':
      return (found) => wordsOf(found).length === 0;
  }
}

function within(wanted: readonly string[]): (found: unknown) => boolean {
  return (found) => wordsOf(found).some((word) => wanted.includes(word));
}

function wordsIn(value: string | number): string[] {
  const words = String(value)
    .split(/[,，]/)
    .map(plain)
    .filter((word) => word !== '');
  if (words.length > 0) return words;
  throw new SnapflowError('BAD_INPUT', 'A condition of the filter has no value to compare with.');
}

function numberIn(value: string | number): number {
  if (isFigure(value)) return Number(value);
  throw new SnapflowError('BAD_INPUT', 'A condition of the filter needs a number, not “{{value}}”.', {
    values: { value },
  });
}

/** A number, or text that is one: cameras send both. */
function isFigure(value: unknown): value is string | number {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
}

/** What can be compared of a value: a coded one (`{ code, name }`) by either, a list by each. */
function wordsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  if (typeof value === 'object' && value !== null) {
    const { code, en, zh, name } = value as Record<string, unknown>;
    return [code, en, zh, name].flatMap((part) => (typeof part === 'object' ? [] : wordsOf(part)));
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return plain(String(value)) === '' ? [] : [plain(String(value))];
  }
  return [];
}

function plain(word: string): string {
  return word.trim().toLowerCase();
}
