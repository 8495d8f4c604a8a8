/** What a picture shall become, and within which bounds that is worked out. */
import { SnapflowError } from '../errors';
import { text } from '../texts/mark';

/** A rectangle in percent of the upright picture, from its upper left corner. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Mask extends Area {
  /** Default `black`. */
  style?: 'black' | 'pixelated';
}

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

export interface Stamp {
  /** Written in capitals with a font of its own that knows Latin letters, digits and signs. */
  text: string;
  /** Default `bottom-left`. */
  corner?: Corner;
  /** Height of a letter in percent of the picture's height. Default 3. */
  size?: number;
}

/** `auto`: JPEG and WebP stay what they are, so does a PNG that is not too large; all others become JPEG. */
export type TargetFormat = 'auto' | 'jpeg' | 'png' | 'webp';

/**
 * What happens to EXIF and the like when a picture is encoded anew or cleaned.
 * - `safe`: time, camera model, exposure and copyright stay; places, serial numbers, names and all else go
 * - `drop`: all goes
 * - `keep`: all of a JPEG stays
 */
export type MetadataChoice = 'safe' | 'drop' | 'keep';

export interface FitOptions {
  /** Bytes that the file must not exceed. Default: no limit. */
  maxBytes?: number;
  /** Pixels of the upright picture. Default: no limit. */
  maxWidth?: number;
  maxHeight?: number;
  /** Width × height. Default: no limit. */
  maxPixels?: number;
  /** Default `auto`. */
  format?: TargetFormat;
  /** Lowest JPEG or WebP quality; a picture that is still too large becomes smaller. 1 to 100, default 40. */
  minQuality?: number;
  /** Highest quality, for pictures that had a higher one or none. Default 95. */
  maxQuality?: number;
  /** Default `safe`. */
  metadata?: MetadataChoice;
  /** Removes what `metadata` does not keep also from pictures that fit already (JPEG, PNG, WebP), without loss. Default false. */
  clean?: boolean;
  /** For an animated GIF or WebP that has to be changed: its first frame, or `UNSUPPORTED_FORMAT`. Default `first`. */
  animation?: 'first' | 'refuse';
  /** What shows through where the target knows no transparency: `#rrggbb`. Default `#ffffff`. */
  background?: string;
  /** The part of the upright picture that stays. */
  crop?: Area;
  /** Degrees clockwise, after the picture's own orientation was applied and it was cropped. Default 0. */
  rotate?: 0 | 90 | 180 | 270;
  /** Covered parts of the upright picture, uncropped. */
  masks?: readonly Mask[];
  stamp?: Stamp;
  /** Pixels of a picture that is taken at all, by its header. Default 64 000 000. */
  maxInputPixels?: number;
  /** Encodes until the search gives up. Default 4. */
  maxEncodes?: number;
  /** Milliseconds for one decoding or encoding, rounded up to seconds. Default 30 000. */
  timeoutMs?: number;
}

type Limits = 'maxBytes' | 'maxWidth' | 'maxHeight' | 'maxPixels';
type Edits = 'crop' | 'stamp';

export type FitSettings = Required<Omit<FitOptions, Edits>> & Pick<FitOptions, Edits>;

export const DEFAULTS: Omit<FitSettings, Edits> = {
  maxBytes: Infinity,
  maxWidth: Infinity,
  maxHeight: Infinity,
  maxPixels: Infinity,
  format: 'auto',
  minQuality: 40,
  maxQuality: 95,
  metadata: 'safe',
  clean: false,
  animation: 'first',
  background: '#ffffff',
  rotate: 0,
  masks: [],
  maxInputPixels: 64_000_000,
  maxEncodes: 4,
  timeoutMs: 30_000,
};

const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  format: ['auto', 'jpeg', 'png', 'webp'],
  metadata: ['safe', 'drop', 'keep'],
  animation: ['first', 'refuse'],
  rotate: [0, 90, 180, 270],
};

const LEAST: Readonly<Record<Limits | 'maxInputPixels' | 'maxEncodes' | 'timeoutMs', number>> = {
  maxBytes: 1,
  maxWidth: 1,
  maxHeight: 1,
  maxPixels: 1,
  maxInputPixels: 1,
  maxEncodes: 1,
  timeoutMs: 1,
};

/** @throws SnapflowError `BAD_INPUT` for an option that cannot be used, by its name */
export function fitSettings(options: FitOptions): FitSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings = { ...DEFAULTS, ...(Object.fromEntries(given) as FitOptions) } as FitSettings;
  for (const [name, least] of Object.entries(LEAST)) range(name, settings[name as Limits], least);
  range('minQuality', settings.minQuality, 1, 100);
  range('maxQuality', settings.maxQuality, settings.minQuality, 100);
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const value = settings[name as 'format'];
    if (!allowed.includes(value)) {
      throw badOption(text('{{name}} must be one of {{allowed}}, not {{value}}.'), name, value, {
        allowed: allowed.join(', '),
      });
    }
  }
  if (!/^#[0-9a-f]{6}$/i.test(settings.background)) {
    throw badOption(
      text('{{name}} must be a colour such as #ffffff, not {{value}}.'),
      'background',
      settings.background,
    );
  }
  if (settings.crop) area('crop', settings.crop);
  for (const mask of settings.masks) area('masks', mask);
  if (settings.stamp) range('stamp.size', settings.stamp.size ?? 3, 0.5, 50);
  return settings;
}

function range(name: string, value: unknown, least: number, most = Infinity): void {
  if (typeof value === 'number' && value >= least && value <= most) return;
  const range = most === Infinity ? `≥ ${least}` : `${least} – ${most}`;
  throw badOption(text('{{name}} must be a number {{range}}, not {{value}}.'), name, value, { range });
}

function area(name: string, { left, top, width, height }: Area): void {
  const inside = (from: number, size: number) =>
    Number.isFinite(from) && from >= 0 && size > 0 && from + size <= 100.001;
  if (inside(left, width) && inside(top, height)) return;
  throw badOption(
    text('{{name}} must lie within the picture: left, top, width and height in percent, not {{value}}.'),
    name,
    [left, top, width, height].join(', '),
  );
}

function badOption(sentence: string, name: string, value: unknown, more = {}): SnapflowError {
  return new SnapflowError('BAD_INPUT', sentence, { values: { name, value: String(value), ...more } });
}
