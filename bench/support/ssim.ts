/** How much of a picture's structure another one still shows: 1 is all (Wang et al. 2004, on squares of 8 pixels). */
import { loadSharp } from '../../lib/picture/sharp';

const SIDE = 8;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

export async function ssim(one: Buffer, other: Buffer): Promise<number> {
  const sharp = loadSharp();
  const { data: a, info } = await sharp(one).greyscale().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const b = await sharp(other).greyscale().resize(width, height, { fit: 'fill' }).raw().toBuffer();
  let sum = 0;
  let squares = 0;
  for (let top = 0; top + SIDE <= height; top += SIDE) {
    for (let left = 0; left + SIDE <= width; left += SIDE, squares++)
      sum += square(a, b, top * width + left, width);
  }
  return sum / squares;
}

function square(a: Buffer, b: Buffer, start: number, width: number): number {
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let y = 0; y < SIDE; y++) {
    for (let at = start + y * width; at < start + y * width + SIDE; at++) {
      const [x, z] = [a[at]!, b[at]!];
      sumA += x;
      sumB += z;
      sumAA += x * x;
      sumBB += z * z;
      sumAB += x * z;
    }
  }
  const count = SIDE * SIDE;
  const [meanA, meanB] = [sumA / count, sumB / count];
  const [varA, varB] = [sumAA / count - meanA ** 2, sumBB / count - meanB ** 2];
  const both = sumAB / count - meanA * meanB;
  return ((2 * meanA * meanB + C1) * (2 * both + C2)) / ((meanA ** 2 + meanB ** 2 + C1) * (varA + varB + C2));
}
