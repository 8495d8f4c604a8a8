/** A `thingscloud-project` config node as upload nodes see it. */
import { Lanes, type DeliveryState } from '../../lib/delivery';
import { endpointUrl, ThingsCloudProject, type PictureUpload, type Uploaded } from '../../lib/thingscloud';
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
  /** Pictures that may wait, of all devices. */
  maxWaiting?: string | number;
  /** Megabytes of those. */
  maxWaitingMB?: string | number;
}

/**
 * The platform counts arrivals, we count starts: with this much more, a slow request and a quick one after it
 * still arrive far enough apart.
 */
const PACE_MARGIN_MS = 500;

type Watcher = (state: DeliveryState) => void;

export interface ProjectNode extends RedNode {
  /** One lane per device, for all upload nodes together: the platform counts per device, not per node. */
  lanes: Lanes<PictureUpload, Uploaded>;
  /** Calls back after each change of the lanes; returns how to stop that. */
  watch: (watcher: Watcher) => () => void;
}

export interface OpenProject {
  lanes: ProjectNode['lanes'];
  watch: ProjectNode['watch'];
  close(): Promise<void>;
}

/** @throws SnapflowError `BAD_INPUT` for a setting that cannot be used */
export function openProject(RED: Red, config: ProjectConfig, projectKey: string): OpenProject {
  const endpoint = endpointUrl(config.endpoint ?? '');
  const project = new ThingsCloudProject({
    endpoint,
    region: config.region ?? '',
    projectKey,
    maxPictureBytes: Number(config.maxPictureBytes ?? 500_000),
    timeoutMs: Number(config.timeout ?? 60) * 1000,
    tls: tlsConfigSettings(RED, config.tls),
    proxy: proxyFor(RED, config.proxy, endpoint),
  });
  const watchers = new Set<Watcher>();
  const lanes = new Lanes<PictureUpload, Uploaded>({
    system: 'thingscloud',
    send: (upload, { signal }) => project.upload(upload, { signal }),
    paceMs: paceMs(Number(config.pace ?? 10)),
    maxItems: Number(config.maxWaiting ?? 1000),
    maxBytes: Number(config.maxWaitingMB ?? 256) * 1_000_000,
    onState: (state) => {
      for (const watcher of watchers) watcher(state);
    },
  });
  return {
    lanes,
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    async close() {
      await lanes.close();
      await project.close();
    },
  };
}

function paceMs(seconds: number): number {
  return seconds > 0 ? seconds * 1000 + PACE_MARGIN_MS : 0;
}
