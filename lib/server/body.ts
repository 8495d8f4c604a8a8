/** Receives the bodies of requests within the limits of size, time and memory. */
import type { IncomingMessage } from 'node:http';
import { SnapflowError, type System } from '../errors';
import type { ServerContext } from './context';
import { free } from './free';
import { InFlight, type IncomingBody } from './in-flight';
import { TurnShare } from './turn-share';

/** Patience with a silent sender while others wait for the room it takes. */
const CROWDED_STALL_MS = 2_000;

/**
 * Many clients read no answer before they have sent everything. So what comes after an early answer is thrown
 * away, but not for ever: as much as so many bodies of the allowed size.
 */
const DISCARDED_BODIES = 4;

/** Takes a body as it comes in. */
export interface BodySink {
  write(chunk: Buffer): void;
  /** The rest will not come. */
  destroy(): void;
}

/** A body that is whole; `bytes` is empty when a sink of the caller's took them. */
export interface WholeBody {
  bytes: Buffer;
  /** Its bytes count no longer as held. Whoever keeps them still has them. */
  release(): void;
  /** The same, and nobody has them any more: their memory is given back at once. */
  free(): void;
}

export class BodyReader {
  private readonly inFlight: InFlight;
  private readonly turns = new TurnShare();

  constructor(private readonly context: ServerContext) {
    this.inFlight = new InFlight(context.limits.maxBytesInFlight);
  }

  /** True when a request should be answered 503 before its body is read. */
  get isOverloaded(): boolean {
    return this.inFlight.isOverloaded;
  }

  /** Bytes of bodies held. */
  get bytesInFlight(): number {
    return this.inFlight.bytes;
  }

  /**
   * @param sink default: the body is kept in one piece
   * @throws SnapflowError `TOO_LARGE` over the size, `TIMEOUT` too slow, `UNREACHABLE` when the sender left.
   *   After a failure the rest of the body is thrown away as it comes.
   */
  read(request: IncomingMessage, sink: BodySink = new Collector()): Promise<WholeBody> {
    return new Promise((resolve, reject) => {
      const reading = new Reading(request, sink, this.context, this.inFlight, this.turns, (error) => {
        if (error) {
          this.release(reading.size);
          reject(error);
        } else {
          resolve(this.whole(reading, sink));
        }
      });
    });
  }

  /** Called once a second: gives up bodies that are too slow. */
  sweep(now: number): void {
    for (const body of this.inFlight) (body as Reading).sweep(now);
    this.inFlight.letOn();
  }

  private whole(reading: Reading, sink: BodySink): WholeBody {
    let held = reading.size;
    const release = (): void => {
      this.release(held);
      held = 0;
    };
    const mayFree = reading.isOnlyReader;
    const bytes = sink instanceof Collector ? sink.bytes(mayFree) : EMPTY;
    return {
      bytes,
      release,
      free: () => {
        release();
        if (mayFree) free(bytes);
      },
    };
  }

  private release(bytes: number): void {
    this.inFlight.release(bytes);
  }
}

const EMPTY = Buffer.alloc(0);

/** Keeps everything, for a body that is needed in one piece. */
class Collector implements BodySink {
  private readonly chunks: Buffer[] = [];

  write(chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  /** @param mayFree nobody else has the chunks */
  bytes(mayFree: boolean): Buffer {
    if (this.chunks.length <= 1) return this.chunks[0] ?? EMPTY;
    const whole = Buffer.concat(this.chunks);
    if (mayFree) for (const chunk of this.chunks) free(chunk);
    return whole;
  }

  destroy(): void {
    this.chunks.length = 0;
  }
}

class Reading implements IncomingBody {
  size = 0;
  readonly startedAt: number;
  /** When a byte came last, or it was last let on. */
  private movedAt: number;
  /** Bytes that it will have, when the sender said so. */
  private readonly announced: number;
  /** Reasons for which it waits now: room, and its turn. */
  private waits = 0;
  private ended = false;

  constructor(
    private readonly request: IncomingMessage,
    private readonly sink: BodySink,
    private readonly context: ServerContext,
    private readonly inFlight: InFlight,
    private readonly turns: TurnShare,
    private readonly onEnd: (error?: SnapflowError) => void,
  ) {
    this.startedAt = this.movedAt = context.clock.monotonic();
    this.announced = Number(request.headers['content-length'] ?? Infinity);
    inFlight.begin(this);
    request.on('data', (chunk: Buffer) => this.onData(chunk));
    request.on('end', () => this.finish());
    request.on('error', () => this.leave());
    request.on('close', () => this.leave());
  }

  /** On a server of somebody else's, others may have looked at the body as it came. */
  get isOnlyReader(): boolean {
    return this.request.listenerCount('data') === 1;
  }

  pause(): void {
    if (this.waits++ === 0) this.request.pause();
  }

  resume(): void {
    if (--this.waits > 0) return;
    this.movedAt = this.context.clock.monotonic();
    this.request.resume();
  }

  sweep(now: number): void {
    const { bodyTimeoutMs, bodyStallMs } = this.context.limits;
    const patienceMs = this.inFlight.isCrowded ? Math.min(bodyStallMs, CROWDED_STALL_MS) : bodyStallMs;
    // One that we make wait is not to blame for it.
    const stalled = this.waits === 0 && now - this.movedAt >= patienceMs;
    if (stalled || now - this.startedAt >= bodyTimeoutMs) this.finish(tooSlow(this.context.system));
  }

  private onData(chunk: Buffer): void {
    this.size += chunk.length;
    const { maxBodyBytes } = this.context.limits;
    if (this.ended) {
      if (this.size > DISCARDED_BODIES * maxBodyBytes) this.request.destroy();
      return;
    }
    this.movedAt = this.context.clock.monotonic();
    this.sink.write(chunk);
    this.inFlight.received(this, chunk.length);
    this.turns.received(this, chunk.length, this.size >= this.announced);
    if (this.size > maxBodyBytes) this.finish(bodyTooLarge(maxBodyBytes, this.context.system));
  }

  /** Also called when all is well, after the end. */
  private leave(): void {
    if (!this.ended) this.finish(left(this.context.system));
  }

  private finish(error?: SnapflowError): void {
    if (this.ended) return;
    this.ended = true;
    this.inFlight.end(this);
    this.turns.end(this);
    if (error) this.sink.destroy();
    this.request.resume();
    this.onEnd(error);
  }
}

/** Throws away the body of a request that is answered without it. */
export function discardBody(request: IncomingMessage, maxBodyBytes: number): void {
  const limit = DISCARDED_BODIES * maxBodyBytes;
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) request.destroy();
  });
  request.on('error', () => undefined);
}

export function bodyTooLarge(limit: number, system: System): SnapflowError {
  return new SnapflowError(
    'TOO_LARGE',
    'The camera sent a body of more than {{limit}} bytes (maxBodyBytes).',
    {
      system,
      values: { limit },
    },
  );
}

function tooSlow(system: System): SnapflowError {
  return new SnapflowError('TIMEOUT', 'The camera took too long to send a body.', { system });
}

function left(system: System): SnapflowError {
  return new SnapflowError('UNREACHABLE', 'The camera broke off while it sent a body.', {
    system,
  });
}
