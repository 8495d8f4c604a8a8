/** A drawing surface of RGBA pixels, used again for each picture. Shapes are clipped at its edges. */
import { glyph, GLYPH_WIDTH } from '../../picture/font';

/** One pixel as it lies in memory (red, green, blue, opaque), whatever the machine's byte order. */
export type Colour = number;

export function colour(red: number, green: number, blue: number): Colour {
  return new Uint32Array(Uint8Array.of(red, green, blue, 255).buffer)[0] ?? 0;
}

/** @param hue degrees on the colour circle; @param light 0 (black) to 1 (white); half saturated */
export function shade(hue: number, light: number): Colour {
  const chroma = 0.5 * Math.min(light, 1 - light);
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (light - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return colour(channel(0), channel(8), channel(4));
}

export class Canvas {
  /** Pixels as bytes, for an encoder. */
  readonly data: Uint8Array;
  private readonly pixels: Uint32Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.pixels = new Uint32Array(width * height);
    this.data = new Uint8Array(this.pixels.buffer);
  }

  copyFrom(other: Canvas): void {
    this.pixels.set(other.pixels);
  }

  rectangle(left: number, top: number, width: number, height: number, fill: Colour): void {
    const [from, to] = [Math.max(0, Math.round(left)), Math.min(this.width, Math.round(left + width))];
    const bottom = Math.min(this.height, Math.round(top + height));
    for (let y = Math.max(0, Math.round(top)); y < bottom; y++) {
      this.pixels.fill(fill, y * this.width + from, y * this.width + to);
    }
  }

  disc(centreX: number, centreY: number, radius: number, fill: Colour): void {
    for (let y = Math.ceil(centreY - radius); y <= centreY + radius; y++) {
      const half = Math.sqrt(Math.max(0, radius ** 2 - (y - centreY) ** 2));
      this.rectangle(centreX - half, y, 2 * half, 1, fill);
    }
  }

  /** @param scale pixels per dot of a letter */
  text(left: number, top: number, words: string, scale: number, fill: Colour): void {
    [...words].forEach((letter, index) => {
      const start = left + index * (GLYPH_WIDTH + 1) * scale;
      for (const [x, y] of glyph(letter)) {
        this.rectangle(start + x * scale, top + y * scale, scale, scale, fill);
      }
    });
  }
}

/** Pixels that a line of text takes. */
export function textWidth(words: string, scale: number): number {
  return Math.max(0, [...words].length * (GLYPH_WIDTH + 1) - 1) * scale;
}
