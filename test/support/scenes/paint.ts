/** A picture of red, green and blue from 0 to 255 as fractions, to paint on. */

export type Colour = readonly [number, number, number];
/** Whether a point, in parts of the box it stands in (0 to 1), belongs to a shape. */
export type Shape = (x: number, y: number) => boolean;
/** Left, top, width, height in parts of the picture (0 to 1). */
export type Box = readonly [number, number, number, number];

export class Paint {
  readonly values: Float32Array;

  constructor(
    readonly width: number,
    readonly height: number,
    values?: Float32Array,
  ) {
    this.values = values ?? new Float32Array(width * height * 3);
  }

  copy(): Paint {
    return new Paint(this.width, this.height, this.values.slice());
  }

  /** Calls for every point with its place in parts of the picture. */
  each(change: (at: number, x: number, y: number) => void): void {
    for (let y = 0, at = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++, at += 3) change(at, x / this.width, y / this.height);
    }
  }

  set(at: number, [red, green, blue]: Colour, light = 1): void {
    this.values[at] = red * light;
    this.values[at + 1] = green * light;
    this.values[at + 2] = blue * light;
  }

  /**
   * Paints a shape into a box.
   * @returns what was painted over: its share of the picture, and how much it differs from what was there (0 to 255)
   */
  shape(
    box: Box,
    shape: Shape,
    colourAt: (x: number, y: number) => Colour,
  ): { share: number; contrast: number } {
    const [left, top, width, height] = box;
    let [count, differing] = [0, 0];
    const bottom = Math.min(this.height, Math.ceil((top + height) * this.height));
    const right = Math.min(this.width, Math.ceil((left + width) * this.width));
    for (let y = Math.max(0, Math.floor(top * this.height)); y < bottom; y++) {
      for (let x = Math.max(0, Math.floor(left * this.width)); x < right; x++) {
        const [across, down] = [(x / this.width - left) / width, (y / this.height - top) / height];
        if (across < 0 || across > 1 || down < 0 || down > 1 || !shape(across, down)) continue;
        const at = (y * this.width + x) * 3;
        const colour = colourAt(across, down);
        for (let channel = 0; channel < 3; channel++) {
          differing += Math.abs(this.values[at + channel]! - colour[channel]!) / 3;
        }
        this.set(at, colour);
        count += 1;
      }
    }
    return { share: count / (this.width * this.height), contrast: differing / Math.max(1, count) };
  }
}

export const FULL: Shape = () => true;
export const OVAL: Shape = (x, y) => (2 * x - 1) ** 2 + (2 * y - 1) ** 2 <= 1;
