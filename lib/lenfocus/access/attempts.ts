/**
 * Counts refused `/connect`s, so that guessing is slow: an address may be refused with so many different SNs a
 * minute, and so often with one. A camera that is set up wrongly and tries for ever counts as one SN, so it
 * does not lock out its neighbours behind the same router.
 */
import { snKey } from '../registry/types';

const MINUTE_MS = 60_000;
/** Addresses remembered at once; a flood from more of them than this is not slowed down further. */
const MAX_ADDRESSES = 10_000;

interface Refusals {
  since: number;
  bySn: Map<string, number>;
}

export class AttemptLimit {
  private readonly addresses = new Map<string, Refusals>();

  /** @param perMinute different SNs, and attempts with one SN, that an address may be refused in a minute */
  constructor(private readonly perMinute: number) {}

  /** True when an attempt of this SN from this address is not to be looked at. */
  isBlocked(address: string, sn: string, now: number): boolean {
    const refusals = this.addresses.get(address);
    if (!refusals || now - refusals.since >= MINUTE_MS) return false;
    const ofThisSn = refusals.bySn.get(snKey(sn)) ?? 0;
    return ofThisSn >= this.perMinute || (ofThisSn === 0 && refusals.bySn.size >= this.perMinute);
  }

  addRefusal(address: string, sn: string, now: number): void {
    let refusals = this.addresses.get(address);
    if (!refusals || now - refusals.since >= MINUTE_MS) {
      if (!refusals && this.addresses.size >= MAX_ADDRESSES) return;
      refusals = { since: now, bySn: new Map() };
      this.addresses.set(address, refusals);
    }
    const key = snKey(sn);
    refusals.bySn.set(key, (refusals.bySn.get(key) ?? 0) + 1);
  }

  sweep(now: number): void {
    for (const [address, { since }] of this.addresses) {
      if (now - since >= MINUTE_MS) this.addresses.delete(address);
    }
  }
}
