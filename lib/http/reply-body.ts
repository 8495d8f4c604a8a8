/** The body of a reply as it comes in: buffered up to a mark, then the connection waits for its reader. */

/** Bytes that wait for a slow reader before the connection is paused. */
const HIGH_WATER_BYTES = 262_144;
/** Bytes that `discard` reads to keep the connection; a longer rest costs the connection. */
const DISCARD_BYTES = 65_536;

export interface Flow {
  pause(): void;
  resume(): void;
  /** The reader does not want the rest. */
  cancel(): void;
}

export class ReplyBody implements AsyncIterable<Buffer> {
  #chunks: Buffer[] = [];
  #buffered = 0;
  #paused = false;
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(private readonly flow: Flow) {}

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered > HIGH_WATER_BYTES && !this.#wake && !this.#paused) {
      this.#paused = true;
      this.flow.pause();
    }
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** What has come already is given out first. */
  fail(error: Error): void {
    this.#error ??= error;
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (;;) {
        const chunk = this.#take();
        if (chunk) yield chunk;
        else if (this.#error) throw this.#error;
        else if (this.#ended) return;
        else await this.#more();
      }
    } finally {
      if (!this.#ended) this.flow.cancel();
    }
  }

  /** The whole body in one piece. */
  async collect(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this) chunks.push(chunk);
    return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  }

  /** Gives up the rest, without an error. */
  async discard(): Promise<void> {
    let bytes = 0;
    try {
      for await (const chunk of this) {
        bytes += chunk.length;
        if (bytes > DISCARD_BYTES) break;
      }
    } catch {
      // Nobody waits for this body: how it ends is of no interest.
    }
  }

  #take(): Buffer | undefined {
    const chunk = this.#chunks.shift();
    if (chunk) this.#buffered -= chunk.length;
    return chunk;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
      if (!this.#paused) return;
      this.#paused = false;
      // Last, because it may push what was held back before it returns.
      this.flow.resume();
    });
  }
}
