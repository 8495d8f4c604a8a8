/** The instruction `ActiveNewPhotograph`, as the document describes it: its fields, and what the camera makes. */
import type { Asset, MediaFile, MediaRecord, World } from './world';

export interface Wish {
  type: number;
  count: number;
  duration: number;
  interval: number;
}

/** The fields of `FT_GpActiveNewPhotograph`; undefined when one is wrong or the type needs it and it is 0. */
export function readWish(value: unknown): Wish | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { FCameraID: camera, FType: type, FCount: count, FDuration: duration, ...rest } = value as Fields;
  const { FResolution: resolution, FInterval: interval } = rest;
  const isKnown =
    [0, 1, '0', '1'].includes(camera as number) &&
    [1, 2, 3].includes(type as number) &&
    [0, 1, 2, 3].includes(resolution as number);
  if (!isKnown || !isCount(type) || !isCount(count) || !isCount(duration) || !isCount(interval))
    return undefined;
  const takesPictures = type !== 2;
  const takesVideo = type !== 1;
  if (takesPictures ? count === 0 : count !== 0) return undefined;
  if (takesVideo ? duration === 0 : duration !== 0) return undefined;
  return { type, count, duration, interval };
}

type Fields = Record<string, unknown>;

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Milliseconds that the camera works for a wish: it starts at once and answers at once. */
export function workMs({ count, interval, duration }: Wish): number {
  return Math.max(0, count - 1) * interval * 1000 + duration * 1000;
}

/** Takes the pictures; a video is only a name here. */
export function carryOut(world: World, asset: Asset, wish: Wish, now: number): MediaRecord {
  const stem = `${asset.number}_${Math.floor(now / 1000)}`;
  const pictures: MediaFile[] = Array.from({ length: wish.count }, (_, index) => ({
    name: `${stem}_${String(index + 1).padStart(2, '0')}.jpg`,
    type: 1,
    data: asset.picture(now + index * wish.interval * 1000, `${index + 1}/${wish.count}`),
  }));
  const video = { name: `${stem}_11.mp4`, type: 2, data: Buffer.from('simulated video') };
  return world.addRecord(stem, [...pictures, ...(wish.duration > 0 ? [video] : [])]);
}
