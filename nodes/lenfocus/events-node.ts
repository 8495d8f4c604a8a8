/** What a `lenfocus-events` does. */
import type { LenfocusEvents, OtaEvent, OtaQuery, Report } from '../../lib/lenfocus';
import { configNode, type NodeParts } from '../shared/node';
import type { Message, NodeConfig } from '../shared/red';
import { EventFilter, type FilterConfig } from './event-filter';
import { eventMessage, reportMessages, type OutputMode } from './event-messages';
import type { Question } from './questions';
import type { ServerNode } from './server';
import { showOnline } from './server-status';

export interface EventsConfig extends NodeConfig, FilterConfig {
  server?: string;
  output?: OutputMode;
}

/** First output: pictures, or reports. Second: all else. */
type Outputs = [Message[], Message[]];

export function setUp(parts: NodeParts, config: EventsConfig): void {
  const serverNode = configNode<ServerNode>(parts.RED, config.server);
  const filter = new EventFilter(config);
  listen(parts, serverNode, filter, config.output ?? 'picture');
  showOnline(parts, serverNode);
}

function listen(parts: NodeParts, serverNode: ServerNode, filter: EventFilter, output: OutputMode): void {
  const { RED, life, node, view } = parts;
  const { questions, server } = serverNode;
  const send = ([first, second]: Outputs): void => {
    if (!life.signal.aborted) node.send([first, second]);
  };
  const on = <K extends keyof LenfocusEvents>(
    event: K,
    listener: (...told: LenfocusEvents[K]) => void,
  ): void => {
    // An EventEmitter with a map of events cannot tell that a generic listener fits its generic event.
    server.on(event, listener as never);
    life.own(() => server.off(event, listener as never));
  };
  const report = (told: Report): void => {
    if (!filter.takesReport(told)) return;
    if (told.kind !== 'info') {
      questions.sentReport(told.id);
      view.show({ payload: told.pictures.at(-1)?.data });
    }
    // Several nodes may send the same report: none may change another's.
    const several = server.listenerCount('report') > 1;
    send(reportMessages(RED, several ? RED.util.cloneMessage({ told }).told : told, output));
  };
  on('report', report);
  if (filter.wants('info')) on('info', report);
  for (const event of ['connect', 'disconnect', 'heartbeat', 'unknown'] as const) {
    if (!filter.wants(event)) continue;
    on(event, (told: LenfocusEvents[typeof event][0]) => {
      if (filter.takesDevice(told.device)) send([[], [eventMessage(event, told.device.sn, told)]]);
    });
  }
  if (filter.wants('join')) {
    on('wantsToJoin', (request) => {
      if (!filter.takesDevice(request)) return;
      send([[], [eventMessage('join', request.sn, request, { kind: 'join', id: request.sn })]]);
    });
  }
  if (filter.wants('ota')) otaListener(parts, serverNode, filter, send);
}

/** Queries that a flow is to answer come as questions; of those that the server answers, it tells the answer. */
function otaListener(
  { life }: NodeParts,
  { answersQueries, questions, server }: ServerNode,
  filter: EventFilter,
  send: (outputs: Outputs) => void,
): void {
  const tell = ({ query, release }: OtaEvent, question?: Question): void => {
    if (!filter.takesDevice(query.device)) return;
    const told = { ...query, ...(release && { release }) };
    send([[], [eventMessage('ota', query.device.sn, told, question)]]);
  };
  if (answersQueries) {
    server.on('ota', tell);
    life.own(() => server.off('ota', tell));
    return;
  }
  const ask = (query: OtaQuery, question: Question): void => tell({ query }, question);
  questions.on('ota', ask);
  life.own(() => questions.off('ota', ask));
}
