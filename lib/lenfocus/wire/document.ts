/**
 * Reads a JSON document whose long strings are pictures. Only the skeleton between the long strings becomes a
 * JavaScript string and is parsed; the long ones are handed out as `LongText`, to be decoded from the bytes.
 * So a report of 1.5 MB costs what its few hundred bytes of fields cost, and one Chinese name does not turn
 * megabytes of base64 into two-byte strings.
 */
import { randomBytes } from 'node:crypto';
import { SnapflowError } from '../../errors';
import { parseJson } from './json';
import { LongText } from './long-text';
import { isObject } from './values';

export interface DocumentLimits {
  /** Bytes of the document outside its long strings. Default 1 MiB. */
  maxTextBytes: number;
  /** Long strings in one document. Default 64. */
  maxLongTexts: number;
}

/** Strings from this many bytes on are cut out. */
const LONG = 512;
const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** What stands for a long string in the skeleton. Letters nobody outside can guess, so no camera can write one. */
const MARK = randomBytes(24)
  .toString('hex')
  .replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));

/**
 * @returns the parsed value; strings of 512 bytes and more are `LongText`, integers beyond 2^53 are strings
 * @throws SnapflowError `TOO_LARGE` beyond the limits, `BAD_INPUT` when it is no JSON or nested too deeply
 */
export function readDocument(bytes: Buffer, limits: DocumentLimits): unknown {
  const { skeleton, longTexts } = cutLongTexts(bytes, limits);
  let value: unknown;
  try {
    value = parseJson(skeleton);
  } catch (cause) {
    throw new SnapflowError('BAD_INPUT', 'The camera sent a body that is no valid JSON.', {
      system: 'lenfocus',
      cause,
    });
  }
  return restore(value, longTexts, 0);
}

function cutLongTexts(bytes: Buffer, limits: DocumentLimits): { skeleton: string; longTexts: LongText[] } {
  const longTexts: LongText[] = [];
  const from = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  let skeleton = '';
  let copied = from;
  let longBytes = 0;
  let quotes = 0;
  for (let open = bytes.indexOf(QUOTE, from); open !== -1;) {
    let close = bytes.indexOf(QUOTE, open + 1);
    while (close !== -1 && isEscaped(bytes, close)) {
      if (++quotes > limits.maxTextBytes) throw tooMuchText(limits);
      close = bytes.indexOf(QUOTE, close + 1);
    }
    if (close === -1) break;
    if (close - open > LONG) {
      if (longTexts.length === limits.maxLongTexts) throw tooManyPictures(limits);
      skeleton += bytes.toString('utf8', copied, open + 1) + MARK + String(longTexts.length);
      longTexts.push(new LongText(bytes, open + 1, close));
      longBytes += close - open;
      copied = close;
    }
    // Looked at on the way, so that a body of nothing but quotes is given up early.
    if (close - longBytes > limits.maxTextBytes) throw tooMuchText(limits);
    open = bytes.indexOf(QUOTE, close + 1);
  }
  if (bytes.length - longBytes > limits.maxTextBytes) throw tooMuchText(limits);
  return { skeleton: skeleton + bytes.toString('utf8', copied), longTexts };
}

function isEscaped(bytes: Buffer, quote: number): boolean {
  let slashes = 0;
  while (bytes[quote - 1 - slashes] === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

/** Puts the long strings back in their places, in place. */
function restore(value: unknown, longTexts: readonly LongText[], depth: number): unknown {
  if (typeof value === 'string') {
    return value.startsWith(MARK) ? (longTexts[Number(value.slice(MARK.length))] ?? value) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) {
    throw new SnapflowError('BAD_INPUT', 'The camera sent JSON that is nested too deeply.', {
      system: 'lenfocus',
    });
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = restore(value[i], longTexts, depth + 1);
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) value[key] = restore(value[key], longTexts, depth + 1);
  }
  return value;
}

/** The value with its long strings as ordinary ones. */
export function withoutLongTexts(value: unknown): unknown {
  if (value instanceof LongText) return value.toString();
  if (Array.isArray(value)) return value.map(withoutLongTexts);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutLongTexts(part)]));
}

function tooMuchText(limits: DocumentLimits): SnapflowError {
  return new SnapflowError(
    'TOO_LARGE',
    'The camera sent more than {{limit}} bytes of JSON beside its pictures (maxTextBytes).',
    { system: 'lenfocus', values: { limit: limits.maxTextBytes } },
  );
}

function tooManyPictures(limits: DocumentLimits): SnapflowError {
  return new SnapflowError(
    'TOO_LARGE',
    'The camera sent more than {{limit}} long texts in one message (maxLongTexts).',
    { system: 'lenfocus', values: { limit: limits.maxLongTexts } },
  );
}
