/** Registers a type: what every node of this package has, and what happens when it cannot be set up. */
import { isSnapflowError, SnapflowError } from '../../lib/errors';
import { nodeError } from './error-text';
import { Lifetime } from './lifetime';
import { onInput } from './input';
import type { NodeConfig, Red, RedNode, RegisterOptions } from './red';
import { Status } from './status';
import { runtimeLanguage } from './words';

/** What a node is made of; passed to its set-up and to the shared helpers. */
export interface NodeParts<N extends RedNode = RedNode> {
  RED: Red;
  node: N;
  life: Lifetime;
  status: Status;
}

/** Why a node could not be set up: told by the nodes that refer to it. */
const failures = new WeakMap<RedNode, unknown>();

/**
 * Registers a node type.
 * @param setUp wires the node. What it throws (a bad address, a missing account) is logged and shown in the
 *   status, and every message that arrives fails with it, so that Catch nodes see why nothing happens.
 */
export function registerNode<C extends NodeConfig, N extends RedNode = RedNode>(
  RED: Red,
  type: string,
  setUp: (parts: NodeParts<N>, config: C) => void,
  options: RegisterOptions = {},
): void {
  RED.nodes.registerType(
    type,
    function (this: RedNode, config: C) {
      RED.nodes.createNode(this, config);
      const life = new Lifetime(this);
      const parts = { RED, node: this as N, life, status: new Status(RED, this, life) };
      try {
        setUp(parts, config);
      } catch (error) {
        failures.set(this, error);
        parts.status.error(isSnapflowError(error) ? error.code : 'UNEXPECTED');
        this.error(nodeError(error, runtimeLanguage(RED)));
        onInput(parts, () => {
          throw error;
        });
      }
    },
    options,
  );
}

/**
 * The config node that a node refers to.
 * @throws SnapflowError `BAD_INPUT` when there is none, or what kept the config node from being set up
 */
export function configNode<N extends RedNode>(RED: Red, id: string | undefined): N {
  const found = RED.nodes.getNode<N>(id);
  if (!found) {
    throw new SnapflowError(
      'BAD_INPUT',
      'Choose the configuration that this node refers to: there is none, or it is disabled.',
    );
  }
  if (failures.has(found)) throw failures.get(found);
  return found;
}
