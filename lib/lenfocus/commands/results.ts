/** Reads the `result` of a device's answer into the shapes of `types.ts`. */
import { SnapflowError } from '../../errors';
import { makePicture, sniffFormat } from '../../picture';
import { nameCode, type Edition } from '../tables/names';
import { CATEGORIES, GENDERS } from '../tables/people';
import { decodeBase64 } from '../../picture/base64';
import { LongText } from '../wire/long-text';
import { readTime } from '../wire/time';
import { Fields, known, type JsonObject } from '../wire/values';
import type { OperationName } from './operations';
import type { Capture, CommandResults, DayOfVideos, DeviceFile, Done, List, Person, Video } from './types';

export interface ResultContext {
  sn: string;
  /** As it was sent. */
  param: JsonObject;
  /** Minutes east of UTC of the device's clock. */
  zone: number;
  edition: Edition;
  /** 0 when months are counted from 0 on the wire. */
  monthBase: 0 | 1;
}

type Reader<K extends OperationName> = (result: unknown, context: ResultContext) => CommandResults[K];

const done = (): Done => ({ done: true });

const READERS: { readonly [K in OperationName]: Reader<K> } = {
  setFaceParameters: done,
  setRecording: done,
  reboot: done,
  addPerson: done,
  deletePerson: done,
  updatePerson: done,
  clearPersons: done,
  updateFirmware: done,
  videosPerMonth,
  videoList: (result, context) =>
    listOf(result, ['recordlist', 'list'], ['totalfile', 'total'], (row) => video(row, context)),
  faceCaptures: (result, context) =>
    listOf(result, ['facelist', 'list'], ['facetotal', 'total'], (row) => capture(row, context)),
  pedestrianCaptures: (result, context) =>
    listOf(result, ['list', 'facelist'], ['total', 'facetotal'], (row) => capture(row, context)),
  searchByPicture: (result, context) =>
    listOf(result, ['facelist', 'list'], ['total', 'facetotal'], (row) => capture(row, context)),
  listPersons: (result, context) =>
    listOf(result, ['list'], ['total'], (row) => person(new Fields(row), context)),
  queryPerson: (result, context) => person(new Fields(first(result)), context),
  readFile,
  custom: (result) => result,
};

/** @throws SnapflowError `BAD_RESPONSE` when the answer lacks what it is for */
export function readResult<K extends OperationName>(
  operation: K,
  result: unknown,
  context: ResultContext,
): CommandResults[K] {
  return READERS[operation](result, context);
}

/** The document calls some arrays objects, and some firmware wraps an object in an array. */
function first(value: unknown): unknown {
  return Array.isArray(value) ? (value as unknown[])[0] : value;
}

function listOf<T>(result: unknown, lists: string[], totals: string[], read: (row: unknown) => T): List<T> {
  const fields = new Fields(result);
  const rows = Array.isArray(result) ? (result as unknown[]) : fields.get(...lists);
  const items = (Array.isArray(rows) ? (rows as unknown[]) : []).map(read);
  const total = fields.integer(...totals) ?? items.length;
  return { total, items, complete: items.length >= total };
}

function videosPerMonth(
  result: unknown,
  { param, monthBase }: ResultContext,
): CommandResults['videosPerMonth'] {
  const year = Number(param.year);
  const month = Number(param.month) + 1 - monthBase;
  const rows = Array.isArray(result) ? (result as unknown[]) : new Fields(result).get('list', 'days');
  const days: DayOfVideos[] = [];
  for (const row of Array.isArray(rows) ? (rows as unknown[]) : []) {
    const fields = new Fields(row);
    const day = fields.integer('day');
    if (day === undefined) continue;
    const date = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
    days.push({ day, date, count: fields.integer('count') ?? 0 });
  }
  return { year, month, total: days.reduce((sum, { count }) => sum + count, 0), days };
}

function iso(value: unknown, zone: number): string | undefined {
  return readTime(value, zone)?.toISOString();
}

function video(row: unknown, { zone }: ResultContext): Video {
  const fields = new Fields(row);
  return known({
    path: fields.text('filename', 'path') ?? '',
    startedAt: iso(fields.get('starttime'), zone),
    endedAt: iso(fields.get('endtime'), zone),
    cause: fields.text('type'),
  });
}

function capture(row: unknown, { zone, edition }: ResultContext): Capture {
  const fields = new Fields(row);
  return known({
    takenAt: iso(fields.get('time'), zone),
    files: known({
      face: fields.text('jpegurlface'),
      body: fields.text('jpegurlbody'),
      scene: fields.text('jpegurlframe'),
    }),
    name: fields.text('name'),
    similarity: fields.number('similarity', 'score'),
    gender: nameCode(GENDERS[edition], fields.integer('gender')),
    age: fields.integer('age'),
  });
}

function person(fields: Fields, { edition }: ResultContext): Person {
  return known({
    personId: fields.id('pid', 'personid', 'uuid'),
    name: fields.text('name'),
    workId: fields.text('workid'),
    idCard: fields.text('idcardno', 'idcard'),
    icCard: fields.text('iccardno', 'iccard'),
    phone: fields.text('phone'),
    department: fields.text('department'),
    gender: nameCode(GENDERS[edition], fields.integer('gender')),
    age: fields.integer('age'),
    // The document's example has a text here; it is left out then.
    category: nameCode(CATEGORIES, fields.integer('category')),
    photoPath: fields.text('photo'),
  });
}

function readFile(result: unknown, { sn, param }: ResultContext): DeviceFile {
  const fields = new Fields(result);
  const content = fields.get('base64', 'data');
  const data =
    content instanceof LongText
      ? content.bytes()
      : typeof content === 'string'
        ? decodeBase64(Buffer.from(content))
        : undefined;
  const path = fields.text('path') ?? String(param.path);
  if (!data || data.length === 0) {
    throw new SnapflowError('BAD_RESPONSE', 'The camera answered without the content of {{path}}.', {
      system: 'lenfocus',
      values: { path },
    });
  }
  if (!sniffFormat(data)) return { path, data };
  const source = { system: 'lenfocus', device: sn, kind: 'file' } as const;
  return { path, data, picture: makePicture(data, { source, name: path }) };
}
