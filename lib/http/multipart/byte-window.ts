/**
 * The bytes of a stream that are still wanted, addressed by their offset in the stream. Chunks are kept as they
 * came; a slice is a view of one chunk or, when it spans several, one copy.
 */

/** Shorter chunks are copied together, so that a peer that sends single bytes does not cost an object for each. */
const SMALL_CHUNK = 4096;
const SLAB = 2 * SMALL_CHUNK;
/** Node looks for up to 7 bytes with `memchr`: three times as fast as the algorithm it has for longer ones. */
const PROBE = 7;

export class ByteWindow {
  private readonly chunks: Buffer[] = [];
  /** Offset of the first byte of each chunk. */
  private readonly starts: number[] = [];
  private slab: Buffer | undefined;
  private slabUsed = 0;

  /** Offset after the last byte that came. */
  end = 0;

  append(chunk: Buffer): void {
    if (chunk.length === 0) return;
    if (chunk.length < SMALL_CHUNK) this.appendSmall(chunk);
    else {
      this.slab = undefined;
      this.push(chunk);
    }
    this.end += chunk.length;
  }

  /** Offset of the first `needle` at or after `from`, or -1. */
  indexOf(needle: Buffer, from: number): number {
    const overlap = needle.length - 1;
    for (let index = this.chunkAt(from); index < this.chunks.length; index++) {
      const chunk = this.chunks[index]!;
      const start = this.starts[index]!;
      const hit = search(chunk, needle, Math.max(0, from - start));
      if (hit !== -1) return start + hit;
      // It may begin in the last bytes of this chunk and end in the next ones.
      const next = start + chunk.length;
      if (next === this.end) break;
      const seam = Math.max(from, start, next - overlap);
      const across = search(this.slice(seam, next + overlap), needle, 0);
      if (across !== -1) return seam + across;
    }
    return -1;
  }

  /** The bytes from `from` up to, not including, `to` or as far as they have come. `from` must not be dropped. */
  slice(from: number, to: number): Buffer {
    const parts: Buffer[] = [];
    const end = Math.min(to, this.end);
    for (let index = this.chunkAt(from); from < end; index++) {
      const start = this.starts[index]!;
      const part = this.chunks[index]!.subarray(from - start, end - start);
      parts.push(part);
      from += part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** Forgets the chunks that end before an offset. */
  drop(offset: number): void {
    const index = this.chunkAt(offset);
    this.chunks.splice(0, index);
    this.starts.splice(0, index);
  }

  private appendSmall(chunk: Buffer): void {
    if (!this.slab || this.slabUsed + chunk.length > SLAB) {
      this.slab = Buffer.allocUnsafe(SLAB);
      this.slabUsed = 0;
      this.push(this.slab);
    }
    this.slabUsed += chunk.copy(this.slab, this.slabUsed);
    // Slices handed out before stay as they are: only bytes behind them are written.
    this.chunks[this.chunks.length - 1] = this.slab.subarray(0, this.slabUsed);
  }

  private push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.starts.push(this.end);
  }

  /** Index of the chunk that holds an offset (the last one for offsets behind it), by bisection. */
  private chunkAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function search(bytes: Buffer, needle: Buffer, from: number): number {
  if (needle.length <= PROBE) return bytes.indexOf(needle, from);
  const probe = needle.subarray(0, PROBE);
  const last = bytes.length - needle.length;
  let hit = bytes.indexOf(probe, from);
  while (hit !== -1 && hit <= last) {
    if (bytes.compare(needle, 0, needle.length, hit, hit + needle.length) === 0) return hit;
    hit = bytes.indexOf(probe, hit + 1);
  }
  return -1;
}
