/**
 * A config node as it stands in an open dialog, not yet deployed: what the test buttons work with.
 *
 * A secret that the user has just typed may go to any address. A secret that only this Node-RED knows (a
 * stored credential, an environment variable) goes to the address it was deployed with and to no other, so
 * that a dialog cannot be used to have it sent elsewhere.
 */
import { SnapflowError } from '../../lib/errors';
import type { NodeConfig, Red, RedNode } from './red';
import { environmentValue, secretSource } from './secret';

/** Sent by the editor: the fields of the config node, with the credentials typed since the last deploy. */
export interface Draft<C extends NodeConfig> {
  config: C;
  credentials?: Record<string, string | undefined>;
}

/** How a config node that can be tested is deployed: what it was made from, environment replaced. */
export interface DraftableNode<C extends NodeConfig> extends RedNode {
  config?: C;
}

export interface ResolvedDraft<C extends NodeConfig> {
  config: C;
  secrets: Record<string, string>;
}

const ENVIRONMENT = /^\$\{([^}]+)\}$/;

/**
 * Fills in what the editor does not know.
 * @param names the secrets of the type
 * @param addressOf where the secrets would go
 * @throws SnapflowError `BAD_INPUT` when a kept secret would go to another address than the deployed one
 */
export function resolveDraft<C extends NodeConfig>(
  RED: Red,
  draft: Draft<C>,
  names: readonly string[],
  addressOf: (config: C) => string,
): ResolvedDraft<C> {
  const deployed = RED.nodes.getNode<DraftableNode<C>>(draft.config.id);
  const config = withEnvironment(RED, deployed ?? undefined, draft.config);
  const kept = new Map<string, string>();
  const secrets: Record<string, string> = {};
  for (const name of names) {
    const typed = draft.credentials?.[name];
    const { type, from } = secretSource(config, name);
    const variable = type === 'env' ? from : ENVIRONMENT.exec(typed ?? '')?.[1];
    if (variable !== undefined) kept.set(name, environmentValue(RED, deployed ?? undefined, variable));
    else if (typed !== undefined) secrets[name] = typed;
    else kept.set(name, deployed?.credentials?.[name] ?? '');
  }
  const used = [...kept].filter(([, value]) => value !== '');
  if (used.length > 0 && !(deployed?.config && sameAddress(addressOf(deployed.config), addressOf(config)))) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The stored secret is only used for the deployed address: type it again to try another one, or deploy first.',
    );
  }
  for (const [name, value] of kept) secrets[name] = value;
  return { config, secrets };
}

/** Scheme, host and port count; a path, a trailing slash and the case of the host do not. */
function sameAddress(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin;
}

/** As Node-RED does before it makes a node: a property that is all `${NAME}` is replaced. */
function withEnvironment<C extends NodeConfig>(RED: Red, node: RedNode | undefined, config: C): C {
  const entries = Object.entries(config).map(([name, value]: [string, unknown]) => {
    const variable = typeof value === 'string' ? ENVIRONMENT.exec(value)?.[1] : undefined;
    return [name, variable === undefined ? value : environmentValue(RED, node, variable)];
  });
  return Object.fromEntries(entries) as C;
}
