/**
 * The MD5 sign of chapter 三 (签名算法): parameters in ascending order of their keys, those without a
 * visible value left out, each as key + value without separators, then the secret; MD5 as upper-case hex.
 * The document does not say where it is used; flows that talk to the vendor's platform can.
 */
import { createHash } from 'node:crypto';

export function signParameters(
  parameters: Readonly<Record<string, string | number | boolean | null | undefined>>,
  secret: string,
): string {
  const joined = Object.keys(parameters)
    .sort()
    .map((key) => ({ key, value: String(parameters[key] ?? '') }))
    .filter(({ value }) => value.trim() !== '')
    .map(({ key, value }) => key + value)
    .join('');
  return createHash('md5')
    .update(joined + secret)
    .digest('hex')
    .toUpperCase();
}
