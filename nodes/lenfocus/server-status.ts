/** Shows on a node whether its server listens. */
import type { LenfocusServer } from '../../lib/lenfocus';
import type { NodeParts } from '../shared/node';
import type { ServerNode } from './server';

/** Milliseconds in which changes are gathered: counting the devices for each of thousands would take long. */
const GATHER_MS = 200;

/** For a node whose status is the outcome of its last message: that stays, but for a server that cannot listen. */
export function showTrouble({ life, status }: NodeParts, serverNode: ServerNode): void {
  let shown = false;
  const update = (): void => {
    const isTroubled = cannotListen(serverNode);
    if (isTroubled) status.word('error', 'status.retrying');
    else if (shown) status.clear();
    shown = isTroubled;
  };
  listen(serverNode.server, ['state', 'error'], update, life.own.bind(life));
  update();
}

/** For a node that shows how many devices are online. */
export function showOnline({ life, status }: NodeParts, serverNode: ServerNode): void {
  const { server } = serverNode;
  let gathering: NodeJS.Timeout | undefined;
  const update = (): void => {
    gathering = undefined;
    const { online } = server.state();
    if (cannotListen(serverNode)) status.word('error', 'status.retrying');
    else if (online === 0) status.word('idle', 'status.none');
    else status.text('ok', 'status.online', { count: online });
  };
  const soon = (): void => {
    gathering ??= setTimeout(update, GATHER_MS);
  };
  listen(server, ['state', 'error', 'connect', 'disconnect'], soon, life.own.bind(life));
  life.own(() => clearTimeout(gathering));
  update();
}

function cannotListen({ problem, server }: ServerNode): boolean {
  return problem !== undefined && server.state().listen === 'retrying';
}

type Change = 'state' | 'error' | 'connect' | 'disconnect';

function listen(
  server: LenfocusServer,
  changes: readonly Change[],
  listener: () => void,
  own: (dispose: () => void) => void,
): void {
  for (const change of changes) {
    server.on(change, listener);
    own(() => server.off(change, listener));
  }
}
