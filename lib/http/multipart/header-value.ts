/** Header values of the form `value; name=value; name="quoted value"` (RFC 9110 §5.6.6), read forgivingly. */

/** Names in lower case. The first of several with one name counts. */
export type Parameters = Map<string, string>;

// An unquoted value runs up to the next `;`: senders leave blanks, `=`, `:` and `/` of a boundary unquoted.
const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/gs;

/** What stands before the first `;`, lower case. */
export function valueOf(text: string): string {
  const semicolon = text.indexOf(';');
  return (semicolon === -1 ? text : text.slice(0, semicolon)).trim().toLowerCase();
}

export function parametersOf(text: string): Parameters {
  const parameters: Parameters = new Map();
  for (const [, name, quoted, bare] of text.matchAll(PARAMETER)) {
    const key = name!.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted === undefined ? bare!.trim() : unquote(quoted));
  }
  return parameters;
}

/** Only `\"` and `\\` are escapes: Windows senders leave the backslashes of a path as they are. */
function unquote(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text;
}

/**
 * File name of a Content-Disposition without any folder (RFC 6266 §4.3: a recipient must not follow a path).
 * `filename*` (RFC 8187) is preferred when it is UTF-8.
 */
export function filenameOf(parameters: Parameters): string | undefined {
  const name = extendedValue(parameters.get('filename*')) ?? parameters.get('filename');
  return name?.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1) || undefined;
}

function extendedValue(text: string | undefined): string | undefined {
  const encoded = text === undefined ? undefined : /^utf-8'[^']*'(.*)$/is.exec(text)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
