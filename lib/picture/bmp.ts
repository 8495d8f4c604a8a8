/**
 * Decodes a BMP (“BITMAPINFOHEADER”, Microsoft's [MS-WMF] §2.2.2.3), which sharp does not read. Cameras write it
 * uncompressed with 8, 24 or 32 bits a pixel; nothing else is read.
 */
import { setImmediate } from 'node:timers/promises';
import { SnapflowError } from '../errors';
import type { Raw } from './raw';

const FILE_HEADER = 14;
const LEAST_INFO_HEADER = 40;
/** Of the compression field: none, or none with masks for the colours. */
const UNCOMPRESSED = 0;
const BIT_FIELDS = 3;

/** Some two milliseconds of work. */
const PIXELS_AT_ONCE = 200_000;

/** @throws SnapflowError `UNSUPPORTED_FORMAT` (another kind of BMP), `BAD_INPUT` (cut off or impossible) */
export async function decodeBmp(bytes: Buffer): Promise<Raw> {
  if (bytes.length < FILE_HEADER + LEAST_INFO_HEADER) throw cutOff();
  const pixels = bytes.readUInt32LE(10);
  const headerSize = bytes.readUInt32LE(14);
  const width = bytes.readInt32LE(18);
  const signedHeight = bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(28);
  const compression = bytes.readUInt32LE(30);
  const isPlain = compression === UNCOMPRESSED || (compression === BIT_FIELDS && bits === 32);
  if (headerSize < LEAST_INFO_HEADER || !isPlain || (bits !== 8 && bits !== 24 && bits !== 32)) {
    throw new SnapflowError(
      'UNSUPPORTED_FORMAT',
      'Of BMP pictures only uncompressed ones with 8, 24 or 32 bits a pixel can be read (this one has {{bits}} bits, compression {{compression}}): let the camera send JPEG.',
      { values: { bits, compression } },
    );
  }
  const height = Math.abs(signedHeight);
  // Each row is filled up to four bytes.
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (width <= 0 || height === 0 || pixels + rowBytes * height > bytes.length) throw cutOff();
  const data = Buffer.allocUnsafe(width * height * 3);
  const source = {
    bytes,
    width,
    step: bits / 8,
    palette: bits === 8 ? palette(bytes, headerSize, pixels) : undefined,
  };
  for (let y = 0, pixelsDone = 0; y < height; y++, pixelsDone += width) {
    // A positive height means that the lowest row comes first.
    const row = signedHeight > 0 ? height - 1 - y : y;
    copyRow(source, pixels + row * rowBytes, data, y * width * 3);
    // A large picture takes tens of milliseconds: others get their turn in between.
    if (pixelsDone >= PIXELS_AT_ONCE) {
      pixelsDone = 0;
      await setImmediate();
    }
  }
  return { data, width, height, channels: 3 };
}

interface Source {
  bytes: Buffer;
  width: number;
  /** Bytes of a pixel. */
  step: number;
  /** Of 8-bit pictures. */
  palette: Buffer | undefined;
}

/** Blue, green, red and, with 32 bits, a byte that most programs leave empty: it is no transparency. */
function copyRow({ bytes, width, step, palette }: Source, from: number, data: Buffer, to: number): void {
  const colours = palette ?? bytes;
  for (let at = from, end = from + width * step; at < end; at += step) {
    const colour = palette ? bytes[at]! * 4 : at;
    data[to++] = colours[colour + 2]!;
    data[to++] = colours[colour + 1]!;
    data[to++] = colours[colour]!;
  }
}

/** Always 256 colours: those that the file lacks are black. */
function palette(bytes: Buffer, headerSize: number, pixels: number): Buffer {
  const colours = Buffer.alloc(256 * 4);
  const start = FILE_HEADER + headerSize;
  if (start < pixels) bytes.copy(colours, 0, start, Math.min(pixels, start + colours.length));
  return colours;
}

function cutOff(): SnapflowError {
  return new SnapflowError('BAD_INPUT', 'The BMP picture is damaged or cut off.');
}
