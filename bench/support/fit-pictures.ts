/** A population of camera pictures of all formats and sizes, generated once and kept in `.cache`. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chance, picture } from './pictures';
import { root } from './process';

const SIZES = [
  [3840, 2160],
  [2560, 1440],
  [1920, 1080],
  [2592, 1944],
  [1280, 720],
] as const;
const QUALITIES = [75, 85, 92, 95, 98] as const;
/** Cameras send JPEG; the other formats come from whatever else there is. */
const FORMATS = ['jpeg', 'jpeg', 'jpeg', 'jpeg', 'jpeg', 'jpeg', 'jpeg', 'webp', 'png', 'bmp'] as const;

/** The folder with so many pictures; small ones for a short run. */
export async function population(count: number, small: boolean): Promise<string> {
  const folder = join(root, '.cache', `fit-pictures-${count}${small ? '-small' : ''}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (let index = 0; index < count; index++) {
    const format = FORMATS[index % FORMATS.length]!;
    const next = chance(index + 1);
    for (let drawn = 0; drawn < 8; drawn++) next();
    const [width, height] = SIZES[next() % SIZES.length]!;
    // A BMP takes 3 bytes for each pixel, whatever it shows: 12 MB at most.
    const share = small ? 0.25 : format === 'bmp' ? Math.min(1, 2200 / width) : 1;
    const look = {
      width: Math.round(width * share),
      height: Math.round(height * share),
      seed: index + 1,
      noise: 1 + (next() % 4),
    };
    const pipeline = await picture(look);
    const quality = QUALITIES[next() % QUALITIES.length]!;
    const data =
      format === 'bmp'
        ? bmpOf(await pipeline.raw().toBuffer(), look.width, look.height)
        : await pipeline.toFormat(format, format === 'png' ? {} : { quality }).toBuffer();
    writeFileSync(join(unfinished, `${String(index).padStart(3, '0')}.${format}`), data);
  }
  renameSync(unfinished, folder);
  return folder;
}

export function pictureFiles(folder: string, format?: string): Buffer[] {
  return readdirSync(folder)
    .sort()
    .filter((name) => format === undefined || name.endsWith(format))
    .map((name) => readFileSync(join(folder, name)));
}

/** 24 bits, from the bottom row to the top. */
function bmpOf(rgb: Buffer, width: number, height: number): Buffer {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + rowBytes * height);
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, width],
    [22, height],
    [26, 1 + (24 << 16)],
  ] as const) {
    file.writeUInt32LE(value, at);
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = 54 + (height - 1 - y) * rowBytes + x * 3;
      file[to] = rgb[from + 2]!;
      file[to + 1] = rgb[from + 1]!;
      file[to + 2] = rgb[from]!;
    }
  }
  return file;
}
