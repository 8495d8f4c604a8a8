/** Writes the kinds of BMP that cameras and old programs write. */

export interface BmpWish {
  bits: 8 | 24 | 32;
  width?: number;
  height?: number;
  /** Red, green, blue, row by row from the top. Default: red and blue rows in turn. */
  pixels?: Buffer;
  /** The first row first, as a negative height says. */
  topDown?: boolean;
}

export function bmp({ bits, width = 5, height = 4, pixels, topDown = false }: BmpWish): Buffer {
  const rgb =
    pixels ??
    Buffer.from(
      Array.from({ length: height }, (_row, y) =>
        Array.from({ length: width }, () => (y % 2 ? [0, 0, 255] : [255, 0, 0])).flat(),
      ).flat(),
    );
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const colours = bits === 8 ? 256 : 0;
  const start = 54 + colours * 4;
  const file = Buffer.alloc(start + rowBytes * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(start, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(topDown ? -height : height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  // Colour n of the palette: all of one channel for 1, 2, 4, and so on in threes of bits.
  for (let colour = 0; colour < colours; colour++) {
    const at = 54 + colour * 4;
    file[at + 2] = colour & 1 ? 255 : 0;
    file[at + 1] = colour & 2 ? 255 : 0;
    file[at] = colour & 4 ? 255 : 0;
  }
  for (let y = 0; y < height; y++) {
    const row = start + (topDown ? y : height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++) {
      const [red = 0, green = 0, blue = 0] = rgb.subarray((y * width + x) * 3);
      if (bits === 8) file[row + x] = (red > 127 ? 1 : 0) + (green > 127 ? 2 : 0) + (blue > 127 ? 4 : 0);
      else file.set(bits === 24 ? [blue, green, red] : [blue, green, red, 0], row + (x * bits) / 8);
    }
  }
  return file;
}
