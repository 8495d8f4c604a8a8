/** What is open in this process, to see that nothing is left behind. */

const WATCHED = /^(TCPSocketWrap|TLSWrap|TCPServerWrap|Timeout|PipeWrap)$/;

/** Counts of sockets, servers, timers and of the process's listeners, by kind. */
export function openResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo().filter((one) => WATCHED.test(one))) {
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  for (const event of process.eventNames()) {
    counts[`process ${String(event)}`] = process.listenerCount(event);
  }
  return counts;
}
