/** One call at a time for each key, and what becomes of the calls that come meanwhile. */
import { closedError, SnapflowError, type System } from '../errors';

/**
 * - `share`: they get the result of the running call. All get the same value: copy it before changing it.
 * - `queue`: they wait for their turn, in order.
 * - `reject`: they fail with `DEVICE_BUSY`.
 */
export type WhenBusy = 'share' | 'queue' | 'reject';

export interface SingleFlightOptions {
  /** Default `share`. */
  whenBusy?: WhenBusy;
  /** Calls that may wait for each key; one more fails with `QUEUE_FULL`. Default 10. */
  maxQueued?: number;
  /** Named in errors. */
  system?: System;
}

export interface SingleFlightCall {
  /** What must not run twice at once, such as a channel. Calls with other keys run beside it. Default: one for all. */
  key?: string;
  /** Ends the wait of this caller; the task itself is aborted when nobody waits for it any more. */
  signal?: AbortSignal;
}

export type Task<T> = (signal: AbortSignal) => Promise<T>;

interface Caller<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** A task and all who wait for it. */
interface Flight<T> {
  task: Task<T>;
  callers: Set<Caller<T>>;
  controller: AbortController;
}

interface Lane<T> {
  running: Flight<T> | undefined;
  waiting: Array<Flight<T>>;
}

export class SingleFlight<T> {
  private readonly lanes = new Map<string, Lane<T>>();
  private readonly landings = new Set<Promise<void>>();
  private readonly whenBusy: WhenBusy;
  private readonly maxQueued: number;
  private readonly system: System;
  private closed = false;

  constructor(options: SingleFlightOptions = {}) {
    this.whenBusy = options.whenBusy ?? 'share';
    this.maxQueued = options.maxQueued ?? 10;
    this.system = options.system ?? 'snapflow';
  }

  /** Calls that wait for their turn, of all keys. */
  get queued(): number {
    return [...this.lanes.values()].reduce((sum, lane) => sum + lane.waiting.length, 0);
  }

  /**
   * Runs a task, or shares, queues or rejects it if one with its key is running.
   * @throws SnapflowError `DEVICE_BUSY`, `QUEUE_FULL`, `CLOSED` (aborted, or `close` was called); else what the
   *   task throws
   */
  run(task: Task<T>, { key = '', signal }: SingleFlightCall = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.closed || signal?.aborted) throw closedError(this.system, signal?.reason);
      const flight = this.admit(key, task);
      const onAbort = () => this.leave(key, flight, caller, signal?.reason);
      const caller: Caller<T> = {
        resolve: (value) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(value);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      flight.callers.add(caller);
      this.advance(key);
    });
  }

  /** Aborts what runs, refuses what waits and all later calls; resolves when the running tasks have ended. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { running, waiting } of this.lanes.values()) {
      const flights = running ? [running, ...waiting.splice(0)] : waiting.splice(0);
      for (const { callers } of flights) {
        for (const caller of callers) caller.reject(closedError(this.system));
        callers.clear();
      }
      running?.controller.abort();
    }
    await Promise.all(this.landings);
  }

  /** The flight that a new call belongs to. */
  private admit(key: string, task: Task<T>): Flight<T> {
    const flight: Flight<T> = { task, callers: new Set(), controller: new AbortController() };
    const lane = this.lanes.get(key);
    if (!lane) {
      this.lanes.set(key, { running: undefined, waiting: [flight] });
      return flight;
    }
    switch (this.whenBusy) {
      case 'reject':
        throw new SnapflowError(
          'DEVICE_BUSY',
          'Rejected, because the call before is still running (setting: reject when busy).',
          { system: this.system },
        );
      case 'share': {
        // A task that nobody waits for any more is being aborted: there is no result to share.
        const shared = lane.running?.callers.size ? lane.running : lane.waiting[0];
        if (shared) return shared;
        break;
      }
      case 'queue':
        if (lane.waiting.length >= this.maxQueued) {
          throw new SnapflowError(
            'QUEUE_FULL',
            'Refused, because {{limit}} calls are waiting already (maxQueued).',
            { system: this.system, values: { limit: this.maxQueued } },
          );
        }
    }
    lane.waiting.push(flight);
    return flight;
  }

  /** Starts the next flight of a lane that is free. */
  private advance(key: string): void {
    const lane = this.lanes.get(key);
    if (!lane || lane.running) return;
    lane.running = lane.waiting.shift();
    if (!lane.running) {
      this.lanes.delete(key);
      return;
    }
    const landing = this.fly(key, lane, lane.running).finally(() => this.landings.delete(landing));
    this.landings.add(landing);
  }

  /** Runs a task and tells all who wait for it how it ended. Does not throw. */
  private async fly(key: string, lane: Lane<T>, { task, callers, controller }: Flight<T>): Promise<void> {
    let tell: (caller: Caller<T>) => void;
    try {
      const value = await task(controller.signal);
      tell = (caller) => caller.resolve(value);
    } catch (error) {
      tell = (caller) => caller.reject(error as Error);
    }
    // First free the lane: who is told may call again at once, and must not find it busy.
    lane.running = undefined;
    this.advance(key);
    for (const caller of callers) tell(caller);
  }

  private leave(key: string, flight: Flight<T>, caller: Caller<T>, reason: unknown): void {
    caller.reject(closedError(this.system, reason));
    flight.callers.delete(caller);
    if (flight.callers.size > 0) return;
    const lane = this.lanes.get(key);
    if (lane?.running === flight) flight.controller.abort(reason);
    else lane?.waiting.splice(lane.waiting.indexOf(flight), 1);
  }
}
