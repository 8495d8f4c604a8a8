/** What a message says about its picture, for the rules of a filter. */
import type { Field, RateKey, ReadField } from '../../lib/filter';
import type { PictureInfo } from '../../lib/picture';
import { isAlarmMessage } from '../shared/alarm';
import type { Message, Red } from '../shared/red';

/**
 * What pictures are compared with: those of the same device, channel and kind (a face is not compared with the scene
 * it was cut from). A picture of another origin belongs to its topic.
 */
export function deviceOf(msg: Message): string {
  const { source } = infoOf(msg);
  if (source === undefined) return `topic/${text(msg.topic) ?? ''}`;
  return [source.system, source.device, source.channel, source.kind].map((part) => part ?? '').join('/');
}

/** For whom pictures are counted; undefined: for what they are compared with. */
export function rateKeyOf(msg: Message, per: RateKey | undefined): string | undefined {
  const { face, vehicle } = reportOf(msg);
  const person = text(face['personId']) ?? text(face['name']);
  const plate = text(part(vehicle['plate'])['number']);
  if (per === 'person' && person !== undefined) return `person/${person}`;
  if (per === 'plate' && plate !== undefined) return `plate/${plate}`;
  const { source } = infoOf(msg);
  return source && [source.system, source.device, source.channel ?? ''].join('/');
}

/** Reads the values that conditions ask for. */
export function factsOf(RED: Red, msg: Message): ReadField {
  return (field, property) => (field === 'property' ? propertyOf(RED, msg, property) : fact(msg, field));
}

function fact(msg: Message, field: Field): unknown {
  const info = infoOf(msg);
  const { kind, face, event, vehicle } = reportOf(msg);
  switch (field) {
    case 'kind':
      return [info.source?.kind, kind, ...(isAlarmMessage(msg) ? ['alarm'] : [])];
    case 'alarmType':
      return event['type'];
    case 'name':
      return face['name'] ?? info.name;
    case 'plate':
      return part(vehicle['plate'])['number'];
    case 'score':
      return face['score'];
    default:
      return undefined;
  }
}

/** As a source made it, or as whoever built the message thought it should be. */
function infoOf({ picture }: Message): Partial<PictureInfo> {
  const { source, ...info } = part(picture) as Partial<PictureInfo>;
  return { ...info, ...(typeof source === 'object' && source !== null && { source }) };
}

/** The report that a picture came with: `picture.meta`, else `msg.report`. */
function reportOf(msg: Message) {
  const { kind, face, event, vehicle } = { ...part(msg['report']), ...part(part(msg['picture'])['meta']) };
  return { kind, face: part(face), event: part(event), vehicle: part(vehicle) };
}

function propertyOf(RED: Red, msg: Message, property: string): unknown {
  try {
    return RED.util.getMessageProperty(msg, property);
  } catch {
    // What the name leads through is not there.
    return undefined;
  }
}

function part(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  const words = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return words === '' ? undefined : words;
}
