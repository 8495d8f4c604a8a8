/**
 * Recognises a picture that a device sent before: one person makes a camera call several routes with the same
 * picture, and a report that was not answered in time is sent again.
 */
import { crc32 } from 'node:zlib';

export class Duplicates {
  /** Fingerprint → when it may be forgotten, in the order in which they first came. */
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly windowMs: number,
    private readonly maxPictures: number,
  ) {}

  /** True when these bytes came from this device within the window. Remembers them. */
  isRepeated(sn: string, data: Buffer, now: number): boolean {
    const fingerprint = fingerprintOf(sn, data);
    const until = this.seen.get(fingerprint);
    this.seen.set(fingerprint, now + this.windowMs);
    if (until === undefined) this.makeRoom();
    return until !== undefined && until > now;
  }

  /** The picture was not taken after all: when it is sent again, it is new. */
  forget(sn: string, data: Buffer): void {
    this.seen.delete(fingerprintOf(sn, data));
  }

  sweep(now: number): void {
    for (const [fingerprint, until] of this.seen) if (until <= now) this.seen.delete(fingerprint);
  }

  private makeRoom(): void {
    const first = this.seen.keys().next();
    if (this.seen.size > this.maxPictures && !first.done) this.seen.delete(first.value);
  }
}

/** A checksum and the length, of one device in one minute: quick, and no two pictures share them by chance. */
function fingerprintOf(sn: string, data: Buffer): string {
  return `${crc32(data)} ${data.length} ${sn}`;
}
