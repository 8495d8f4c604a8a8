/** Decodes a picture once: upright, cropped, turned, made smaller, as 8-bit sRGB. */
import type { Sharp as Pipeline, SharpOptions } from 'sharp';
import { SnapflowError } from '../errors';
import type { PictureHeader } from '../picture';
import { loadSharp } from '../picture/sharp';
import { decodeBmp } from '../picture/bmp';
import { cropBox, sizeWithin, uprightSize, type Size } from './geometry';
import type { FitSettings } from './options';
import type { Raw } from '../picture/raw';

export interface Decoded {
  raw: Raw;
  /** Upright, before it was cropped. */
  upright: Size;
  /** Of an animation; 1 for all others. */
  frames: number;
}

/** @param keepAlpha whether the target knows transparency; else the background shows through */
export async function decode(
  picture: Buffer,
  { format }: PictureHeader,
  settings: FitSettings,
  keepAlpha: boolean,
): Promise<Decoded> {
  const source = format === 'bmp' ? rawSource(await decodeBmp(picture)) : encodedSource(picture, settings);
  const { width = 0, height = 0, orientation = 1, pages: frames = 1 } = await source.metadata();
  if (frames > 1 && settings.animation === 'refuse') {
    throw new SnapflowError(
      'UNSUPPORTED_FORMAT',
      'The picture is an animation of {{frames}} frames, which the setting refuses: allow its first frame, or raise the limits so that it passes unchanged.',
      { values: { frames } },
    );
  }
  const upright = uprightSize({ width, height }, orientation);
  const box = cropBox(upright, settings);
  const size = sizeWithin(box, settings);
  let pipeline = source.autoOrient();
  if (settings.rotate !== 0) pipeline = pipeline.rotate(settings.rotate);
  if (settings.crop) pipeline = pipeline.extract(box);
  if (size.width !== box.width || size.height !== box.height) {
    pipeline = pipeline.resize(size.width, size.height, { fit: 'fill' });
  }
  if (!keepAlpha) pipeline = pipeline.flatten({ background: settings.background });
  return { raw: await toRaw(pipeline.toColourspace('srgb'), settings.timeoutMs), upright, frames };
}

function encodedSource(picture: Buffer, { maxInputPixels }: FitSettings): Pipeline {
  const options: SharpOptions = { limitInputPixels: maxInputPixels, failOn: 'error' };
  return loadSharp()(picture, options);
}

export function rawSource({ data, width, height, channels }: Raw): Pipeline {
  return loadSharp()(data, { raw: { width, height, channels }, limitInputPixels: false });
}

export async function toRaw(pipeline: Pipeline, timeoutMs: number): Promise<Raw> {
  const { data, info } = await pipeline
    .raw({ depth: 'uchar' })
    .timeout({ seconds: Math.ceil(timeoutMs / 1000) })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}
