/** An example inside the test process: on free ports, what ends in the sidebar collected. */
import type { Message, NodeConfig } from '../../../nodes/shared/red';
import { exampleFlows, freePorts } from '../../support/node-red';
import type { Inbox } from './inbox';
import { startRuntime, type Flow, type NodeModule, type Runtime } from './runtime';

/** Node-RED's own nodes that examples use, beside those that the test helper loads. */
const core = ['common/20-inject', 'function/15-change', 'function/89-delay'].map(
  (name) => require(`@node-red/nodes/core/${name}.js`) as NodeModule,
);

export interface Example {
  runtime: Runtime;
  flow: Flow;
  /** The id of the node of a type; with several of the type, of the one whose name begins so. */
  id: (type: string, name?: string) => string;
  /** What reached the debug node whose name begins so. */
  shown: (name: string) => Inbox<Message>;
}

/** @param change properties of a node that are other than in the example, for what would take a test too long */
export async function startExample(
  name: string,
  modules: NodeModule[],
  change: (node: NodeConfig) => object | undefined = () => undefined,
): Promise<Example> {
  const original = exampleFlows(name, {}) as Flow;
  const fixed = original
    .filter(({ type }) => type === 'snapflow-simulator')
    .map((node) => String(node['port']));
  const nodes = exampleFlows(name, await freePorts(...fixed)) as Flow;
  const id = (type: string, start = ''): string => {
    const found = nodes.find((node) => node.type === type && (node.name ?? '').startsWith(start));
    if (!found) throw new Error(`${name} has no ${type} “${start}”`);
    return found.id;
  };
  const flow = nodes
    .filter(({ type }) => type !== 'comment')
    .map((node) => ({ ...node, ...(node.type === 'debug' && { type: 'collect' }), ...change(node) }));
  const runtime = await startRuntime([...core, ...modules], flow);
  return { runtime, flow, id, shown: (start) => runtime.inbox(id('debug', start)) };
}
