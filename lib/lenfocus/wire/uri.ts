/**
 * The document writes one operation's uri as `/ivp/facecap_param_set`, `ivp/facecap_param_set` and
 * `" /ivp/facecap_param_set"` (§1.5); they are the same. Sent ones always have the leading slash.
 */
export function canonicalUri(uri: unknown): string {
  if (typeof uri !== 'string') return '/';
  const path = uri.trim().replace(/^\/+|\/+$/g, '');
  return `/${path.toLowerCase()}`;
}
