/** What a process has open: the leaks that a garbage collector does not see. */
import { setTimeout as pause } from 'node:timers/promises';

const COUNTED = /^(TCP|TLS|Pipe|Timeout|HTTP|Immediate|FSEvent|Process)/;

/** Sockets, servers, timers, watchers and child processes that are open now. */
export function openHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => COUNTED.test(name)).length;
}

/** The same, once no more than `expected` are left, or after `limitMs`: sockets close a moment after they were told to. */
openHandles.settled = async (expected: number, limitMs = 2_000): Promise<number> => {
  const end = performance.now() + limitMs;
  // The pause is a timer itself, so it is counted after it.
  while (openHandles() > expected && performance.now() < end) await pause(10);
  return openHandles();
};
