/** Ways to bring a picture under a limit: ours, and what people write by hand. */
import { fit } from '../../lib/fit';
import { loadSharp } from '../../lib/picture/sharp';

export interface Outcome {
  data: Buffer;
  encodes: number;
}

export type Way = (picture: Buffer, limit: number) => Promise<Outcome>;

export const snapflow: Way = async (picture, maxBytes) => {
  const { data, report } = await fit(picture, { maxBytes });
  return { data, encodes: report.encodes };
};

/** Decoded once; then the highest quality from 1 to 95 that fits. */
export const binarySearch: Way = async (picture, limit) => {
  const encode = await encoder(picture);
  let best: Buffer | undefined;
  let encodes = 0;
  for (let low = 1, high = 95; low <= high; encodes++) {
    const quality = (low + high) >> 1;
    const data = await encode(quality);
    if (data.length <= limit) [best, low] = [data, quality + 1];
    else high = quality - 1;
  }
  return { data: best ?? picture, encodes };
};

/** Quality 90, 80, 70 and so on, until it fits. */
export const stepsOfTen: Way = async (picture, limit) => {
  const encode = await encoder(picture);
  let encodes = 0;
  for (let quality = 90; quality >= 10; quality -= 10) {
    const data = await encode(quality);
    encodes += 1;
    if (data.length <= limit) return { data, encodes };
  }
  return { data: picture, encodes };
};

async function encoder(picture: Buffer): Promise<(quality: number) => Promise<Buffer>> {
  const sharp = loadSharp();
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  return (quality) => sharp(data, { raw }).jpeg({ quality }).toBuffer();
}
