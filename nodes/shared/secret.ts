/**
 * Secrets. In a flow there is only where a secret comes from, never the secret: `<name>Type` says `cred` (the
 * encrypted credential `<name>`, default), `env`, `msg`, `flow` or `global`, and `<name>From` then holds the
 * name of the variable or property.
 */
import type { NodeParts } from './node';
import type { Message, NodeConfig, Red, RedNode } from './red';
import { typedText } from './typed-value';

export type SecretSource = 'cred' | 'env' | 'msg' | 'flow' | 'global';

/** Where the secret `name` of a config comes from. */
export function secretSource(config: NodeConfig, name: string): { type: SecretSource; from: string } {
  const stored = config as unknown as Record<string, string | undefined>;
  return {
    type: (stored[`${name}Type`] as SecretSource | undefined) ?? 'cred',
    from: stored[`${name}From`] ?? '',
  };
}

/** A secret that is the same for every message: from the credentials or the environment; `''` when unset. */
export function fixedSecret(RED: Red, node: RedNode, config: NodeConfig, name: string): string {
  const { type, from } = secretSource(config, name);
  if (type === 'cred') return node.credentials?.[name] ?? '';
  return environmentValue(RED, node, from);
}

/** The value of an environment variable as a flow sees it (groups, flow, global, process); `''` when unset. */
export function environmentValue(RED: Red, node: RedNode | undefined, name: string): string {
  if (name === '') return '';
  const value = RED.util.evaluateNodeProperty(name, 'env', node, undefined);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A secret that may come with the message; `''` when there is none. */
export function messageSecret(
  parts: NodeParts,
  config: NodeConfig,
  name: string,
  msg: Message,
  field: string,
): Promise<string> {
  const { type, from } = secretSource(config, name);
  if (type === 'cred' || type === 'env') {
    return Promise.resolve(fixedSecret(parts.RED, parts.node, config, name));
  }
  return typedText(parts, { value: from, type }, msg, field);
}
