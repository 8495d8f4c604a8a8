/** Comma-separated values as spreadsheets write them (RFC 4180), also with semicolons or tabs. */

/**
 * Rows of cells; empty lines are left out. The separator is the one that the first line has most of.
 * Quoted cells may hold separators, line breaks (a PEM key) and doubled quotes.
 */
export function parseCsv(text: string): string[][] {
  const separator = separatorOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { value, end } =
      text[at] === '"' ? quotedCell(text, at, separator) : plainCell(text, at, separator);
    row.push(value.trim());
    const delimiter = text[end];
    at = end + (delimiter === '\r' && text[end + 1] === '\n' ? 2 : 1);
    if (delimiter === separator && at < text.length) continue;
    if (delimiter === separator) row.push('');
    if (row.some((cell) => cell !== '')) rows.push(row);
    row = [];
  }
  return rows;
}

export function separatorOf(text: string): string {
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const count = (separator: string) => line.split(separator).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

function plainCell(text: string, start: number, separator: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  return { value: text.slice(start, end), end };
}

function quotedCell(text: string, start: number, separator: string): { value: string; end: number } {
  let value = '';
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return { value: value + text.slice(from), end: text.length };
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      const tail = plainCell(text, quote + 1, separator);
      return { value: value + tail.value, end: tail.end };
    }
    value += '"';
    from = quote + 2;
  }
}

/** A cell that `parseCsv` reads back as it was. */
export function csvCell(value: string, separator: string): string {
  return /["\r\n]/.test(value) || value.includes(separator) ? `"${value.replaceAll('"', '""')}"` : value;
}
