/** Checks the parameters of a command against its fields and writes them as the protocol wants them. */
import { SnapflowError, type TextValues } from '../../errors';
import { sniffFormat } from '../../picture';
import { text } from '../../texts/mark';
import { decodeBase64 } from '../../picture/base64';
import { localTime, readTime } from '../wire/time';
import { isObject, numberOf, textOf, type JsonObject } from '../wire/values';
import type { FieldSpec, GroupField, IntegerField, TextField } from './fields';

const DEFAULT_TEXT_LENGTH = 256;

/**
 * @param zone minutes east of UTC of the device's clock
 * @returns the `param` object of the request
 * @throws SnapflowError `BAD_INPUT` with the field and its range, before anything is sent
 */
export function toWire(fields: readonly FieldSpec[], params: JsonObject, zone: number): JsonObject {
  const unknown = Object.keys(params).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) {
    throw badInput(text('This operation has no parameter “{{field}}”. It has: {{names}}.'), {
      field: unknown,
      names: fields.map((field) => field.name).join(', ') || '–',
    });
  }
  const wire: JsonObject = {};
  for (const field of fields) {
    const value = valueOf(field, params[field.name] ?? field.default, zone);
    if (value !== undefined) wire[field.wire] = value;
  }
  return wire;
}

function valueOf(field: FieldSpec, value: unknown, zone: number): unknown {
  if (value == null || value === '') {
    if (field.required) throw badInput(text('The parameter “{{field}}” is missing.'), { field: field.name });
    return field.type === 'text' && field.sentEmpty ? '' : undefined;
  }
  switch (field.type) {
    case 'boolean': {
      const flag = flagOf(value);
      if (flag === undefined)
        throw badInput(text('“{{field}}” must be true or false.'), { field: field.name });
      return field.as === 'number' ? Number(flag) : flag;
    }
    case 'integer':
      return integer(field, value);
    case 'choice':
      return oneOf(
        field.name,
        value,
        field.choices.map((choice) => choice.value),
      );
    case 'text':
      return textValue(field, value);
    case 'time':
      return time(field.name, value, zone);
    case 'picture':
      return picture(field.name, value);
    case 'group':
      return group(field, value, zone);
    case 'json':
      return value;
  }
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  const number = numberOf(value);
  return number === 0 || number === 1 ? number === 1 : undefined;
}

function integer(field: IntegerField, value: unknown): number {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, name } = field;
  const number = typeof value === 'boolean' ? undefined : numberOf(value);
  if (number === undefined || !Number.isInteger(number)) {
    throw badInput(text('“{{field}}” must be a whole number.'), { field: name });
  }
  if (number < min || number > max) {
    throw badInput(text('“{{field}}” must be from {{min}} to {{max}}; it is {{value}}.'), {
      field: name,
      min,
      max,
      value: number,
    });
  }
  return number;
}

function oneOf(name: string, value: unknown, choices: number[]): number {
  const number = numberOf(value);
  if (number === undefined || !choices.includes(number)) {
    throw badInput(text('“{{field}}” must be one of {{choices}}.'), {
      field: name,
      choices: choices.join(', '),
    });
  }
  return number;
}

function textValue(field: TextField, value: unknown): string {
  const { maxLength = DEFAULT_TEXT_LENGTH, name } = field;
  const written = textOf(value);
  if (written === undefined) throw badInput(text('“{{field}}” must be text.'), { field: name });
  if (written.length > maxLength) {
    throw badInput(text('“{{field}}” must have at most {{max}} characters.'), {
      field: name,
      max: maxLength,
    });
  }
  return written;
}

function time(name: string, value: unknown, zone: number): string {
  const read = value instanceof Date ? value : readTime(value, zone);
  if (!read || Number.isNaN(read.getTime())) {
    throw badInput(text('“{{field}}” must be a time, such as 2021-10-03 10:30:00.'), { field: name });
  }
  return localTime(read, zone);
}

function picture(name: string, value: unknown): string {
  const bytes = Buffer.isBuffer(value)
    ? value
    : typeof value === 'string'
      ? decodeBase64(Buffer.from(value))
      : undefined;
  if (!bytes || !sniffFormat(bytes)) {
    throw badInput(text('“{{field}}” must be a picture: its bytes, or their base64.'), { field: name });
  }
  return bytes.toString('base64');
}

function group(field: GroupField, value: unknown, zone: number): JsonObject {
  if (!isObject(value)) throw badInput(text('“{{field}}” must be an object.'), { field: field.name });
  return toWire(field.fields, value, zone);
}

function badInput(sentence: string, values: TextValues): SnapflowError {
  return new SnapflowError('BAD_INPUT', sentence, { system: 'lenfocus', values });
}
