/** Lets a picture pass or not, for each device by itself, and says why. */
import { systemClock, type Clock } from '../clock';
import { closedError, isSnapflowError } from '../errors';
import { readPictureHeader, type PictureHeader } from '../picture';
import { loadSharp } from '../picture/sharp';
import { Bursts } from './bursts';
import { testOf, type Field, type ReadField, type Test } from './conditions';
import type { Decision } from './decision';
import { difference } from './difference';
import { gridOf, type Grid } from './grid';
import { lookAt, type Look } from './look';
import { weightsOf } from './mask';
import { Memory, type SavedMemory } from './memory';
import { OneByOne } from './one-by-one';
import { MAX_DEVICES, MAX_WAITING, THRESHOLD, type FilterOptions } from './options';
import { insideOf } from './time-window';
import { flawOf } from './usable';
import { sharpnessOf } from './sharpness';

export interface Candidate {
  data: Buffer;
  /** Device, channel and kind of picture: what is compared with each other. */
  device: string;
  /** For whom pictures are counted by `atMost`; undefined: the device. */
  rateKey?: string;
  alarm?: boolean;
  /** Values of the fields that the bytes do not tell. */
  read: ReadField;
}

/** What a picture looked like when it was decided on; none when no rule looked at it. */
export interface Seen {
  look?: Look;
  grid?: Grid;
}

export type Verdict = Decision & { seen: Seen };

export class PictureFilter {
  readonly #tests: Test[];
  readonly #isInside: ((moment: number) => boolean) | undefined;
  readonly #weights: Float32Array;
  readonly #threshold: number;
  readonly #memory: Memory;
  readonly #turns: OneByOne;
  readonly #bursts: Bursts | undefined;
  #isAbandoned = false;

  /** @throws SnapflowError `BAD_INPUT` for a rule that makes no sense */
  constructor(
    private readonly options: FilterOptions,
    private readonly clock: Clock = systemClock,
  ) {
    const { conditions = [], window, changed, burstMs } = options;
    this.#tests = conditions.map(testOf);
    this.#isInside = window && insideOf(window);
    this.#weights = weightsOf(changed?.masks ?? []);
    this.#threshold = changed?.threshold ?? THRESHOLD;
    this.#memory = new Memory(options.maxDevices ?? MAX_DEVICES, clock);
    this.#turns = new OneByOne(options.maxWaiting ?? MAX_WAITING);
    this.#bursts = burstMs === undefined ? undefined : new Bursts(burstMs, clock);
  }

  /**
   * @throws SnapflowError `UNSUPPORTED_FORMAT` (no picture), `BAD_INPUT` (broken; sharp is missing), `TOO_LARGE` (pixels),
   *   `QUEUE_FULL`, `CLOSED`
   */
  async decide(candidate: Candidate): Promise<Verdict> {
    const header = readPictureHeader(candidate.data);
    const unmet = this.#tests.find((test) => !test.holds(reading(candidate, header)));
    if (unmet) return { pass: false, reason: unmet.field, seen: {} };
    const { ends } = await this.#turns.run(candidate.device, () => this.#judge(candidate));
    const verdict = await ends;
    this.#needOpen();
    return verdict;
  }

  /** Forgets all pictures. */
  reset(): void {
    this.#memory.clear();
  }

  /** Remembers what another filter did. @param saved what `save` gave, as it came back from where it was kept */
  restore(saved: unknown): void {
    this.#memory.restore(saved);
  }

  save(): SavedMemory {
    return this.#memory.save();
  }

  /** Ends bursts at once; what still waits fails with `CLOSED`. */
  close(): void {
    this.#turns.close();
    this.#bursts?.close();
  }

  /** Decides on nothing any more: what waits for its turn, for its look or in a burst fails with `CLOSED`. */
  abandon(): void {
    this.#isAbandoned = true;
    this.close();
  }

  #needOpen(): void {
    if (this.#isAbandoned) throw closedError('snapflow');
  }

