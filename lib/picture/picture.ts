/** A picture and what is known about it: the shape every source makes and every target takes. */
import { createHash } from 'node:crypto';
import type { System } from '../errors';
import { EXTENSION, readPictureHeader, type PictureFormat } from './format';

export interface PictureSource {
  system: System;
  /** Address, id or serial number of the device, as its user knows it. */
  device: string;
  channel?: string;
  /** What made it: `snapshot`, `face`, `vehicle`, … */
  kind?: string;
}

export interface PictureInfo {
  /** Stable: the same bytes from the same device at the same time have the same id (24 hex digits). */
  id: string;
  format: PictureFormat;
  mime: string;
  width: number;
  height: number;
  /** Size of the file in bytes. */
  bytes: number;
  /** ISO 8601, when the source tells or the moment it was asked for. */
  takenAt?: string;
  source: PictureSource;
  /** Name that the source gave it. */
  name?: string;
  /** What the source sent beside it (a JSON part, an event), as it came. */
  meta?: unknown;
}

export interface Picture {
  data: Buffer;
  info: PictureInfo;
}

export interface PictureFacts {
  source: PictureSource;
  takenAt?: Date;
  name?: string;
  meta?: unknown;
}

/**
 * Makes a picture from bytes and facts; format and size come from the bytes.
 * @throws SnapflowError `BAD_INPUT` (empty), `UNSUPPORTED_FORMAT` (not one of the five formats)
 */
export function makePicture(data: Buffer, facts: PictureFacts): Picture {
  const header = readPictureHeader(data, facts.source.system);
  const takenAt = facts.takenAt?.toISOString();
  const info: PictureInfo = {
    id: '',
    ...header,
    bytes: data.length,
    ...(takenAt !== undefined && { takenAt }),
    source: facts.source,
    ...(facts.name !== undefined && { name: facts.name }),
    ...(facts.meta !== undefined && { meta: facts.meta }),
  };
  // Hashing a picture costs more than all else here, and of many pictures nobody asks the id.
  Object.defineProperty(info, 'id', {
    enumerable: true,
    configurable: true,
    get: () => {
      const id = pictureId(data, facts.source, takenAt);
      Object.defineProperty(info, 'id', { value: id, writable: true });
      return id;
    },
  });
  return { data, info };
}

function pictureId(data: Buffer, source: PictureSource, takenAt: string | undefined): string {
  return createHash('sha256')
    .update(JSON.stringify([source.system, source.device, source.channel ?? '', takenAt ?? '']))
    .update(data)
    .digest('hex')
    .slice(0, 24);
}

/**
 * A file name that is safe on every system: `<device>-<time>-<n>.<ext>`.
 * @param index position of the picture in its reply, from 1
 */
export function suggestFilename(info: PictureInfo, index = 1): string {
  const device =
    info.source.device
      .normalize('NFKC')
      .replace(/[^\p{L}\p{N}._]+/gu, '-')
      .replace(/^[-.]+|[-.]+$/g, '')
      .slice(0, 64) || info.source.system;
  const time = (info.takenAt ?? '').replace(/[-:]/g, '').replace(/\.(\d+)Z$/, '$1Z');
  return [device, time, index].filter((part) => part !== '').join('-') + '.' + EXTENSION[info.format];
}
