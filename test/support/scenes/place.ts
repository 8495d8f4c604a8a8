/** Places that a camera looks at for days: a yard, a street, a field, each seed another one. */
import { FULL, OVAL, Paint, type Colour } from './paint';
import { hillsOf, type Random } from './random';

export interface Place {
  paint: Paint;
  /** The same without all that stands there: where both are equal above the horizon, there is sky. */
  open: Paint;
  /** Part of the height that is sky. */
  horizon: number;
}

export function placeOf(random: Random, width: number, height: number): Place {
  const paint = new Paint(width, height);
  const horizon = random.between(0.2, 0.5);
  groundAndSky(paint, horizon, random);
  const open = paint.copy();
  if (random.next() < 0.7) road(paint, horizon, random);
  for (let count = random.whole(1, 3); count > 0; count--) house(paint, horizon, random);
  for (let count = random.whole(0, 4); count > 0; count--) tree(paint, horizon, random);
  return { paint, open, horizon };
}

function groundAndSky(paint: Paint, horizon: number, random: Random): void {
  const sky: Colour = [random.between(120, 190), random.between(150, 205), random.between(190, 235)];
  const ground: Colour = random.pick([
    [92, 104, 66],
    [120, 110, 96],
    [86, 88, 92],
    [150, 140, 118],
  ]);
  const hills = hillsOf(random);
  paint.each((at, x, y) => {
    if (y < horizon) paint.set(at, sky, 0.85 + 0.25 * (y / horizon));
    else paint.set(at, ground, 0.75 + 0.3 * hills(x * 40, y * 60) + 0.2 * hills(x * 7 + 90, y * 11));
  });
}

function road(paint: Paint, horizon: number, random: Random): void {
  const [from, middle] = [random.between(0.1, 0.5), random.between(0.3, 0.7)];
  const hills = hillsOf(random);
  paint.shape(
    [0, horizon, 1, 1 - horizon],
    (x, y) => Math.abs(x - middle - (from - 0.3) * y) < 0.04 + 0.25 * y,
    (x, y) => {
      const isLine = Math.abs(x - middle - (from - 0.3) * y) < 0.004 + 0.012 * y && (y * 9) % 1 < 0.5;
      const light = 62 + 18 * hills(x * 50, y * 50);
      return isLine ? [190, 188, 180] : [light, light, light + 4];
    },
  );
}

function house(paint: Paint, horizon: number, random: Random): void {
  const [width, height] = [random.between(0.12, 0.35), random.between(0.15, 0.4)];
  const box = [random.between(0, 1 - width), horizon + 0.06 - height, width, height] as const;
  const wall: Colour = [random.between(90, 200), random.between(80, 180), random.between(70, 170)];
  paint.shape(box, FULL, () => wall);
  const [columns, rows] = [random.whole(2, 6), random.whole(1, 4)];
  for (let index = 0; index < columns * rows; index++) {
    const [left, top, across, down] = box;
    const [x, y] = [(index % columns) / columns, Math.floor(index / columns) / rows];
    const window = [
      left + across * (x + 0.25 / columns),
      top + down * (y + 0.2 / rows),
      (across * 0.5) / columns,
      (down * 0.55) / rows,
    ] as const;
    const glass = random.between(25, 120);
    paint.shape(window, FULL, () => [glass, glass + 6, glass + 14]);
  }
}

function tree(paint: Paint, horizon: number, random: Random): void {
  const [width, height] = [random.between(0.06, 0.2), random.between(0.15, 0.4)];
  const left = random.between(0, 1 - width);
  const bottom = horizon + random.between(0.02, 0.15);
  const hills = hillsOf(random);
  const trunk = [left + width * 0.44, bottom - height * 0.4, width * 0.12, height * 0.4] as const;
  paint.shape(trunk, FULL, () => [70, 52, 38]);
  paint.shape([left, bottom - height, width, height * 0.75], OVAL, (x, y) => {
    const leaf = 0.5 + hills(x * 14, y * 14);
    return [52 * leaf, 84 * leaf, 40 * leaf];
  });
}
