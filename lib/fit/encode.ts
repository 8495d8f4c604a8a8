/** Encodes a decoded picture. */
import { rawSource } from './decode';
import { scaled } from './geometry';
import type { Raw } from '../picture/raw';
import type { Try } from './search';

export type Target = 'jpeg' | 'png' | 'webp';

/** The quality that means for a PNG: every pixel as it is. Below it the colours are reduced to at most 256. */
export const LOSSLESS = 100;

export interface Encoded {
  data: Buffer;
  width: number;
  height: number;
}

export async function encode(
  raw: Raw,
  target: Target,
  { quality, scale }: Try,
  timeoutMs: number,
): Promise<Encoded> {
  let pipeline = rawSource(raw);
  const { width, height } = scaled(raw, scale);
  if (scale < 1) pipeline = pipeline.resize(width, height, { fit: 'fill' });
  switch (target) {
    case 'jpeg':
      pipeline = pipeline.jpeg({ quality });
      break;
    case 'webp':
      // Effort 4, the default, takes twice as long for 3 % fewer bytes.
      pipeline = pipeline.webp({ quality, effort: 2 });
      break;
    case 'png':
      pipeline = pipeline.png(
        quality === LOSSLESS ? { compressionLevel: 7 } : { palette: true, quality, effort: 4 },
      );
      break;
  }
  const data = await pipeline.timeout({ seconds: Math.ceil(timeoutMs / 1000) }).toBuffer();
  return { data, width, height };
}
