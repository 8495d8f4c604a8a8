/** What a `lenfocus-server` does. */
import { LenfocusServer, type LenfocusServerOptions, type ServerState } from '../../lib/lenfocus';
import { attach } from '../shared/entrance';
import { nodeError } from '../shared/error-text';
import type { NodeParts } from '../shared/node';
import { fixedSecret } from '../shared/secret';
import { runtimeLanguage } from '../shared/words';
import { followContext } from './context-devices';
import { Questions } from './questions';
import type { ServerConfig, ServerNode } from './server';
import { answerTimeoutMs, releasesOf, serverOptions } from './server-options';

export function setUp(parts: NodeParts<ServerNode>, config: ServerConfig): void {
  const { RED, life, node } = parts;
  node.questions = new Questions(answerTimeoutMs(config));
  node.answersQueries = config.ota !== 'flow';
  node.server = new LenfocusServer({
    ...serverOptions(RED, config, {
      securityCode: fixedSecret(RED, node, config, 'securityCode'),
      deviceSecrets: node.credentials?.['deviceSecrets'] ?? '',
    }),
    ...answers(parts, config),
  });
  // One listener or two for each node of a flow.
  node.server.setMaxListeners(0);
  tell(parts);
  life.own(() => node.questions.close());
  life.own(() => node.server.stop());
  if (config.place === 'node-red') life.own(attach(RED, node.server));
  if (config.deviceSource === 'context') followContext(parts, config.deviceContext ?? '');
  if (config.check === 'open') node.warn(RED._('log.open'));
  void node.server.start();
}

/** Who answers reports and update queries: the server at once, from a table or folder, or the flow. */
function answers(
  { life, node: { questions } }: NodeParts<ServerNode>,
  config: ServerConfig,
): Pick<LenfocusServerOptions, 'answer' | 'ota'> {
  const releases = releasesOf(config);
  if (releases) life.own(() => releases.close());
  const ota = config.ota === 'flow' ? { find: questions.answerQuery.bind(questions) } : releases;
  return {
    ...(config.answerBy === 'flow' && { answer: questions.answerReport.bind(questions) }),
    ...(ota && { ota }),
  };
}

/** Says where it listens, and why not: once, and to the nodes that show it. */
function tell({ RED, node }: NodeParts<ServerNode>): void {
  const { server } = node;
  server.on('error', (error) => {
    if (server.state().listen === 'retrying') node.problem = error;
    node.error(nodeError(error, runtimeLanguage(RED)));
  });
  server.on('state', ({ listen, address = '', port = 0, secure }: ServerState) => {
    if (listen !== 'listening') return;
    delete node.problem;
    const url = `${secure ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}:${port}`;
    node.log(RED._('log.listening', { url }));
  });
}
