/** What a filter can be told. Every rule is optional; without rules every picture passes. */
import type { Condition } from './conditions';
import type { LookOptions } from './look';
import type { Region } from './mask';
import type { TimeWindow } from './time-window';

/** For whom pictures are counted: the device, or whoever is in the picture (the device where that is not known). */
export type RateKey = 'device' | 'person' | 'plate';

export interface FilterOptions extends LookOptions {
  /** What must hold of the picture and of its message. Alarms, too, must fulfil these. */
  conditions?: readonly Condition[];
  /** When pictures pass. */
  window?: TimeWindow;
  atMost?: {
    /** Milliseconds between two pictures that pass. */
    everyMs: number;
    /** Default `device`. */
    per?: RateKey;
  };
  /** One picture passes after so many milliseconds without one, whatever the rules on time between and on looks say. */
  atLeastMs?: number;
  /** Only pictures that differ from the last one that passed. */
  changed?: {
    /** 0 (every picture) to 1 (hardly any). Default 0.38. */
    threshold?: number;
    /** Parts of the picture that do not count. */
    masks?: readonly Region[];
  };
  /** Only pictures that show something: not black, washed out, blurred, covered or cut off. */
  usable?: boolean;
  /** Of the pictures within so many milliseconds the sharpest. */
  burstMs?: number;
  /** Whether alarms must only fulfil the conditions, nothing else. Default true. */
  passAlarms?: boolean;
  /** Devices (with channel and kind of picture) that are remembered; the longest unseen one is forgotten. Default 1,000. */
  maxDevices?: number;
  /** Pictures that wait for a decision. Default 100: more than that fail with `QUEUE_FULL`. */
  maxWaiting?: number;
}

/** Found by `bench/cases/scenes.ts`: see its table of missed and false. */
export const THRESHOLD = 0.38;
export const MAX_DEVICES = 1_000;
export const MAX_WAITING = 100;
