/** Pictures for the rules of a filter: a place that can be changed. */
import { loadSharp } from '../../../lib/picture/sharp';
import { Camera, type Weather } from '../../support/scenes/camera';
import { intrude } from '../../support/scenes/intruder';
import { placeOf } from '../../support/scenes/place';
import { randomOf } from '../../support/scenes/random';

const SIZE = { width: 320, height: 180 };

export interface PlaceWish extends Weather {
  /** Another place. Default 1. */
  seed?: number;
  /** Something that was not there before. */
  intruder?: boolean;
}

/** The same place each time, as a JPEG. */
export function picture({ seed = 1, intruder = false, ...weather }: PlaceWish = {}): Promise<Buffer> {
  const random = randomOf(seed);
  const place = placeOf(random, SIZE.width, SIZE.height);
  if (intruder) intrude(place.paint, random);
  return new Camera(place, random).take(place.paint, weather, random);
}

/** One colour, with noise. */
export async function plain(value: number, { noise = 2, width = 320, height = 180 } = {}): Promise<Buffer> {
  const random = randomOf(value);
  const pixels = Uint8ClampedArray.from(
    { length: width * height * 3 },
    () => value + random.between(-noise, noise),
  );
  return loadSharp()(Buffer.from(pixels.buffer), { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

export async function blurred(jpeg: Buffer, sigma: number): Promise<Buffer> {
  return loadSharp()(jpeg).blur(sigma).jpeg().toBuffer();
}
