/** Small generated pictures, and what tests look at in the results. */
import sharp, { type Sharp } from 'sharp';
import { picture } from '../../../bench/support/pictures';

/** A picture with structure and noise, as a camera takes it. */
export const photo = (width = 480, height = 270, seed = 1): Promise<Sharp> =>
  picture({ width, height, seed, noise: 3 });

/** Four quarters of one colour each: red, green / blue, white. */
export function quarters(width = 80, height = 60): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data.set(colourAt(x < width / 2, y < height / 2), (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function colourAt(isLeft: boolean, isUpper: boolean): [number, number, number] {
  if (isUpper) return isLeft ? [255, 0, 0] : [0, 255, 0];
  return isLeft ? [0, 0, 255] : [255, 255, 255];
}

const NAMES: Readonly<Record<string, string>> = {
  '000': 'black',
  '100': 'red',
  '010': 'green',
  '001': 'blue',
  '111': 'white',
};

/** The names of the colours in the middle of the four quarters, row by row. */
export async function cornersOf(encoded: Buffer): Promise<string[]> {
  const { data, info } = await sharp(encoded)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ].map(([x = 0, y = 0]) => colourNamed(data, info, x, y));
}

/** The name of the colour at a place given in parts of the whole. */
export async function colourOf(encoded: Buffer, x: number, y: number): Promise<string> {
  const { data, info } = await sharp(encoded)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return colourNamed(data, info, x, y);
}

function colourNamed(
  data: Buffer,
  { width, height, channels }: { width: number; height: number; channels: number },
  x: number,
  y: number,
): string {
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * channels;
  const bits = [...data.subarray(at, at + 3)].map((value) => (value > 127 ? '1' : '0')).join('');
  return NAMES[bits] ?? bits;
}
