/** One part of a multipart body, and how its headers are read. */
import { isUtf8 } from 'node:buffer';
import { MORE, startsWith, type More } from './delimiter';
import { filenameOf, parametersOf, valueOf, type Parameters } from './header-value';

export interface Part {
  /** Names in lower case; several lines of one name are joined by `, `. */
  headers: Record<string, string>;
  /** Media type in lower case without parameters, as the sender labelled it; undefined when it did not. */
  contentType?: string;
  /** `name` and `filename` of its Content-Disposition; the file name without any folder. */
  name?: string;
  filename?: string;
  /** The exact bytes; may be a view of a received chunk. */
  body: Buffer;
}

export type PartHead = Omit<Part, 'body'>;

/** A header line, also with blanks before the colon, as old senders write it. */
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*:(.*)$/s;
const LINE_FEED = 0x0a;

/**
 * Reads the headers after a delimiter, up to their empty line. A part without headers may lack the empty line, too;
 * so may an empty part, whose headers are followed by the next delimiter.
 * @param final no more bytes will be given
 * @returns the head and its length in bytes; undefined when it does not end
 */
export function readPartHead(
  bytes: Buffer,
  dashed: Buffer,
  final: boolean,
): { head: PartHead; length: number } | undefined | More {
  for (let at = 0; ;) {
    const lineFeed = bytes.indexOf(LINE_FEED, at);
    if (lineFeed === -1 && !final) return MORE;
    const line = bytes.toString('latin1', at, lineFeed === -1 ? bytes.length : lineFeed);
    if (lineFeed !== -1 && (line === '' || line === '\r'))
      return { head: parseHead(bytes.subarray(0, at)), length: lineFeed + 1 };
    if ((at === 0 && !HEADER_LINE.test(line)) || startsWith(bytes, at, dashed))
      return { head: parseHead(bytes.subarray(0, at)), length: at };
    if (lineFeed === -1) return undefined;
    at = lineFeed + 1;
  }
}

function parseHead(bytes: Buffer): PartHead {
  // Names of files come as UTF-8 or in an 8-bit code that nobody declares.
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  const headers: Record<string, string> = {};
  // A line that begins with a blank continues the one before (RFC 5322 §2.2.3).
  for (const line of text.split(/\r?\n(?![ \t])/)) {
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const key = name.toLowerCase();
    const unfolded = value.replace(/\r?\n[ \t]+/g, ' ').trim();
    headers[key] = Object.hasOwn(headers, key) ? `${headers[key]}, ${unfolded}` : unfolded;
  }
  const head: PartHead = { headers };
  const contentType = valueOf(headers['content-type'] ?? '');
  if (contentType !== '') head.contentType = contentType;
  const disposition = headers['content-disposition'];
  if (disposition !== undefined) addNames(head, parametersOf(disposition));
  return head;
}

function addNames(head: PartHead, parameters: Parameters): void {
  const name = parameters.get('name');
  const filename = filenameOf(parameters);
  if (name !== undefined) head.name = name;
  if (filename !== undefined) head.filename = filename;
}
