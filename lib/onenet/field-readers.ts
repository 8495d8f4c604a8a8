/** How the value of each kind of field is read and checked. */
import { SnapflowError, type ErrorCode, type TextValues } from '../errors';
import { text } from '../texts/mark';
import type { Limits } from './fields';
import { isObject, parseJson, type JsonObject } from './json';
import { parseTime, type Zone } from './time';

/** Where a value is read: for its errors, and for times without a zone. */
export interface Place {
  label: string;
  limits: Limits;
  zone: Zone;
}

/** Reads a value that is not empty. Throws SnapflowError `BAD_INPUT` or `TOO_LARGE`. */
export type Reader<T> = (value: unknown, at: Place) => T;

export function isEmpty(value: unknown): boolean {
  return value == null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** The error of a field; its sentence has a place `{{field}}`. */
export function refuse(
  at: Place,
  sentence: string,
  values: TextValues = {},
  code: ErrorCode = 'BAD_INPUT',
): SnapflowError {
  return new SnapflowError(code, sentence, { system: 'onenet', values: { field: at.label, ...values } });
}

export const readId: Reader<string> = (value, at) => {
  const given = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  const plain = typeof given === 'string' ? given.trim() : '';
  // Ids become part of paths: dots alone would lead to another one.
  if (!/^[\w.:~-]{1,128}$/.test(plain) || /^\.+$/.test(plain)) {
    throw refuse(at, text('{{field}} must be an id: letters, digits, “-”, “_”, “.”, “:”, at most 128.'));
  }
  return plain;
};

export const readIds: Reader<string[]> = (value, at) => entries(value, at).map((item) => readId(item, at));

export const readTexts: Reader<string[]> = (value, at) =>
  entries(value, at).map((item) => readText(item, at));

function entries(value: unknown, at: Place): unknown[] {
  const items: unknown[] = Array.isArray(value) ? value : String(value).split(',');
  const given = items
    .map((item) => (typeof item === 'string' ? item.trim() : item))
    .filter((item) => !isEmpty(item));
  const { items: most = Infinity } = at.limits;
  if (given.length === 0) throw refuse(at, text('{{field}} is missing.'));
  if (given.length > most) throw refuse(at, text('{{field}} may hold at most {{most}} entries.'), { most });
  return given;
}

export const readText: Reader<string> = (value, at) => {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw refuse(at, text('{{field}} must be a text.'));
  }
  const { characters: most = Infinity, pattern } = at.limits;
  const given = String(value);
  if ([...given].length > most) {
    throw refuse(at, text('{{field}} may have at most {{most}} characters.'), { most });
  }
  if (pattern && !pattern.regex.test(given)) throw refuse(at, pattern.text);
  return given;
};

export const readNumber: Reader<number> = (value, at) => {
  const given = typeof value === 'string' ? Number(value) : value;
  if (typeof given !== 'number' || !Number.isFinite(given)) {
    throw refuse(at, text('{{field}} must be a number.'));
  }
  const { min = -Infinity, max = Infinity } = at.limits;
  if (given < min || given > max) {
    throw refuse(at, text('{{field}} must be between {{min}} and {{max}}.'), { min, max });
  }
  return given;
};

export const readInteger: Reader<number> = (value, at) => {
  const given = readNumber(value, at);
  if (!Number.isSafeInteger(given)) throw refuse(at, text('{{field}} must be a whole number.'));
  return given;
};

export const readFlag: Reader<boolean> = (value, at) => {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw refuse(at, text('{{field}} must be true or false.'));
};

export const readTime: Reader<Date> = (value, at) => {
  const given = parseTime(value, at.zone);
  if (given) return given;
  throw refuse(
    at,
    text('{{field}} must be a time: ISO 8601, “yyyy-MM-dd HH:mm:ss”, or seconds or milliseconds since 1970.'),
  );
};

export const readJson: Reader<JsonObject> = (value, at) => {
  const parsed = typeof value === 'string' ? parsedOrNothing(value) : value;
  if (!isObject(parsed)) throw refuse(at, text('{{field}} must be a JSON object.'));
  return parsed;
};

export const readJsonOrText: Reader<JsonObject | string> = (value, at) => {
  const isText = typeof value === 'string' && !value.trimStart().startsWith('{');
  return isText ? value : readJson(value, at);
};

function parsedOrNothing(given: string): unknown {
  try {
    return parseJson(given);
  } catch {
    return undefined;
  }
}

export const readPayload: Reader<Buffer> = (value, at) => {
  const bytes =
    typeof value === 'string'
      ? Buffer.from(value)
      : value instanceof Uint8Array
        ? readBytes(value, at)
        : Buffer.from(jsonText(value, at));
  const { bytes: most = Infinity } = at.limits;
  if (bytes.length > most) {
    const values = { bytes: bytes.length, most };
    throw refuse(
      at,
      text('{{field}} has {{bytes}} bytes; at most {{most}} are allowed.'),
      values,
      'TOO_LARGE',
    );
  }
  return bytes;
};

function jsonText(value: unknown, at: Place): string {
  try {
    const written = JSON.stringify(value) as string | undefined;
    if (written !== undefined) return written;
  } catch {
    // A cycle, or a BigInt: refused below.
  }
  throw refuse(at, text('{{field}} must be text, bytes, or something that JSON can hold.'));
}

export const readBytes: Reader<Buffer> = (value, at) => {
  if (!(value instanceof Uint8Array)) throw refuse(at, text('{{field}} must be a Buffer.'));
  if (value.length === 0) throw refuse(at, text('{{field}} is missing.'));
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
};
