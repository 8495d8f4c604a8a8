/**
 * Reads `WWW-Authenticate` (RFC 9110 §11.6.1) as devices send it: several challenges in one line or in several,
 * commas and `=` inside quotes, escaped quotes, missing commas, unquoted values.
 */

export interface Challenge {
  /** Lower case: `digest`, `basic`, `negotiate`, … */
  scheme: string;
  /** Names in lower case; of a name given twice the first counts. Values without quotes and escapes. */
  parameters: ReadonlyMap<string, string>;
}

const GAP = /[\s,]+/y;
const TOKEN = /[\w!#$%&'*+.^`|~-]+/y;
const EQUALS = /[ \t]*=[ \t]*/y;
/** A string that never ends is taken to the end of the line. */
const QUOTED = /"((?:[^"\\]|\\.)*)(?:"|\\?$)/sy;
const UNQUOTED = /[^\s,"]*/y;
/** What `Negotiate` and its like send in place of parameters. */
const TOKEN68 = /[ \t]+[\w.~+/-]+=*[ \t]*(?=,|$)/y;

/** @param header the value, or the values of several lines */
export function parseChallenges(header: string | readonly string[] | undefined): Challenge[] {
  const lines = typeof header === 'string' ? [header] : (header ?? []);
  return lines.flatMap(parseLine);
}

/** The parameters of a header without a scheme, such as `Authentication-Info` (RFC 7616 §3.5). */
export function parseParameters(header: string | readonly string[] | undefined): ReadonlyMap<string, string> {
  const line = typeof header === 'string' ? header : header?.join(', ');
  return parseLine(`info ${line ?? ''}`)[0]?.parameters ?? new Map<string, string>();
}

function parseLine(line: string): Challenge[] {
  const scanner = new Scanner(line);
  const challenges: Challenge[] = [];
  let parameters = new Map<string, string>();
  while (!scanner.atEnd) {
    scanner.take(GAP);
    const name = scanner.take(TOKEN)?.[0].toLowerCase();
    if (name === undefined) {
      scanner.skip();
    } else if (scanner.take(EQUALS)) {
      const value = readValue(scanner);
      if (!parameters.has(name)) parameters.set(name, value);
    } else if (parameters.has('qop') && (name === 'auth' || name === 'auth-int')) {
      // `qop=auth,auth-int` without its quotes: the second word is no new scheme.
      parameters.set('qop', `${parameters.get('qop')},${name}`);
    } else {
      parameters = new Map();
      challenges.push({ scheme: name, parameters });
      scanner.take(TOKEN68);
    }
  }
  return challenges;
}

function readValue(scanner: Scanner): string {
  const quoted = scanner.take(QUOTED);
  if (quoted) return (quoted[1] ?? '').replace(/\\(.)/gs, '$1');
  return scanner.take(UNQUOTED)?.[0] ?? '';
}

class Scanner {
  #position = 0;

  constructor(private readonly line: string) {}

  get atEnd(): boolean {
    return this.#position >= this.line.length;
  }

  /** What a sticky pattern matches here; the position moves behind it. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.line);
    if (!match) return undefined;
    this.#position = pattern.lastIndex;
    return match;
  }

  skip(): void {
    this.#position += 1;
  }
}
