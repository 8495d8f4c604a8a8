/** Queues in memory that several nodes share: what waits knows itself how it is sent. */
import { Lanes, type Attempt, type DeliveryState, type LanesOptions } from '../../../lib/delivery';
import type { SnapflowError } from '../../../lib/errors';

/** A picture on its way, with the means to send it. */
export interface Errand {
  send(attempt: Attempt): Promise<unknown>;
  /** The same with a smaller picture; none when it cannot be made smaller. */
  fix?: ((error: SnapflowError, signal: AbortSignal) => Promise<Errand>) | undefined;
}

type Watcher = (state: DeliveryState) => void;

export interface MemoryLanes {
  lanes: Lanes<Errand, unknown>;
  /** Calls back after each change of the lanes; returns how to stop that. */
  watch: (watcher: Watcher) => () => void;
}

/** @throws SnapflowError `BAD_INPUT` for a limit that is none */
export function openMemoryLanes(
  options: Omit<LanesOptions<Errand, unknown>, 'send' | 'fix' | 'onState'>,
): MemoryLanes {
  const watchers = new Set<Watcher>();
  const lanes = new Lanes<Errand, unknown>({
    ...options,
    send: (errand, attempt) => errand.send(attempt),
    fix: (errand, error, signal) => {
      if (!errand.fix) throw error;
      return errand.fix(error, signal);
    },
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
  };
}
