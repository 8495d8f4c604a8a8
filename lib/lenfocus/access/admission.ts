/** Decides about a `/connect` (§1.1), as strictly as the user chose. */
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../clock';
import type { Refusal, Verdict } from '../registry/join-list';
import { snKey, type DeviceRecord, type DeviceRegistry } from '../registry/types';
import { CODE } from '../wire/codes';
import { Fields, integerOf, type JsonObject } from '../wire/values';
import { AttemptLimit } from './attempts';
import { KeyCache } from './keys';
import { ReplayGuard } from './replay';
import { verifySignature } from './signature';

/**
 * How a device proves itself: by its *signature*, by being on the *allow list*, or not at all (*open*: any
 * device may connect under any SN, for closed networks and first trials).
 */
export type CheckMode = 'signature' | 'allow-list' | 'open';

export interface AdmissionOptions {
  clock: Clock;
  check: CheckMode;
  /** Key and security code for devices whose record has none. */
  publicKey?: string;
  securityCode?: string;
  /** Seconds that a device's clock may differ from ours; 0 for any. Only signatures carry a time. */
  clockWindowS: number;
  /** What to do with a device that has no did: no public way exists to give it one. */
  withoutDid: 'accept' | 'provision';
  attemptsPerMinute: number;
}

/** What a device says when it connects. */
export interface ConnectRequest {
  sn: string;
  /** `''` when it has none. */
  did: string;
  ip: string | undefined;
  sign: string | undefined;
  /** As it was sent, because the signature covers it. */
  ts: string | undefined;
  address: string;
}

export type Judgement = Admitted | Refused;

export interface Admitted {
  admitted: true;
  record: DeviceRecord | undefined;
  verdict: Verdict;
}

export interface Refused {
  admitted: false;
  /** Of the document's codes, and the text that goes with it. */
  code: number;
  message: string;
  /** Absent when the request was not even looked at. */
  refusal?: Refusal;
  verdict?: Verdict;
  record?: DeviceRecord;
  /** Seconds that the device's clock is ahead of ours. */
  clockAheadS?: number;
}

const DAY_MS = 86_400_000;

export interface AdmissionProblem {
  sn: string;
  cause: unknown;
}

export class Admission {
  private readonly attempts: AttemptLimit;
  private readonly replays: ReplayGuard;
  private readonly keys = new KeyCache();
  /** Address of each device's last good connect: it is not shut out by what others do from there. */
  private readonly goodAddresses = new Map<string, string>();

  /** @param onProblem told when a record's key cannot be read */
  constructor(
    private readonly options: AdmissionOptions,
    private readonly registry: DeviceRegistry,
    private readonly onProblem: (problem: AdmissionProblem) => void,
  ) {
    this.attempts = new AttemptLimit(options.attemptsPerMinute);
    this.replays = new ReplayGuard(options.clockWindowS > 0 ? options.clockWindowS * 2_000 : DAY_MS);
  }

  async judge(request: ConnectRequest): Promise<Judgement> {
    const now = this.options.clock.monotonic();
    const { sn, address } = request;
    const isOldFriend = this.goodAddresses.get(snKey(sn)) === address;
    if (!isOldFriend && this.attempts.isBlocked(address, sn, now)) {
      return { admitted: false, code: CODE.unauthorised, message: 'Too many attempts' };
    }
    const record = await this.registry.find(sn);
    const judgement = this.judgeRecord(request, record);
    if (!judgement.admitted) this.attempts.addRefusal(address, sn, now);
    // Not for any SN that an open server lets in, of which there is no end.
    else if (record) this.goodAddresses.set(snKey(sn), address);
    return judgement;
  }

  sweep(now: number): void {
    this.attempts.sweep(now);
    this.replays.sweep(now);
  }

  private judgeRecord(request: ConnectRequest, record: DeviceRecord | undefined): Judgement {
    const { check, withoutDid } = this.options;
    const verdict = check === 'open' ? 'not-checked' : this.verify(request, record);
    const refuse = (code: number, message: string, refusal: Refusal): Refused => ({
      admitted: false,
      code,
      message,
      refusal,
      verdict,
      ...(record && { record }),
    });
    if (check !== 'open' && !record) return refuse(CODE.notRegistered, 'Device not registered', 'unknown');
    if (check === 'signature') {
      if (verdict !== 'valid') return refuse(CODE.badSignature, 'Signature check failed', 'signature');
      const clockAheadS = secondsAhead(request.ts, this.options.clock.now());
      const refusal = this.refusalOfTime(request, clockAheadS);
      if (refusal) return { ...refuse(CODE.badSignature, 'Timestamp refused', refusal), clockAheadS };
    }
    if (request.did === '' && withoutDid === 'provision') {
      return refuse(CODE.notRegistered, 'Device has no did', 'no-did');
    }
    return { admitted: true, record, verdict };
  }

  private verify(request: ConnectRequest, record: DeviceRecord | undefined): Verdict {
    const { sn, sign, ts } = request;
    if (sign === undefined || ts === undefined) return 'missing';
    const key = this.keyOf(record, sn);
    if (!key) return 'no-key';
    const securityCode = record?.securityCode ?? this.options.securityCode;
    if (securityCode === undefined) return 'no-code';
    return verifySignature(key, { sn, securityCode, ts, sign }) ? 'valid' : 'invalid';
  }

  private keyOf(record: DeviceRecord | undefined, sn: string): KeyObject | undefined {
    const text = record?.publicKey ?? this.options.publicKey;
    try {
      return text === undefined ? undefined : this.keys.get(text);
    } catch (cause) {
      this.onProblem({ sn, cause });
      return undefined;
    }
  }

  private refusalOfTime({ sn, ts = '' }: ConnectRequest, clockAheadS: number): Refusal | undefined {
    const { clockWindowS } = this.options;
    if (clockWindowS > 0 && Math.abs(clockAheadS) > clockWindowS) return 'clock';
    if (this.replays.has(sn, ts)) return 'replay';
    this.replays.add(sn, ts, this.options.clock.monotonic());
    return undefined;
  }
}

/** How far a device's clock is ahead of ours; one that sends milliseconds is understood too. */
function secondsAhead(ts: string | undefined, now: number): number {
  const time = integerOf(ts) ?? 0;
  return Math.round((time > 1e11 ? time / 1000 : time) - now / 1000);
}

const SN = /^[\x21-\x7e]{1,64}$/;

/** The request of a `/connect` frame; undefined when it names no usable SN. */
export function readConnect(param: JsonObject, address: string): ConnectRequest | undefined {
  const fields = new Fields(param);
  const sn = fields.text('sn');
  if (sn === undefined || !SN.test(sn)) return undefined;
  return {
    sn,
    did: fields.id('did'),
    ip: fields.text('ip'),
    sign: fields.text('sign'),
    ts: fields.text('ts'),
    address,
  };
}
