/**
 * What a picture is, read from its bytes alone. Labels (a Content-Type, a file name, a `data:` prefix) are
 * never trusted: cameras call WebP "jpeg" and send HTML with HTTP 200.
 */
import { SnapflowError, type System } from '../errors';
import { jpegSize } from './jpeg-size';

export type PictureFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp';

export interface PictureHeader {
  format: PictureFormat;
  mime: string;
  /** Pixels, as stored (EXIF orientation not applied). 0 when the header does not tell. */
  width: number;
  height: number;
}

export const MIME: Record<PictureFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
};

export const EXTENSION: Record<PictureFormat, string> = {
  jpeg: 'jpg',
  png: 'png',
  gif: 'gif',
  webp: 'webp',
  bmp: 'bmp',
};

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** The format by its first bytes, or undefined when it is none of the five. */
export function sniffFormat(bytes: Buffer): PictureFormat | undefined {
  if (bytes.length < 12) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return 'png';
  const head = bytes.toString('latin1', 0, 12);
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif';
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'webp';
  // "BM" alone is two letters of any text: the four reserved bytes must be zero too.
  if (head.startsWith('BM') && bytes.readUInt32LE(6) === 0) return 'bmp';
  return undefined;
}

/**
 * Format and size of a picture.
 * @throws SnapflowError `BAD_INPUT` when empty, `UNSUPPORTED_FORMAT` when none of the five formats
 */
export function readPictureHeader(bytes: Buffer, system: System = 'snapflow'): PictureHeader {
  if (bytes.length === 0) {
    throw new SnapflowError('BAD_INPUT', 'The picture is empty (0 bytes).', { system });
  }
  const format = sniffFormat(bytes);
  if (!format) throw noPicture(bytes, system);
  return { format, mime: MIME[format], ...(format === 'jpeg' ? jpegSize(bytes) : dimensions(bytes)) };
}

/** The error for bytes that are none of the five formats. */
export function noPicture(bytes: Buffer, system: System = 'snapflow'): SnapflowError {
  return new SnapflowError(
    'UNSUPPORTED_FORMAT',
    'The bytes are no JPEG, PNG, GIF, WebP or BMP picture (they start with {{start}}).',
    { system, values: { start: printableStart(bytes) } },
  );
}

/** The first bytes as text when they are text, else as hex: what a person needs to see what came instead. */
export function printableStart(bytes: Buffer, length = 24): string {
  const start = bytes.subarray(0, length);
  const text = start.toString('latin1');
  return /^[\x20-\x7e\s]*$/.test(text) ? JSON.stringify(text) : start.toString('hex');
}

function dimensions(bytes: Buffer): { width: number; height: number } {
  // On first use: `image-size` is small, but a Node-RED that never sees a picture need not load it.
  const { imageSize } = require('image-size') as typeof import('image-size');
  try {
    const { width, height } = imageSize(bytes);
    return { width, height };
  } catch {
    return { width: 0, height: 0 };
  }
}
