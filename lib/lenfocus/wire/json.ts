/**
 * JSON as cameras write it. Ids are unsigned 64-bit integers and real cameras send them as JSON numbers
 * (`"pid":9223372036854775808`), which `JSON.parse` rounds: integers beyond ±(2^53 − 1) come back as strings.
 */

/** A run of digits that may not fit a double. Most documents have none and are parsed once. */
const MANY_DIGITS = /\d{16}/;

/** @throws SyntaxError when the text is no JSON */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return MANY_DIGITS.test(text) ? JSON.parse(quoteBigIntegers(text)) : value;
}

/** Puts quotes around integers that a double cannot hold. The text must be valid JSON. */
function quoteBigIntegers(text: string): string {
  const next = /"|-?\d{16,}/g;
  let quoted = '';
  let copied = 0;
  for (let match = next.exec(text); match; match = next.exec(text)) {
    if (match[0] === '"') {
      next.lastIndex = endOfString(text, match.index) + 1;
      continue;
    }
    const end = match.index + match[0].length;
    const partOfFraction = /[.eE+-]/.test(text.charAt(match.index - 1)) || /[.eE]/.test(text.charAt(end));
    if (partOfFraction || Number.isSafeInteger(Number(match[0]))) continue;
    quoted += `${text.slice(copied, match.index)}"${match[0]}"`;
    copied = end;
  }
  return copied === 0 ? text : quoted + text.slice(copied);
}

/** Position of the quote that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}
