/**
 * Bounds the bytes of HTTP bodies held at once. Over the limit, bodies are made to wait (TCP holds them back,
 * nothing is lost) except the one that got furthest, which therefore ends soon; a stalled one does not keep
 * its place. What is whole counts until its report is dealt with.
 */

/** A body that is being received. */
export interface IncomingBody {
  /** Bytes received. */
  readonly size: number;
  pause(): void;
  resume(): void;
}

export class InFlight {
  private total = 0;
  private readonly bodies = new Set<IncomingBody>();
  private readonly waiting = new Set<IncomingBody>();

  /** @param limit bytes */
  constructor(private readonly limit: number) {}

  /** True when new requests should not even be begun: what is whole alone fills the room. */
  get isOverloaded(): boolean {
    return this.total > 2 * this.limit;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.total;
  }

  begin(body: IncomingBody): void {
    this.bodies.add(body);
  }

  /** Bytes of a body came; it may be paused by this. */
  received(body: IncomingBody, bytes: number): void {
    this.total += bytes;
    if (this.total > this.limit && !this.waiting.has(body) && body !== this.furthest()) {
      this.waiting.add(body);
      body.pause();
    }
  }

  /** No more bytes will come: it is whole, or was given up. What it holds still counts, see `release`. */
  end(body: IncomingBody): void {
    this.bodies.delete(body);
    this.waiting.delete(body);
    this.letOn();
  }

  release(bytes: number): void {
    this.total -= bytes;
    this.letOn();
  }

  /** True when bodies wait for room. */
  get isCrowded(): boolean {
    return this.waiting.size > 0;
  }

  [Symbol.iterator](): Iterator<IncomingBody> {
    return this.bodies.values();
  }

  /** Lets all on that wait when there is room again, else the furthest, so that there will be. */
  letOn(): void {
    const next = this.total <= this.limit ? [...this.waiting] : [this.furthest()];
    for (const body of next) {
      if (body && this.waiting.delete(body)) body.resume();
    }
  }

  private furthest(): IncomingBody | undefined {
    let furthest: IncomingBody | undefined;
    for (const body of this.bodies) if (!furthest || body.size > furthest.size) furthest = body;
    return furthest;
  }
}
