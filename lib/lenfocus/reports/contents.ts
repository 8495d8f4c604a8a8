/**
 * Parts a report into its pictures, the paths under which the device keeps them, and the rest. Pictures are
 * found by what they are, not only by the names the document gives them: any long base64 that decodes to a
 * picture is one.
 */
import { printableStart, sniffFormat } from '../../picture';
import { decodeBase64 } from '../../picture/base64';
import { LongText } from '../wire/long-text';
import { canonicalKey, isObject } from '../wire/values';
import type { PictureRole } from './types';

/** By canonical key: the names of the document, of its later edition, and of the calls in no edition. */
const ROLES: Readonly<Record<string, PictureRole>> = {
  facedata: 'face',
  faceimg: 'face',
  faceimage: 'face',
  facepic: 'face',
  bodydata: 'body',
  bgdata: 'scene',
  fullimage: 'scene',
  framedata: 'scene',
  vehiclepic: 'vehicle',
  cardata: 'vehicle',
  platepic: 'plate',
  platedata: 'plate',
};

const PATHS: Readonly<Record<string, PictureRole>> = {
  jpegurlface: 'face',
  jpegurlbody: 'body',
  jpegurlframe: 'scene',
  jpegurlcar: 'vehicle',
  jpegurlplate: 'plate',
};

/** What a user may want dropped at the door, by canonical key. */
const PERSONAL_KEYS = {
  idCard: ['idcard', 'idcardno'],
  icCard: ['iccard', 'iccardno'],
  phone: ['phone', 'mobile', 'telephone'],
  feature: ['feature', 'features'],
  name: ['name'],
  workId: ['workid'],
} as const;

export type PersonalField = keyof typeof PERSONAL_KEYS;
export const PERSONAL_FIELDS = Object.keys(PERSONAL_KEYS) as PersonalField[];

export interface Contents {
  pictures: Array<{ role: PictureRole; data: Buffer }>;
  unreadable: Array<{ role: PictureRole; reason: string }>;
  files: Partial<Record<PictureRole, string>>;
  fields: unknown;
}

export class ContentsReader {
  private readonly dropped: ReadonlySet<string>;

  /** @param drop personal fields that are to be forgotten here */
  constructor(drop: readonly PersonalField[]) {
    this.dropped = new Set(drop.flatMap((field) => PERSONAL_KEYS[field]));
  }

  /** @param value a parsed body; its `fields` are made of it, in place */
  read(value: unknown): Contents {
    const contents: Contents = { pictures: [], unreadable: [], files: {}, fields: undefined };
    contents.fields = this.part(value, '', contents);
    return contents;
  }

  private part(value: unknown, key: string, contents: Contents): unknown {
    if (value instanceof LongText) return longPart(value, key, contents);
    if (typeof value === 'string') return shortPart(value, key, contents);
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) value[i] = this.part(value[i], key, contents);
    } else if (isObject(value)) {
      // Assigned only to what the parser made: there a field called `__proto__` is the object's own.
      for (const name of Object.keys(value)) {
        const canonical = canonicalKey(name);
        if (this.dropped.has(canonical)) delete value[name];
        else value[name] = this.part(value[name], canonical, contents);
      }
    }
    return value;
  }
}

function longPart(value: LongText, key: string, contents: Contents): unknown {
  const data = value.bytes();
  if (data && sniffFormat(data)) return picturePart(data, key, contents);
  const role = ROLES[key];
  if (role === undefined) return value.toString();
  contents.unreadable.push({ role, reason: reasonOf(data) });
  return null;
}

function shortPart(value: string, key: string, contents: Contents): unknown {
  const path = PATHS[key];
  if (path && value.trim() !== '') contents.files[path] = value.trim();
  const role = ROLES[key];
  if (role === undefined || value.trim() === '') return value;
  const data = decodeBase64(Buffer.from(value));
  if (data && sniffFormat(data)) return picturePart(data, key, contents);
  contents.unreadable.push({ role, reason: reasonOf(data) });
  return value;
}

function picturePart(data: Buffer, key: string, contents: Contents): { picture: number } {
  contents.pictures.push({ role: ROLES[key] ?? 'picture', data });
  return { picture: contents.pictures.length - 1 };
}

function reasonOf(data: Buffer | undefined): string {
  return data ? `no picture: starts with ${printableStart(data)}` : 'no base64';
}
