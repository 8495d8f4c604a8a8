/** Node-RED's `http proxy` node → the address of the proxy. For clouds only: a camera is on the same network. */
import { SnapflowError } from '../../lib/errors';
import type { Red, RedNode } from './red';

interface HttpProxyNode extends RedNode {
  url?: string;
  /** Hosts that are reached without the proxy: names, `.suffix`, `*.suffix`, each with an optional `:port`. */
  noproxy?: string[];
}

/**
 * The proxy for a cloud's address, user and password included; undefined when it is reached directly.
 * @throws SnapflowError `BAD_INPUT` when the proxy node is missing or its address is none
 */
export function proxyFor(RED: Red, id: string | undefined, target: string): string | undefined {
  if (!id) return undefined;
  const found = RED.nodes.getNode<HttpProxyNode>(id);
  if (!found?.url || !URL.canParse(found.url)) {
    throw new SnapflowError(
      'BAD_INPUT',
      'The proxy configuration is missing, disabled or has no valid address.',
    );
  }
  if ((found.noproxy ?? []).some((entry) => matches(entry, target))) return undefined;
  const proxy = new URL(found.url);
  if (found.credentials?.username) {
    proxy.username = encodeURIComponent(found.credentials.username);
    proxy.password = encodeURIComponent(found.credentials.password ?? '');
  }
  return proxy.href;
}

function matches(entry: string, target: string): boolean {
  const { hostname, port, protocol } = new URL(target);
  const [, name = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
  const actualPort = port || (protocol === 'https:' ? '443' : '80');
  if (name === '' || (entryPort !== undefined && entryPort !== actualPort)) return false;
  if (name === '*') return true;
  const suffix = /^\*?(\..+)$/.exec(name)?.[1];
  return suffix === undefined ? hostname === name : hostname.endsWith(suffix);
}
