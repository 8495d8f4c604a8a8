/** What comes into a place: a person, a car, an animal or a thing, of at least 2 % of the picture. */
import { FULL, OVAL, type Box, type Colour, type Paint, type Shape } from './paint';
import { hillsOf, type Random } from './random';

/** Share of the picture that it covers at least. */
export const LEAST_SHARE = 0.02;
/** Mean difference of its red, green and blue to what it covers, of 255, in daylight: less would hide it from people too. */
export const LEAST_CONTRAST = 20;

interface Kind {
  /** Width of its box in parts of its height, in pixels. */
  slim: number;
  shape: Shape;
}

const PERSON: Shape = (x, y) =>
  y < 0.18
    ? OVAL((x - 0.28) / 0.44, y / 0.18)
    : y < 0.6
      ? x > 0.05 && x < 0.95
      : Math.abs(x - 0.5) > 0.06 && x > 0.2 && x < 0.8;
const CAR: Shape = (x, y) =>
  y < 0.4
    ? x > 0.2 + 0.12 * (1 - y) && x < 0.8
    : y < 0.8 || OVAL((x - 0.1) / 0.25, (y - 0.6) / 0.4) || OVAL((x - 0.65) / 0.25, (y - 0.6) / 0.4);
const ANIMAL: Shape = (x, y) =>
  OVAL(x / 0.8, (y - 0.2) / 0.5) ||
  OVAL((x - 0.65) / 0.35, y / 0.4) ||
  (y > 0.5 && ((x > 0.15 && x < 0.27) || (x > 0.5 && x < 0.62)));

const KINDS: readonly Kind[] = [
  { slim: 0.42, shape: PERSON },
  { slim: 2, shape: CAR },
  { slim: 1.5, shape: ANIMAL },
  { slim: 1, shape: FULL },
  { slim: 1, shape: OVAL },
];

/** Paints one into the picture, wherever it is seen well enough. */
export function intrude(paint: Paint, random: Random): void {
  for (;;) {
    const tried = paint.copy();
    const { share, contrast } = paintOne(tried, random);
    if (share < LEAST_SHARE || contrast < LEAST_CONTRAST) continue;
    paint.values.set(tried.values);
    return;
  }
}

function paintOne(paint: Paint, random: Random): { share: number; contrast: number } {
  const { slim, shape } = random.pick(KINDS);
  // From a box that is just large enough upwards.
  const area = random.between(0.022, 0.045);
  const height = Math.sqrt((area * paint.width) / paint.height / slim);
  const width = (height * slim * paint.height) / paint.width;
  const box: Box = [random.between(0, 1 - width), random.between(0, 1 - height), width, height];
  const upper: Colour = [random.between(10, 240), random.between(10, 240), random.between(10, 240)];
  const lower: Colour = [random.between(10, 200), random.between(10, 200), random.between(10, 200)];
  const folds = hillsOf(random);
  return paint.shape(box, shape, (x, y) => {
    const light = 0.8 + 0.3 * folds(x * 6, y * 6);
    const [red, green, blue] = y < 0.55 ? upper : lower;
    return [red * light, green * light, blue * light];
  });
}
