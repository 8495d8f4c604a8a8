/** The lines between the parts of a multipart body (RFC 2046 §5.1.1), read from bytes that may not all be there. */
import { parametersOf } from './header-value';

/** More bytes are needed to tell. */
export const MORE = Symbol('more');
export type More = typeof MORE;

const CRLF = Buffer.from('\r\n');
const LF = Buffer.from('\n');
const NOTHING = Buffer.alloc(0);
export const DASHES = Buffer.from('--');
const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const DASH = 0x2d;

/** RFC 2046 allows 70 characters, and fewer kinds; senders use all that print. */
const BOUNDARY_LINE = /^--[\x20-\x7e]{1,200}$/;

export interface Delimiter {
  /** Bytes of the line, its end included. */
  length: number;
  /** CR LF, LF, or nothing at the end of the input. */
  lineEnd: Buffer;
  /** The last one: `--` follows the boundary. */
  closing: boolean;
}

/** The first delimiter, from which all others follow. */
export interface FirstDelimiter extends Delimiter {
  /** `--` and the boundary. */
  dashed: Buffer;
  /** Where it begins. */
  start: number;
}

/** The boundary that a Content-Type declares. */
export function declaredBoundary(contentType: string | undefined): string | undefined {
  return parametersOf(contentType ?? '').get('boundary') || undefined;
}

/**
 * Reads a delimiter line that begins at `at`. Whatever else than blanks follows the boundary makes it content that
 * only looks alike. Only the last delimiter may lack its line end.
 * @param final no more bytes will be given
 */
export function readDelimiter(
  bytes: Buffer,
  at: number,
  dashed: Buffer,
  final: boolean,
): Delimiter | undefined | More {
  if (!startsWith(bytes, at, dashed)) return bytes.length - at < dashed.length && !final ? MORE : undefined;
  let end = at + dashed.length;
  const closing = startsWith(bytes, end, DASHES);
  if (closing) end += DASHES.length;
  while (bytes[end] === SPACE || bytes[end] === TAB) end++;
  for (const lineEnd of [CRLF, LF]) {
    if (startsWith(bytes, end, lineEnd)) return { length: end + lineEnd.length - at, lineEnd, closing };
  }
  // Cut in its line end or its second dash, it may still become a delimiter.
  const rest = bytes.length - end;
  const mayGoOn = rest === 0 || (rest === 1 && (bytes[end] === RETURN || bytes[end] === DASH));
  if (mayGoOn && !final) return MORE;
  const ended = mayGoOn && bytes[end] !== DASH;
  return closing && ended ? { length: bytes.length - at, lineEnd: NOTHING, closing } : undefined;
}

/**
 * Finds the first delimiter at the beginning of a line, behind whatever text. Without a boundary, the first line
 * that begins with `--` is taken for one.
 */
export function findFirstDelimiter(
  bytes: Buffer,
  boundary: string | undefined,
  final: boolean,
): FirstDelimiter | undefined | More {
  for (let start = 0; ;) {
    const lineFeed = bytes.indexOf(LINE_FEED, start);
    const line = bytes.subarray(start, lineFeed === -1 ? undefined : lineFeed);
    for (const dashed of boundary === undefined ? derivedFrom(line) : declaredAs(boundary)) {
      const delimiter = readDelimiter(bytes, start, dashed, final);
      if (delimiter === MORE) return MORE;
      if (delimiter) return { ...delimiter, dashed, start };
    }
    if (lineFeed === -1) return final ? undefined : MORE;
    start = lineFeed + 1;
  }
}

/** Some cameras declare the boundary with its dashes: `boundary=--frame`, and the lines are `--frame`. */
function declaredAs(boundary: string): Buffer[] {
  const bare = Buffer.from(boundary, 'latin1');
  const dashed = Buffer.concat([DASHES, bare]);
  return boundary.startsWith('--') ? [dashed, bare] : [dashed];
}

function derivedFrom(line: Buffer): Buffer[] {
  const text = line.toString('latin1').trimEnd();
  return BOUNDARY_LINE.test(text) ? [Buffer.from(text)] : [];
}

export function startsWith(bytes: Buffer, at: number, start: Buffer): boolean {
  const end = at + start.length;
  return end <= bytes.length && bytes.compare(start, 0, start.length, at, end) === 0;
}
