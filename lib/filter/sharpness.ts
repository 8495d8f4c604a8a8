/** How sharp a picture is, to choose the sharpest of several of the same scene. */
import { lookAt, type LookOptions } from './look';
import { brightnessOf } from './usable';

/** Finer than for the other rules: a hand that moves blurs a few pixels only. */
const SIDE = 640;

/**
 * The mean square of the difference between neighbours. It means nothing by itself and is not comparable between
 * scenes.
 * @throws SnapflowError as `lookAt`
 */
export async function sharpnessOf(data: Buffer, options: LookOptions): Promise<number> {
  const look = await lookAt(data, options, { side: SIDE });
  const light = brightnessOf(look);
  let sum = 0;
  for (let at = 0; at + look.width < light.length; at++) {
    sum += (light[at + 1]! - light[at]!) ** 2 + (light[at + look.width]! - light[at]!) ** 2;
  }
  return sum / light.length;
}
