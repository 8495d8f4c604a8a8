/** Words that all OneNET nodes share: the catalogue of the plugin `snapflow-onenet`. */
const NAMESPACE = '@snapflow/node-red-snapflow/snapflow-onenet';

/** The full locale key of such a word, for status texts. */
export function onenetKey(key: string): string {
  return `${NAMESPACE}:${key}`;
}
