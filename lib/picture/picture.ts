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
  /** As a text: ISO 8601. */
  takenAt?: Date | string;
  name?: string;
  meta?: unknown;
}

/**
 * Makes a picture from bytes and facts; format and size come from the bytes.
 * @throws SnapflowError `BAD_INPUT` (empty), `UNSUPPORTED_FORMAT` (not one of the five formats)
 */
export function makePicture(data: Buffer, facts: PictureFacts): Picture {
  const header = readPictureHeader(data, facts.source.system);
  const { source, name, meta } = facts;
  const takenAt = facts.takenAt instanceof Date ? facts.takenAt.toISOString() : facts.takenAt;
  const info = infoWithLazyId({ data, source, takenAt });
  info.format = header.format;
  info.mime = header.mime;
  info.width = header.width;
  info.height = header.height;
  info.bytes = data.length;
  if (takenAt !== undefined) info.takenAt = takenAt;
  info.source = source;
  if (name !== undefined) info.name = name;
  if (meta !== undefined) info.meta = meta;
  return { data, info };
}

/** The accessor comes first: on an object that has no more, it costs a fifth. */
function infoWithLazyId(origin: Origin): PictureInfo {
  const info = Object.defineProperty({}, ORIGIN, { value: origin });
  return Object.defineProperty(info, 'id', LAZY_ID) as PictureInfo;
}

/** What the id of a picture is made of, as it was when the picture was made. */
interface Origin {
  data: Buffer;
  source: PictureSource;
  takenAt: string | undefined;
}

/** Not enumerable: neither copied nor shown. */
const ORIGIN = Symbol('origin');

/**
 * Hashing a picture costs more than all else here, and of many pictures nobody asks the id. One getter for all of
 * them: each with a closure of its own would be an object of a new shape to V8, which fills its old space.
 */
const LAZY_ID: PropertyDescriptor = {
  enumerable: true,
  configurable: true,
  get(this: PictureInfo & { [ORIGIN]: Origin }): string {
    const id = pictureId(this[ORIGIN]);
    settleId(this, id);
    return id;
  },
  set(this: PictureInfo, id: string) {
    settleId(this, id);
  },
};

function settleId(info: PictureInfo, id: string): void {
  Object.defineProperty(info, 'id', { value: id, writable: true, enumerable: true, configurable: true });
}

function pictureId({ data, source, takenAt }: Origin): string {
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
