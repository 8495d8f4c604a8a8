/** Words of the queues: the catalogue of the plugin `snapflow-outbox` (nodes/shared/locales). */
const NAMESPACE = '@snapflow/node-red-snapflow/snapflow-outbox';

/** The full locale key of such a word. */
export function outboxKey(key: string): string {
  return `${NAMESPACE}:${key}`;
}
