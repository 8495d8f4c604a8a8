/** Cameras' JSON, of which nothing is certain before it is looked at. */

/** JSON in UTF-8, also behind a byte order mark; undefined when it is none. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether bytes look like the beginning of a JSON object or array. */
export function isJsonStart(bytes: Buffer): boolean {
  return /^(\xef\xbb\xbf)?\s*[{[]/.test(bytes.toString('latin1', 0, 64));
}

/** The fields of an object; none for anything else. */
export function objectOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}

/** Ids come as text or as numbers. */
export function textOf(json: unknown): string | undefined {
  return (typeof json === 'string' && json !== '') || typeof json === 'number' ? String(json) : undefined;
}
