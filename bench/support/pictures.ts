/** Pictures as cameras take them, generated: coarse and fine structure, edges, noise. The same seed, the same picture. */
import type { Sharp } from 'sharp';
import { loadSharp } from '../../lib/picture/sharp';

export interface Look {
  width: number;
  height: number;
  seed: number;
  /** Strength of the finest structure: 1 is a usual camera by day, 3 a noisy one. Default 1. */
  noise?: number;
}

/** Size of a structure in pixels, and how far it moves the colours, of 255. */
const OCTAVES = [
  [320, 60],
  [96, 30],
  [32, 16],
  [12, 9],
  [5, 5],
  [2, 3],
] as const;
const FINEST = 2.5;

/** Numbers from 0 to 255 that look like chance. */
export function chance(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 16) & 255;
  };
}

/** Pixels, to be encoded as one likes. */
export async function picture({ width, height, seed, noise = 1 }: Look): Promise<Sharp> {
  const sharp = loadSharp();
  const next = chance(seed);
  const sum = new Float32Array(width * height * 3).fill(118);
  for (const [size, strength] of [...OCTAVES, [1, FINEST * noise] as const]) {
    const [across, down] = [Math.max(2, Math.ceil(width / size)), Math.max(2, Math.ceil(height / size))];
    const points = Buffer.alloc(across * down * 3);
    for (let at = 0; at < points.length; at++) points[at] = next();
    const layer = await sharp(points, { raw: { width: across, height: down, channels: 3 } })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer();
    for (let at = 0; at < sum.length; at++) sum[at]! += ((layer[at]! - 128) / 128) * strength;
  }
  drawEdges(sum, width, height, next);
  const pixels = Buffer.from(Uint8ClampedArray.from(sum));
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Walls, windows and doors: rectangles of one colour each, half over what was there. */
function drawEdges(sum: Float32Array, width: number, height: number, next: () => number): void {
  for (let index = 0; index < 24; index++) {
    const [left, top] = [Math.floor((next() / 256) * width), Math.floor((next() / 256) * height)];
    const right = Math.min(width, left + 1 + Math.floor((next() / 1024) * width));
    const bottom = Math.min(height, top + 1 + Math.floor((next() / 1024) * height));
    const colours = [next(), next(), next()];
    for (let y = top; y < bottom; y++) {
      for (let at = (y * width + left) * 3; at < (y * width + right) * 3; at++) {
        sum[at] = (sum[at]! + colours[at % 3]!) / 2;
      }
    }
  }
}
