/** What every node of this package has, and what happens when it cannot be set up. Loaded with the first node. */
import { isSnapflowError, SnapflowError } from '../../lib/errors';
import { nodeError } from './error-text';
import { Lifetime } from './lifetime';
import { onInput } from './input';
import { NodeView } from './node-view';
import type { NodeParts, SetUp } from './node';
import type { NodeConfig, Red, RedNode } from './red';
import { Status } from './status';
import { runtimeLanguage } from './words';

/** Why a node could not be set up: told by the nodes that refer to it. */
const failures = new WeakMap<RedNode, unknown>();

/**
 * Makes a node what it is. What its set-up throws is logged and shown in the status, and every message that arrives
 * fails with it, so that Catch nodes see why nothing happens.
 */
export function startNode<C extends NodeConfig, N extends RedNode>(
  RED: Red,
  node: N,
  setUp: SetUp<C, N>,
  config: C,
): void {
  RED.nodes.createNode(node, config);
  const life = new Lifetime(node);
  const status = new Status(RED, node, life);
  const view = new NodeView(RED, node, life, { on: 'view' in config && config.view === true });
  const parts: NodeParts<N> = { RED, node, life, status, view };
  try {
    setUp(parts, config);
  } catch (error) {
    failures.set(node, error);
    status.error(isSnapflowError(error) ? error.code : 'UNEXPECTED');
    node.error(nodeError(error, runtimeLanguage(RED)));
    onInput(parts, () => {
      throw error;
    });
  }
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