  /** In an object, because the end of a burst must not be waited for while others wait for their turn. */
  async #judge(candidate: Candidate): Promise<{ ends: Promise<Verdict> }> {
    const { device, alarm = false } = candidate;
    if (alarm && this.options.passAlarms !== false) return this.#passAlarm(candidate);
    if (this.#isInside?.(this.clock.now()) === false) return held({ pass: false, reason: 'time', seen: {} });
    const isDue = this.#isDue(device);
    if (!isDue && this.#isTooSoon(candidate)) return held({ pass: false, reason: 'too-soon', seen: {} });
    const verdict = await this.#lookAt(candidate, isDue);
    if (!verdict.pass) return held(verdict);
    if (this.#bursts === undefined) return held(this.#passed(candidate, verdict));
    const quality = await sharpnessOf(candidate.data, this.options);
    return {
      ends: this.#bursts.enter(device, quality).then((isBest) => this.#burstEnds(candidate, verdict, isBest)),
    };
  }

  #burstEnds(candidate: Candidate, verdict: Verdict, isBest: boolean): Verdict {
    if (!isBest) return { ...verdict, pass: false, reason: 'not-sharpest' };
    return this.#passed(candidate, { ...verdict, pass: true, reason: 'sharpest' });
  }

  #isDue(device: string): boolean {
    const { atLeastMs } = this.options;
    const last = this.#memory.lastOf(device);
    return atLeastMs !== undefined && last !== undefined && this.clock.monotonic() - last.at >= atLeastMs;
  }

  #isTooSoon({ device, rateKey = device }: Candidate): boolean {
    const { atMost } = this.options;
    return atMost !== undefined && this.#memory.sinceRate(rateKey) < atMost.everyMs;
  }

  /** An alarm passes whatever its picture looks like; but it is compared, and the next one with it. */
  async #passAlarm(candidate: Candidate): Promise<{ ends: Promise<Verdict> }> {
    let seen: Seen = {};
    let compared = {};
    if (this.options.changed) {
      try {
        const look = await lookAt(candidate.data, this.options);
        seen = { look, grid: gridOf(look) };
        compared = this.#compare(candidate, seen.grid);
      } catch (error) {
        if (!isSnapflowError(error)) throw error;
      }
    }
    return held(this.#passed(candidate, { pass: true, reason: 'alarm', ...compared, seen }));
  }

  async #lookAt(candidate: Candidate, isDue: boolean): Promise<Verdict> {
    const { usable, changed } = this.options;
    const passed = isDue ? 'due' : this.#memory.lastOf(candidate.device) === undefined ? 'first' : 'matched';
    if (!usable && !changed) return { pass: true, reason: passed, seen: {} };
    // Before all else, so that a missing sharp is not taken for a broken picture.
    loadSharp();
    let look: Look;
    try {
      look = await lookAt(candidate.data, this.options, { strict: usable === true && !isDue });
    } catch (error) {
      if (usable && !isDue && isSnapflowError(error) && error.code === 'BAD_INPUT') {
        return { pass: false, reason: 'truncated', seen: {} };
      }
      throw error;
    }
    const seen: Seen = { look, ...(changed && { grid: gridOf(look) }) };
    const compared = this.#compare(candidate, seen.grid);
    const flaw = usable && !isDue ? flawOf(look) : undefined;
    if (flaw) return { pass: false, reason: flaw, ...compared, seen };
    if (isDue || compared.distance === undefined) return { pass: true, reason: passed, ...compared, seen };
    if (compared.distance < this.#threshold) return { pass: false, reason: 'unchanged', ...compared, seen };
    return { pass: true, reason: 'changed', ...compared, seen };
  }

  #compare({ device }: Candidate, grid: Grid | undefined): { distance?: number; threshold?: number } {
    if (grid === undefined) return {};
    const before = this.#memory.lastOf(device)?.grid;
    return {
      ...(before && { distance: difference(before, grid, this.#weights) }),
      threshold: this.#threshold,
    };
  }

  #passed({ device, rateKey = device }: Candidate, verdict: Verdict): Verdict {
    // What is not told to have passed must not be remembered so.
    this.#needOpen();
    this.#memory.passed(device, verdict.seen.grid, this.options.atMost && rateKey);
    return verdict;
  }
}

function held(verdict: Verdict): { ends: Promise<Verdict> } {
  return { ends: Promise.resolve(verdict) };
}

function reading({ data, read }: Candidate, header: PictureHeader): ReadField {
  const own: Partial<Record<Field, unknown>> = {
    format: header.format,
    bytes: data.length,
    width: header.width,
    height: header.height,
  };
  return (field, property) => (field in own ? own[field] : read(field, property));
}
