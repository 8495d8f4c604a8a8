/** The fields of `ActiveNewPhotograph`: names instead of numbers, and checked before anything is sent. */
import { SnapflowError } from '../errors';
import { text } from '../texts/mark';
import type { JsonObject } from './envelope';

export const TYPES = { capture: 1, record: 2, both: 3 } as const;
export const RESOLUTIONS = { '360p': 0, '480p': 1, '720p': 2, '1080p': 3 } as const;
export const CAMERAS = { main: 0, top: 1 } as const;

export interface PhotographInput {
  /** GUID of the asset, or its number: one of them. */
  assetGuid?: string;
  assetNumber?: string;
  /** Default `capture`. */
  type?: keyof typeof TYPES;
  /** Pictures. Required for `capture` and `both`. */
  count?: number | string;
  /** Seconds of video. Required for `record` and `both`. */
  durationSeconds?: number | string;
  /** Seconds between pictures. Required for more than one. */
  intervalSeconds?: number | string;
  /** Default `720p`, as in the document's samples. */
  resolution?: keyof typeof RESOLUTIONS;
  /** Default `main`; the document knows one camera only so far. */
  camera?: keyof typeof CAMERAS;
}

/** Numbers that the chosen type does not use are sent as 0. */
export function writeInstruction(input: PhotographInput): JsonObject {
  const { assetGuid, assetNumber, type = 'capture', resolution = '720p', camera = 'main' } = input;
  if (!assetGuid === !assetNumber) {
    throw new SnapflowError('BAD_INPUT', 'Give the asset by its GUID or by its number: one of them.', {
      system: 'assetscontrols',
    });
  }
  for (const [given, known] of [
    [type, TYPES],
    [resolution, RESOLUTIONS],
    [camera, CAMERAS],
  ] as const) {
    if (!Object.hasOwn(known, given)) throw notOneOf(String(given), Object.keys(known));
  }
  const takesPictures = type !== 'record';
  const takesVideo = type !== 'capture';
  const count = takesPictures ? positive(input.count, text('Number of pictures')) : 0;
  return {
    FCameraID: CAMERAS[camera],
    FType: TYPES[type],
    FCount: count,
    FDuration: takesVideo ? positive(input.durationSeconds, text('Length of the video (seconds)')) : 0,
    FResolution: RESOLUTIONS[resolution],
    FInterval: count > 1 ? positive(input.intervalSeconds, text('Seconds between pictures')) : 0,
  };
}

/** A flow may hold numbers as text. */
function positive(given: number | string | undefined, name: string): number {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new SnapflowError('BAD_INPUT', '“{{name}}” must be a whole number from 1 on.', {
    system: 'assetscontrols',
    values: { name },
  });
}

function notOneOf(given: string, known: string[]): SnapflowError {
  return new SnapflowError('BAD_INPUT', '“{{given}}” is not known; it must be one of: {{known}}.', {
    system: 'assetscontrols',
    values: { given, known: known.join(', ') },
  });
}
