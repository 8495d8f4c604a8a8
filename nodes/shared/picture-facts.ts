/** What a message tells of its picture, for names and addresses: also when it came another way than from our sources. */
import { EXTENSION, makePicture, readPictureHeader, type PictureInfo } from '../../lib/picture';
import type { NameFacts } from '../../lib/picture/name-places';
import { picturePayload } from './picture-payload';
import type { Message } from './red';

export interface PictureFacts {
  data: Buffer;
  mime: string;
  facts: NameFacts;
}

/** @throws SnapflowError `BAD_INPUT` when the payload is no Buffer, `UNSUPPORTED_FORMAT` when it is no picture */
export function pictureFactsOf(msg: Message): PictureFacts {
  const { picture, filename } = msg;
  const payload = picturePayload(msg);
  const { format, mime } = readPictureHeader(payload);
  const given = (typeof picture === 'object' && picture !== null ? picture : {}) as Partial<PictureInfo>;
  const takenAt = dateOf(given.takenAt);
  const source: Partial<PictureInfo['source']> = given.source ?? {};
  const device = text(source.device) || 'picture';
  const own = makePicture(payload, { source: { system: 'snapflow', device }, takenAt });
  const name = text(given.name) || (typeof filename === 'string' ? filename : '');
  return {
    data: payload,
    mime,
    facts: {
      device,
      channel: text(source.channel),
      kind: text(source.kind),
      system: text(source.system) || 'snapflow',
      id: text(given.id) || own.info.id,
      name: name.replace(/^.*[/\\]/s, '').replace(/\.[^.]*$/, ''),
      ext: EXTENSION[format],
      takenAt,
    },
  };
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function dateOf(value: unknown): Date {
  const date = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(date.getTime()) ? new Date() : date;
}
