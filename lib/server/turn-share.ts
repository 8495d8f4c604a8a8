/**
 * Shares each turn of the event loop between bodies and everything else. A fast sender's socket is read until it
 * is empty, megabytes at once; with many of them a single turn would last so long that heartbeats wait. So after
 * a number of bytes the bodies that are not whole wait for the turns after. Those begun first go on first, so
 * that bodies are finished one after the other and few are held half.
 */

/** A body that can be made to wait (TCP holds the sender back, nothing is lost). */
export interface Pausable {
  /** Milliseconds. */
  readonly startedAt: number;
  pause(): void;
  resume(): void;
}

/** Bytes of bodies taken in one turn: a few milliseconds of work. */
const TURN_BYTES = 1024 * 1024;
/** Bodies let on in one turn; each may bring a read or two of 64 KiB before it can be stopped again. */
const TURN_BODIES = 2;

export class TurnShare {
  private left = TURN_BYTES;
  private readonly waiting = new Set<Pausable>();
  private scheduled = false;

  /** Bytes of a body came; unless it is whole with them, it may be paused by this. */
  received(body: Pausable, bytes: number, isWhole: boolean): void {
    this.left -= bytes;
    if (this.left <= 0 && !isWhole && !this.waiting.has(body)) {
      this.waiting.add(body);
      body.pause();
    }
    this.schedule();
  }

  /** No more bytes of it are awaited. */
  end(body: Pausable): void {
    if (this.waiting.delete(body)) body.resume();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.nextTurn());
  }

  private nextTurn(): void {
    this.scheduled = false;
    this.left = TURN_BYTES;
    for (let count = 0; count < TURN_BODIES && this.waiting.size > 0; count++) {
      const body = this.oldest();
      this.waiting.delete(body);
      body.resume();
    }
    if (this.waiting.size > 0) this.schedule();
  }

  private oldest(): Pausable {
    return [...this.waiting].reduce((oldest, body) => (body.startedAt < oldest.startedAt ? body : oldest));
  }
}
