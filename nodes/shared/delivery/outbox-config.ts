/** What a dialog stores of its outbox (one property, `outbox`), and its limits. */
import { isAbsolute, join, resolve } from 'node:path';
import type { OverflowPolicy } from '../../../lib/delivery/outbox';
import type { Red, RedNode } from '../red';

export interface OutboxConfig {
  /** Where pictures wait. `none`, for nodes that offer it: nowhere, a failure is told at once. Default: what the node says. */
  keep?: 'none' | 'memory' | 'disk';
  /** Folder on disk; relative to Node-RED's user directory. Default: one of the node's own. */
  folder?: string;
  /** Pictures that may wait. Default 20 000. */
  items?: string | number;
  /** Megabytes of those. Default 1 000. */
  mb?: string | number;
  /** Hours after which a picture is given up; 0 for never. Default 0. */
  hours?: string | number;
  /** What happens when there is no room. Default `refuse`. */
  overflow?: OverflowPolicy;
  /** Further message properties that are kept with a picture, separated by commas. */
  properties?: string;
}

export interface OutboxLimits {
  maxItems: number;
  maxBytes: number;
  maxAgeMs: number;
  overflow: OverflowPolicy;
}

export function outboxLimits({ items, mb, hours, overflow }: OutboxConfig): OutboxLimits {
  const age = Number(hours || 0);
  return {
    maxItems: Number(items || 20_000),
    maxBytes: Number(mb || 1_000) * 1_000_000,
    maxAgeMs: age > 0 ? age * 3_600_000 : Infinity,
    overflow: overflow ?? 'refuse',
  };
}

/** Without a folder of the user: `snapflow/outbox/<node id>` in Node-RED's user directory. */
export function outboxFolder(RED: Red, { id }: Pick<RedNode, 'id'>, { folder }: OutboxConfig): string {
  const { userDir } = RED.settings;
  const base = typeof userDir === 'string' ? userDir : process.cwd();
  const given = folder?.trim() ?? '';
  if (given !== '') return isAbsolute(given) ? given : resolve(base, given);
  return join(base, 'snapflow', 'outbox', id.replace(/[^\w-]/g, '-'));
}
