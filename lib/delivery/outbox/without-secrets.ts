/**
 * A copy of a JSON value in which every secret is replaced by `***`, wherever it stands in a text or a name.
 * Buffers and other things that JSON cannot hold are left to `JSON.stringify`.
 */
export function withoutSecrets(value: unknown, secrets: readonly string[]): unknown {
  const sought = secrets.filter((secret) => secret !== '');
  if (sought.length === 0) return value;
  const clean = (text: string): string =>
    sought.reduce((cleaned, secret) => cleaned.replaceAll(secret, '***'), text);
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return clean(part);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, child]) => [clean(name), walk(child)]));
  };
  // Through JSON first: `toJSON` of a member decides what would be written.
  return walk(JSON.parse(JSON.stringify(value ?? null)));
}
