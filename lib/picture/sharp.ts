/** The package `sharp`, which decodes and encodes pictures off the event loop. It is optional and loaded on first use. */
import { availableParallelism } from 'node:os';
import { SnapflowError } from '../errors';
import { Slots } from '../http/slots';

export type Sharp = typeof import('sharp');

/**
 * Pictures that are worked on at the same time in this process. Default: one less than there are cores, at least 1,
 * at most 2: each takes one of the four threads in which Node.js also writes files and looks up names.
 */
const AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1));

const turns = new Slots(AT_ONCE);
let loaded: Sharp | undefined;

/**
 * @param load for tests
 * @throws SnapflowError `BAD_INPUT` that says how to get sharp when it is not installed, or has no build for this machine
 */
export function loadSharp(load: () => Sharp = () => require('sharp') as Sharp): Sharp {
  loaded ??= prepared(load);
  return loaded;
}

function prepared(load: () => Sharp): Sharp {
  let sharp: Sharp;
  try {
    sharp = load();
  } catch (cause) {
    throw new SnapflowError(
      'BAD_INPUT',
      'This needs the package sharp, which is not installed or does not run on this machine: run “npm install sharp” in the user directory of Node-RED (where there is no build for the machine: “npm install --cpu=wasm32 sharp”), then restart. Reason: {{reason}}',
      // The first line: sharp explains at length.
      { values: { reason: String((cause as Error).message).split('\n')[0] ?? '' }, cause },
    );
  }
  // One thread for each picture, so that pictures bound the cores that are busy; no picture comes twice, so that
  // keeping results would only take memory.
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp;
}

/** Works on a picture when it is its turn: no more than `AT_ONCE` are worked on at the same time. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => turns.enter(resolve));
  try {
    return await work();
  } finally {
    turns.release();
  }
}
