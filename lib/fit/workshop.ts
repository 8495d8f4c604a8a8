/** Fits many pictures: few at the same time, the others wait in order within bounds. */
import { closedError, SnapflowError } from '../errors';
import { inTurn } from '../picture/sharp';
import { startFit, type FitCall } from './fit';
import type { FitOptions } from './options';
import type { Fitted } from './report';

export interface WorkshopOptions {
  /** Pictures that are worked on at the same time. Default 1: then they come out in the order they came. */
  maxParallel?: number;
  /** Pictures that may wait. Default 100. */
  maxQueued?: number;
  /** Bytes of those. Default 256 000 000. */
  maxQueuedBytes?: number;
}

interface Waiting {
  bytes: number;
  start(): void;
}

export class Workshop {
  readonly #waiting = new Set<Waiting>();
  readonly #calls = new Set<AbortController>();
  readonly #maxParallel: number;
  readonly #maxQueued: number;
  readonly #maxQueuedBytes: number;
  #running = 0;
  #bytes = 0;
  #closed = false;

  constructor({ maxParallel = 1, maxQueued = 100, maxQueuedBytes = 256_000_000 }: WorkshopOptions = {}) {
    for (const [name, value, least] of [
      ['maxParallel', maxParallel, 1],
      ['maxQueued', maxQueued, 0],
      ['maxQueuedBytes', maxQueuedBytes, 0],
    ] as const) {
      if (value >= least) continue;
      throw new SnapflowError('BAD_INPUT', '{{name}} must be a number {{range}}, not {{value}}.', {
        values: { name, range: `≥ ${least}`, value: String(value) },
      });
    }
    this.#maxParallel = maxParallel;
    this.#maxQueued = maxQueued;
    this.#maxQueuedBytes = maxQueuedBytes;
  }

  /** Pictures that wait. */
  get queued(): number {
    return this.#waiting.size;
  }

  /** Pictures that are worked on. */
  get running(): number {
    return this.#running;
  }

  /**
   * As `fit`, when it is the picture's turn. What fits already, and what can be told from its header to be impossible,
   * does not wait.
   * @throws SnapflowError also `QUEUE_FULL`
   */
  async fit(picture: Buffer, options: FitOptions = {}, { signal }: FitCall = {}): Promise<Fitted> {
    const job = startFit(picture, options);
    if (this.#closed || signal?.aborted) throw closedError('snapflow', signal?.reason);
    // While others wait for their turn, order counts more.
    if (job.done && this.#running === 0) return job.done;
    const call = new AbortController();
    const abort = () => call.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    this.#calls.add(call);
    try {
      await this.#turn(picture.length, call.signal);
      const work = job.done ? Promise.resolve(job.done) : inTurn(() => job.work({ signal: call.signal }));
      // The turn is over when the threads are free, also when nobody waits for the result any more.
      const release = () => this.#release();
      work.then(release, release);
      return await orAborted(work, call.signal);
    } finally {
      this.#calls.delete(call);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends what waits and what runs with `CLOSED`, and refuses what comes later. */
  close(): void {
    this.#closed = true;
    for (const call of this.#calls) call.abort();
  }

  #turn(bytes: number, stop: AbortSignal): Promise<void> {
    if (this.#running < this.#maxParallel) {
      this.#running += 1;
      return Promise.resolve();
    }
    if (this.#waiting.size >= this.#maxQueued || this.#bytes + bytes > this.#maxQueuedBytes) {
      throw new SnapflowError(
        'QUEUE_FULL',
        'Refused, because {{count}} pictures of {{bytes}} bytes are waiting to be fitted already: send fewer, or raise the limit.',
        { values: { count: this.#waiting.size, bytes: this.#bytes } },
      );
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#forget(waiting);
        reject(closedError('snapflow', stop.reason));
      };
      const waiting: Waiting = {
        bytes,
        start: () => {
          stop.removeEventListener('abort', leave);
          resolve();
        },
      };
      this.#waiting.add(waiting);
      this.#bytes += bytes;
      stop.addEventListener('abort', leave, { once: true });
    });
  }

  #release(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#running -= 1;
      return;
    }
    this.#forget(next);
    next.start();
  }

  #forget(waiting: Waiting): void {
    if (this.#waiting.delete(waiting)) this.#bytes -= waiting.bytes;
  }
}

/** The result of the work, or `CLOSED` as soon as the signal aborts. */
function orAborted<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(closedError('snapflow', stop.reason));
    stop.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => stop.removeEventListener('abort', abort));
    if (stop.aborted) abort();
  });
}
