/**
 * Writes the few ASN.1 types that a certificate is made of, in their distinguished encoding (ITU-T X.690 §8,
 * §10). Each function returns one whole element: tag, length, contents.
 */

export function element(tag: number, ...contents: Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

/** Short form below 128, else the count of length bytes and those bytes (X.690 §8.1.3). */
function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

export const sequence = (...items: Buffer[]): Buffer => element(0x30, ...items);
export const set = (...items: Buffer[]): Buffer => element(0x31, ...items);
export const octetString = (contents: Buffer): Buffer => element(0x04, contents);
export const utf8String = (value: string): Buffer => element(0x0c, Buffer.from(value, 'utf8'));
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0x00]));

/** `[n]` around a whole element (EXPLICIT). */
export const explicit = (tag: number, item: Buffer): Buffer => element(0xa0 | tag, item);

/** `[n]` in place of a primitive type's own tag (IMPLICIT). */
export const implicit = (tag: number, contents: Buffer): Buffer => element(0x80 | tag, contents);

/** A non-negative integer from big-endian bytes: no leading zeros but the one that keeps it positive. */
export function integer(bytes: Buffer): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const magnitude = bytes.subarray(start);
  const negative = ((magnitude[0] ?? 0) & 0x80) !== 0;
  return element(0x02, negative ? Buffer.from([0]) : Buffer.alloc(0), magnitude);
}

/** Bits from the most significant on; `unused` of the last byte do not count. */
export function bitString(bytes: Buffer, unused = 0): Buffer {
  return element(0x03, Buffer.from([unused]), bytes);
}

/** `1.2.840.10045` → the first two arcs in one byte, the others in base 128. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const bytes = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}

/** UTCTime through 2049 and GeneralizedTime from 2050, as RFC 5280 §4.1.2.5 wants. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z';
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? element(0x17, Buffer.from(digits.slice(2), 'latin1'))
    : element(0x18, Buffer.from(digits, 'latin1'));
}
