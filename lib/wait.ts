import type { Clock } from './clock';
import { closedError, type System } from './errors';

/** Waits, or ends with `CLOSED` of that system when the signal aborts. */
export function wait(clock: Clock, ms: number, system: System, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const abort = () => end(() => reject(closedError(system, signal?.reason)));
    const timer = clock.setTimeout(() => end(resolve), ms);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
  });
}
