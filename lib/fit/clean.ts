/** Takes out of a file what is not the picture, without decoding it. */
import type { PictureFormat } from '../picture';
import { cleanJpeg } from './jpeg-metadata';
import type { MetadataChoice } from './options';

/** PNG chunks that hold no pixels and no colours: texts, EXIF, time (PNG 3rd edition §11.3). */
const PNG_METADATA: ReadonlySet<string> = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME']);
const PNG_SIGNATURE_BYTES = 8;
/** RIFF chunks of a WebP that hold no pixels (WebP container specification). */
const WEBP_METADATA: ReadonlySet<string> = new Set(['EXIF', 'XMP ']);
/** Flags of the VP8X chunk that announce them. */
const WEBP_FLAGS = 0b1100;

/** @returns the file without it, or undefined when nothing can be taken out: another format, damaged, or `keep` */
export function clean(picture: Buffer, format: PictureFormat, choice: MetadataChoice): Buffer | undefined {
  if (choice === 'keep') return undefined;
  switch (format) {
    case 'jpeg':
      return cleanJpeg(picture, choice);
    case 'png':
      return cleanPng(picture);
    case 'webp':
      return cleanWebp(picture);
    case 'gif':
    case 'bmp':
      return undefined;
  }
}

function cleanPng(png: Buffer): Buffer | undefined {
  const kept = [png.subarray(0, PNG_SIGNATURE_BYTES)];
  for (let at = PNG_SIGNATURE_BYTES; at + 12 <= png.length;) {
    const end = at + 12 + png.readUInt32BE(at);
    if (end > png.length) return undefined;
    const type = png.toString('latin1', at + 4, at + 8);
    if (!PNG_METADATA.has(type)) kept.push(png.subarray(at, end));
    if (type === 'IEND') return Buffer.concat(kept);
    at = end;
  }
  return undefined;
}

function cleanWebp(webp: Buffer): Buffer | undefined {
  const kept: Buffer[] = [webp.subarray(0, 12)];
  for (let at = 12; at + 8 <= webp.length;) {
    const length = webp.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (end > webp.length) return undefined;
    const type = webp.toString('latin1', at, at + 4);
    const chunk = webp.subarray(at, end);
    if (!WEBP_METADATA.has(type)) kept.push(type === 'VP8X' ? withoutFlags(chunk) : chunk);
    at = end;
  }
  const cleaned = Buffer.concat(kept);
  cleaned.writeUInt32LE(cleaned.length - 8, 4);
  return cleaned;
}

function withoutFlags(vp8x: Buffer): Buffer {
  const copy = Buffer.from(vp8x);
  if (copy.length > 8) copy[8] = copy[8]! & ~WEBP_FLAGS;
  return copy;
}
