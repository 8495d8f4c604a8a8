/** The camera that looks at a place: light, exposure, noise, clock, and the JPEG that it makes of it. */
import { glyph } from '../../../lib/picture/font';
import { loadSharp } from '../../../lib/picture/sharp';
import { Paint } from './paint';
import type { Place } from './place';
import { addNoise, hillsOf, type Random } from './random';

export interface Weather {
  /** Factor of all light. */
  gain?: number;
  /** Added to all values, of 255. */
  offset?: number;
  /** Exponent of the camera's curve. */
  gamma?: number;
  /** Standard deviation of the noise of each pixel, of 255. */
  noise?: number;
  /** How much bluer it is than by day, 0 to 1. */
  dusk?: number;
  /** Where the clouds are: they move with this number, in parts of the picture's width. */
  clouds?: number;
  /** Text written over the picture, upper left. */
  clock?: string;
  /** Pixels by which the camera was moved by wind. */
  shake?: readonly [number, number];
}

export class Camera {
  readonly #clouds: (x: number, y: number) => number;

  constructor(
    private readonly place: Place,
    random: Random,
    private readonly quality = 80,
  ) {
    this.#clouds = hillsOf(random);
  }

  async take(paint: Paint, weather: Weather, random: Random): Promise<Buffer> {
    const seen = new Paint(paint.width, paint.height, shaken(paint, weather.shake));
    if (weather.clouds !== undefined) this.#cloud(seen, weather.clouds);
    expose(seen.values, weather);
    addNoise(seen.values, weather.noise ?? 3, random);
    if (weather.clock !== undefined) write(seen, weather.clock);
    const { width, height } = seen;
    return loadSharp()(Buffer.from(Uint8ClampedArray.from(seen.values).buffer), {
      raw: { width, height, channels: 3 },
    })
      .jpeg({ quality: this.quality })
      .toBuffer();
  }

  /** White clouds in the sky, and their shadows on everything below. */
  #cloud({ values, width, height }: Paint, moved: number): void {
    const { horizon, open } = this.place;
    for (let y = 0; y < height; y++) {
      const isHigh = y < horizon * height;
      // Every eighth cloud will do: they are smooth.
      for (let x = 0; x < width; x += 8) {
        const [across, down] = [(x / width - moved) * 3 + 20, (y / height) * 4];
        const cover = 0.7 * this.#clouds(across, down) + 0.3 * this.#clouds(across * 3 + 40, down * 3);
        const end = Math.min(width, x + 8) * 3;
        for (let at = y * width * 3 + x * 3, last = y * width * 3 + end; at < last; at++) {
          if (isHigh && values[at] === open.values[at]) values[at]! += (238 - values[at]!) * 0.75 * cover;
          else values[at]! *= 1 - 0.35 * cover;
        }
      }
    }
  }
}

function shaken(
  { values, width, height }: Paint,
  [right, down]: readonly [number, number] = [0, 0],
): Float32Array {
  if (right === 0 && down === 0) return values.slice();
  const moved = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    const row = Math.max(0, Math.min(height - 1, y + down)) * width;
    for (let x = 0; x < width; x++) {
      const from = (row + Math.max(0, Math.min(width - 1, x + right))) * 3;
      moved.set(values.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return moved;
}

function expose(values: Float32Array, { gain = 1, offset = 0, gamma = 1, dusk = 0 }: Weather): void {
  const tint = [1 - 0.35 * dusk, 1 - 0.2 * dusk, 1];
  // A table instead of a power for each value.
  const curve = Float32Array.from({ length: 4097 }, (_, index) => 255 * (index / 4096) ** gamma);
  for (let at = 0; at < values.length; at++) {
    const light = values[at]! * gain * tint[at % 3]! + offset;
    values[at] = gamma === 1 ? light : curve[Math.max(0, Math.min(4096, Math.round(light * (4096 / 255))))]!;
  }
}

function write(paint: Paint, words: string): void {
  const scale = Math.max(1, Math.round(paint.height / 170));
  [...words].forEach((letter, index) => {
    for (const [x, y] of glyph(letter)) {
      const [left, top] = [8 * scale + (index * 6 + x) * scale, 8 * scale + y * scale];
      for (let dot = 0; dot < scale * scale; dot++) {
        const at = ((top + Math.floor(dot / scale)) * paint.width + left + (dot % scale)) * 3;
        paint.set(at, [245, 245, 245]);
      }
    }
  });
}
