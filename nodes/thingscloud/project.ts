/** A `thingscloud-project` config node as upload nodes see it. */
import { SharedPace } from '../../lib/delivery';
import { endpointUrl, ThingsCloudProject } from '../../lib/thingscloud';
import { openMemoryLanes, type MemoryLanes } from '../shared/delivery/memory-lanes';
import type { DiskTarget } from '../shared/delivery/target';
import { proxyFor } from '../shared/proxy';
import type { NodeConfig, Red, RedNode } from '../shared/red';
import { tlsConfigSettings } from '../shared/tls';

export interface ProjectConfig extends NodeConfig {
  endpoint?: string;
  region?: string;
  /** Id of a tls-config node. */
  tls?: string;
  /** Id of an `http proxy` node. */
  proxy?: string;
  /** Seconds for a whole call. */
  timeout?: string | number;
  /** Seconds between two starts for one device. */
  pace?: string | number;
  maxPictureBytes?: string | number;
  /** Pictures that may wait in memory, of all devices. */
  maxWaiting?: string | number;
  /** Megabytes of those. */
  maxWaitingMB?: string | number;
}

/**
 * The platform counts arrivals, we count starts: with this much more, a slow request and a quick one after it
 * still arrive far enough apart.
 */
const PACE_MARGIN_MS = 500;

export interface ProjectNode extends RedNode {
  project: OpenProject;
}

export interface OpenProject {
  client: ThingsCloudProject;
  /** One lane per device, for all upload nodes together: the platform counts per device, not per node. */
  memory: MemoryLanes;
  /** Upload nodes with an outbox of their own keep the same pace. */
  disk: Pick<DiskTarget, 'paceMs' | 'sharedPace' | 'sealKey' | 'secrets'>;
  close(): Promise<void>;
}

/** @throws SnapflowError `BAD_INPUT` for a setting that cannot be used */
export function openProject(RED: Red, config: ProjectConfig, projectKey: string): OpenProject {
  const endpoint = endpointUrl(config.endpoint ?? '');
  const client = new ThingsCloudProject({
    endpoint,
    region: config.region ?? '',
    projectKey,
    maxPictureBytes: Number(config.maxPictureBytes ?? 500_000),
    timeoutMs: Number(config.timeout ?? 60) * 1000,
    tls: tlsConfigSettings(RED, config.tls),
    proxy: proxyFor(RED, config.proxy, endpoint),
  });
  const paceMs = paceMsOf(Number(config.pace ?? 10));
  const sharedPace = new SharedPace(paceMs);
  const memory = openMemoryLanes({
    system: 'thingscloud',
    paceMs,
    sharedPace,
    maxItems: Number(config.maxWaiting ?? 1000),
    maxBytes: Number(config.maxWaitingMB ?? 256) * 1_000_000,
  });
  return {
    client,
    memory,
    disk: { paceMs, sharedPace, sealKey: projectKey, secrets: () => [projectKey] },
    async close() {
      await memory.lanes.close();
      await client.close();
    },
  };
}

function paceMsOf(seconds: number): number {
  return seconds > 0 ? seconds * 1000 + PACE_MARGIN_MS : 0;
}
