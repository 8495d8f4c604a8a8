/** The dialog of `snapflow-fit` as options of `lib/fit`. */
import type { FitOptions, Mask, WorkshopOptions } from '../../lib/fit';
import type { Area, Corner } from '../../lib/fit';
import { SnapflowError } from '../../lib/errors';
import type { NodeConfig } from '../shared/red';

/** As the editor stores it: an empty field means no limit. */
export interface FitConfig extends NodeConfig {
  maxBytes?: string | number;
  maxWidth?: string | number;
  maxHeight?: string | number;
  format?: FitOptions['format'];
  minQuality?: string | number;
  metadata?: FitOptions['metadata'];
  clean?: boolean;
  animation?: FitOptions['animation'];
  background?: string;
  rotate?: string | number;
  /** `left, top, width, height` in percent. */
  crop?: string;
  masks?: Mask[];
  stampZone?: string;
  stampCorner?: Corner;
  stampSize?: string | number;
  /** Million pixels. */
  maxMegapixels?: string | number;
  maxParallel?: string | number;
  maxWaiting?: string | number;
  maxWaitingMB?: string | number;
}

/** @throws SnapflowError `BAD_INPUT` for a crop that is not four numbers */
export function fitOptions(config: FitConfig): FitOptions {
  return {
    maxBytes: limit(config.maxBytes),
    maxWidth: limit(config.maxWidth),
    maxHeight: limit(config.maxHeight),
    format: config.format,
    minQuality: limit(config.minQuality),
    metadata: config.metadata,
    clean: config.clean,
    animation: config.animation,
    background: config.background || undefined,
    rotate: Number(config.rotate ?? 0) as FitOptions['rotate'],
    crop: cropArea(config.crop ?? ''),
    masks: config.masks?.map(({ left, top, width, height, style }) => ({
      left: Number(left),
      top: Number(top),
      width: Number(width),
      height: Number(height),
      ...(style !== undefined && { style }),
    })),
    maxInputPixels: Number(config.maxMegapixels ?? 64) * 1_000_000,
  };
}

export function workshopOptions({ maxParallel, maxWaiting, maxWaitingMB }: FitConfig): WorkshopOptions {
  return {
    maxParallel: Number(maxParallel ?? 1),
    maxQueued: Number(maxWaiting ?? 100),
    maxQueuedBytes: Number(maxWaitingMB ?? 256) * 1_000_000,
  };
}

function limit(value: string | number | undefined): number | undefined {
  return value === undefined || value === '' ? undefined : Number(value);
}

function cropArea(value: string): Area | undefined {
  if (value.trim() === '') return undefined;
  const [left = NaN, top = NaN, width = NaN, height = NaN, ...more] = value.split(/[\s,;]+/).map(Number);
  if (more.length === 0 && [left, top, width, height].every(Number.isFinite))
    return { left, top, width, height };
  throw new SnapflowError(
    'BAD_INPUT',
    'Crop must be four numbers, left, top, width and height in percent, not “{{value}}”.',
    { values: { value } },
  );
}
