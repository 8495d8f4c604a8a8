/**
 * Base64 straight from the bytes of a request to the bytes of a picture, in slices of 64 KiB: a string of the
 * whole picture would be the dearest step of a report (V8 moves it to its large-object space).
 * Accepted are the forms cameras send: bare or as a data URI, standard or url-safe alphabet, padded or not,
 * with blanks and with JSON escapes (`\/`, `\u003d`).
 */

/** Divisible by four, so that every slice but the last decodes to whole bytes. */
const SLICE = 65_536;
const DATA_URI = Buffer.from('data:');
const LONGEST_URI_PREFIX = 128;

const BACKSLASH = 0x5c;
const EQUALS = 0x3d;
const COMMA = 0x2c;
const SPACE = 0x20;

/**
 * Decodes the characters `start` (inclusive) to `end` (exclusive) of a document; undefined when they are not
 * base64. What they decode to may still be no picture.
 */
export function decodeBase64(source: Buffer, start = 0, end = source.length): Buffer | undefined {
  const first = afterDataUri(source, start, end);
  const last = beforePadding(source, first, end);
  return decodeClean(source, first, last) ?? decodeUnclean(source, first, last);
}

/** The fast way, for characters of the alphabet alone; undefined when there is any other. */
function decodeClean(source: Buffer, first: number, last: number): Buffer | undefined {
  if ((last - first) % 4 === 1) return undefined;
  const target = Buffer.allocUnsafe(decodedLength(last - first));
  let written = 0;
  for (let at = first; at < last; at += SLICE) {
    const to = Math.min(at + SLICE, last);
    // A blank, an escape or a foreign character makes a slice yield fewer bytes than its length promises.
    const got = target.write(source.toString('latin1', at, to), written, 'base64');
    if (got !== decodedLength(to - at)) return undefined;
    written += got;
  }
  return target;
}

/** The same with blanks and escapes taken out of each slice; what does not fill a quartet joins the next. */
function decodeUnclean(source: Buffer, first: number, last: number): Buffer | undefined {
  const target = Buffer.allocUnsafe(decodedLength(last - first));
  let written = 0;
  let rest = '';
  for (let at = first; at < last; at += SLICE) {
    const to = Math.min(at + SLICE, last);
    const text = withoutBlanksAndEscapes(rest + source.toString('latin1', at, to));
    const whole = to === last ? text.length : wholeQuartets(text);
    rest = text.slice(whole);
    if (whole % 4 === 1) return undefined;
    if (target.write(text.slice(0, whole), written, 'base64') !== decodedLength(whole)) return undefined;
    written += decodedLength(whole);
  }
  return target.subarray(0, written);
}

function decodedLength(characters: number): number {
  return Math.floor((characters * 3) / 4);
}

function withoutBlanksAndEscapes(text: string): string {
  // Apart from the rest because it is the common one (one character in 64) and much cheaper as a plain text.
  const unslashed = text.replaceAll('\\/', '/');
  return unslashed.replace(/\\u([0-9a-fA-F]{4})|\\[nrtbf]|\s+/g, (_all, code: string | undefined) =>
    code === undefined ? '' : String.fromCharCode(Number.parseInt(code, 16)).trim(),
  );
}

/** Length of the part that can be decoded now: no escape cut in two at its end, and whole quartets. */
function wholeQuartets(text: string): number {
  const slash = text.lastIndexOf('\\');
  const length = slash > text.length - 6 && slash !== -1 ? slash : text.length;
  return length - (length % 4);
}

function afterDataUri(source: Buffer, start: number, end: number): number {
  let first = start;
  while (first < end && (source[first] ?? 0) <= SPACE) first++;
  if (source.compare(DATA_URI, 0, DATA_URI.length, first, Math.min(first + DATA_URI.length, end)) !== 0) {
    return first;
  }
  const comma = source.subarray(first, Math.min(first + LONGEST_URI_PREFIX, end)).indexOf(COMMA);
  return comma === -1 ? first : first + comma + 1;
}

/** Cuts blanks, `=` and the `\u003d` with which some firmware ends every picture: so they keep the fast way. */
function beforePadding(source: Buffer, start: number, end: number): number {
  let last = end;
  for (;;) {
    const byte = last > start ? (source[last - 1] ?? 0) : 0xff;
    if (byte === EQUALS || byte <= SPACE) last -= 1;
    else if (last - 6 >= start && source[last - 6] === BACKSLASH && isEscapedEquals(source, last - 6))
      last -= 6;
    else return last;
  }
}

function isEscapedEquals(source: Buffer, at: number): boolean {
  return source.toString('latin1', at, at + 6).toLowerCase() === '\\u003d';
}
