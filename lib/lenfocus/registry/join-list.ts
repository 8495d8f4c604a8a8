/** Cameras that tried to connect and are not let in: what a person needs to see to admit one. */
import { snKey } from './types';

/** What the signature check said about a device. */
export type Verdict =
  /** Signed with the key and security code we know. */
  | 'valid'
  | 'invalid'
  /** It sent no signature. */
  | 'missing'
  /** We know no public key to check with. */
  | 'no-key'
  /** We know no security code to check with. */
  | 'no-code'
  /** By setting, signatures are not checked. */
  | 'not-checked';

/** Why a device was not let in. */
export type Refusal = 'unknown' | 'signature' | 'clock' | 'replay' | 'no-did';

export interface JoinRequest {
  sn: string;
  /** As the device said; `''` when it has none. */
  did: string;
  /** Where it dials in from. */
  address: string;
  /** Its address in its own network, as it said. */
  ip?: string;
  verdict: Verdict;
  refusal: Refusal;
  /** Seconds that its clock is ahead of ours. */
  clockAheadS?: number;
  /** ISO 8601. */
  firstSeen: string;
  lastSeen: string;
  attempts: number;
}

export class JoinList {
  private readonly requests = new Map<string, JoinRequest>();

  /** @param limit devices listed; beyond, the one that was silent longest is left out */
  constructor(private readonly limit: number) {}

  /** @returns the request, and whether this SN was not listed before */
  add(
    seen: Omit<JoinRequest, 'firstSeen' | 'lastSeen' | 'attempts'>,
    now: number,
  ): { request: JoinRequest; isNew: boolean } {
    const key = snKey(seen.sn);
    const earlier = this.requests.get(key);
    const time = new Date(now).toISOString();
    const request: JoinRequest = {
      ...seen,
      firstSeen: earlier?.firstSeen ?? time,
      lastSeen: time,
      attempts: (earlier?.attempts ?? 0) + 1,
    };
    // Deleted first, so that the map stays in the order of the last attempt.
    this.requests.delete(key);
    this.requests.set(key, request);
    const oldest = this.requests.keys().next();
    if (this.requests.size > this.limit && !oldest.done) this.requests.delete(oldest.value);
    return { request, isNew: earlier === undefined };
  }

  remove(sn: string): void {
    this.requests.delete(snKey(sn));
  }

  list(): JoinRequest[] {
    return [...this.requests.values()].reverse();
  }
}
