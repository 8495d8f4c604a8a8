/** Reads what a report says about people and vehicles, of every edition, into one shape. */
import { FACE_ATTRIBUTES } from '../tables/attributes';
import { ALARM_TYPES } from '../tables/alarms';
import { VEHICLE_MAKERS } from '../tables/makers';
import { nameCode, type Coded, type Edition, type NameTable } from '../tables/names';
import { CATEGORIES, GENDERS } from '../tables/people';
import {
  LATER_VEHICLE_TYPES,
  PLATE_COLOURS,
  PLATE_TYPES,
  VEHICLE_COLOURS,
  VEHICLE_TYPES,
} from '../tables/vehicles';
import { readTime } from '../wire/time';
import { canonicalKey, Fields, integerOf, known, numberOf } from '../wire/values';
import type { AccessRecord, Box, EventFacts, FaceFacts, InfoFacts, VehicleFacts } from './types';

/** By canonical key. Those that older firmware sends with another numbering have no table: the number alone. */
const ATTRIBUTES: ReadonlyMap<string, { name: string; values: NameTable }> = new Map([
  ...FACE_ATTRIBUTES.map((attribute) => [canonicalKey(attribute.name), attribute] as const),
  ...['helmet', 'smoke', 'handed'].map((name) => [name, { name, values: {} }] as const),
]);

export function readFace(fields: Fields, edition: Edition): FaceFacts {
  const facts: FaceFacts = {
    personId: fields.id('pid', 'uuid', 'personid') || undefined,
    name: fields.text('name'),
    age: fields.integer('age'),
    gender: nameCode(GENDERS[edition], fields.integer('gender')),
    // 0 is what cameras send for strangers, who are on no list.
    category: nameCode(CATEGORIES, fields.integer('category') || undefined),
    score: fields.number('score', 'similarity'),
    workId: fields.text('workid'),
    idCard: fields.text('idcard', 'idcardno'),
    icCard: fields.text('iccard', 'iccardno'),
    phone: fields.text('phone'),
    department: fields.text('department'),
    note: fields.text('otherinfo'),
    feature: featureOf(fields.get('feature')),
    box: boxOf(fields.get('facerect')),
    bodyBox: boxOf(fields.get('bodyrect')),
    attributes: attributesOf(fields),
  };
  return known(facts);
}

/** Vectors come with wild magnitudes, some as text because they do not fit an integer. */
function featureOf(value: unknown): number[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.map((entry) => numberOf(entry) ?? 0);
}

function attributesOf(fields: Fields): Record<string, Coded> | undefined {
  let attributes: Record<string, Coded> | undefined;
  for (const [key, value] of fields) {
    const attribute = ATTRIBUTES.get(key);
    const code = attribute && integerOf(value);
    if (attribute && code !== undefined) {
      attributes ??= {};
      attributes[attribute.name] = nameCode(attribute.values, code);
    }
  }
  return attributes;
}

export function readEvent(fields: Fields, edition: Edition): EventFacts {
  const data = fields.fields('data');
  return known({
    type: nameCode(ALARM_TYPES[edition], fields.integer('type') ?? data.integer('type')),
    event: data.text('event') ?? fields.text('event'),
    state: fields.integer('state'),
    regionId: data.text('regionid') ?? fields.text('regionid'),
    trackId: data.text('trackid') ?? fields.text('trackid'),
  });
}

/** The document nests a vehicle report (§2.5), the later edition does not (V1.0.2 §3.4). */
export function readVehicle(fields: Fields): VehicleFacts {
  const data = fields.fields('data');
  const nested = data.fields('plate');
  const plate: NonNullable<VehicleFacts['plate']> = known({
    number: nested.text('id', 'number') ?? fields.text('plate') ?? data.text('plate'),
    type: nameCode(PLATE_TYPES, nested.integer('platetype')),
    colour: nameCode(PLATE_COLOURS, fields.integer('platecolor')),
    box: boxOf(nested.get('plateloc') ?? fields.get('platerect')),
  });
  const facts: VehicleFacts = {
    type:
      nameCode(VEHICLE_TYPES, data.integer('type')) ??
      nameCode(LATER_VEHICLE_TYPES, fields.integer('cartype')),
    brand: data.text('brand'),
    maker: nameCode(VEHICLE_MAKERS, fields.integer('carmaker')),
    colour: nameCode(VEHICLE_COLOURS, fields.integer('carcolor')),
    box: boxOf(data.get('vehicleloc') ?? fields.get('carrect')),
    plate: Object.keys(plate).length > 0 ? plate : undefined,
  };
  return known(facts);
}

export function readInfo(fields: Fields): InfoFacts {
  return known({
    firmware: fields.text('fwver'),
    software: fields.text('swver'),
    system: fields.text('osver'),
    hardware: fields.text('hwver'),
    deviceName: fields.text('devname'),
    versionCode: fields.integer('vercode'),
  });
}

export function readAccess(fields: Fields, zone: number): AccessRecord[] {
  const rows = fields.get('data');
  return (Array.isArray(rows) ? (rows as unknown[]) : [rows]).map((row) => {
    const record = new Fields(row);
    return known({
      recordId: record.id('rid', 'id') || undefined,
      personId: record.id('pid') || undefined,
      type: record.integer('type'),
      status: record.integer('status'),
      takenAt: readTime(record.get('accesstime', 'time'), zone)?.toISOString(),
      temperature: record.number('temperature'),
      score: record.number('score'),
    });
  });
}

/** `{x, y, w, h}`, also as an array. */
function boxOf(value: unknown): Box | undefined {
  if (value === undefined) return undefined;
  const fields = new Fields(value);
  const [x, y, w, h] = Array.isArray(value)
    ? value.map(integerOf)
    : ['x', 'y', 'w', 'h'].map((name) => fields.integer(name));
  if (x === undefined || y === undefined || w === undefined || h === undefined) return undefined;
  return { x, y, w, h };
}
