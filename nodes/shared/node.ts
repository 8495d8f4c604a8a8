/**
 * Registers a type. Node-RED loads the file of every type, used or not, so such a file loads nothing but this one and
 * `admin`: what a node does is in files of its own, required when the first node is made.
 */
import { addViewRoute } from './admin';
import type { Lifetime } from './lifetime';
import type { NodeView } from './node-view';
import type { NodeConfig, Red, RedNode, RegisterOptions } from './red';
import type { Status } from './status';

/** What a node is made of; passed to its set-up and to the shared helpers. */
export interface NodeParts<N extends RedNode = RedNode> {
  RED: Red;
  node: N;
  life: Lifetime;
  status: Status;
  /** The last picture on the node, for types with the option `view`. */
  view: NodeView;
}

/** Wires a node. It may throw: of a bad address, a missing account. */
export type SetUp<C extends NodeConfig, N extends RedNode = RedNode> = (
  parts: NodeParts<N>,
  config: C,
) => void;

/**
 * Registers a node type.
 * @param setUp requires what it needs itself: `(parts, config) => load().setUp(parts, config)`
 */
export function registerNode<C extends NodeConfig, N extends RedNode = RedNode>(
  RED: Red,
  type: string,
  setUp: SetUp<C, N>,
  options: RegisterOptions = {},
): void {
  addViewRoute(RED);
  RED.nodes.registerType(
    type,
    function (this: RedNode, config: C) {
      runtime().startNode(RED, this as N, setUp, config);
    },
    options,
  );
}

/**
 * The config node that a node refers to.
 * @throws SnapflowError `BAD_INPUT` when there is none, or what kept the config node from being set up
 */
export function configNode<N extends RedNode>(RED: Red, id: string | undefined): N {
  return runtime().configNode<N>(RED, id);
}

function runtime() {
  return require('./node-runtime') as typeof import('./node-runtime');
}
