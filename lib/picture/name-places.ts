/** Places such as `{device}` in the pattern of a name or an address. */
import { SnapflowError } from '../errors';

/** What is known of a picture when its name is made. */
export interface NameFacts {
  device: string;
  channel: string;
  kind: string;
  system: string;
  /** Stable id of the picture. */
  id: string;
  /** Name that the source gave it, without folder and extension. */
  name: string;
  /** Without a dot. */
  ext: string;
  takenAt: Date;
}

/** Whose clock the parts of a date are read from. */
export type Zone = 'local' | 'utc';

type DateParts = Record<'yyyy' | 'MM' | 'dd' | 'HH' | 'mm' | 'ss' | 'SSS', string>;

const PLACES: Readonly<Record<string, (facts: NameFacts, date: DateParts) => string>> = {
  device: ({ device }) => device,
  channel: ({ channel }) => channel,
  kind: ({ kind }) => kind,
  system: ({ system }) => system,
  id: ({ id }) => id,
  name: ({ name }) => name,
  ext: ({ ext }) => ext,
  yyyy: (_facts, { yyyy }) => yyyy,
  MM: (_facts, { MM }) => MM,
  dd: (_facts, { dd }) => dd,
  HH: (_facts, { HH }) => HH,
  mm: (_facts, { mm }) => mm,
  ss: (_facts, { ss }) => ss,
  date: (_facts, { yyyy, MM, dd }) => `${yyyy}${MM}${dd}`,
  time: (_facts, { HH, mm, ss, SSS }) => `${HH}${mm}${ss}${SSS}`,
};

/** The places that a pattern may have. */
export const PLACE_NAMES: readonly string[] = Object.keys(PLACES);

/** @throws SnapflowError `BAD_INPUT` for a place that there is not */
export function checkPlaces(pattern: string): void {
  const wrong = [...pattern.matchAll(/\{([^{}]*)\}/g)]
    .map(([, name]) => name as string)
    .find((name) => !Object.hasOwn(PLACES, name));
  if (wrong === undefined) return;
  throw new SnapflowError('BAD_INPUT', 'The pattern has no place “{{name}}”. It has: {{known}}.', {
    values: { name: wrong, known: PLACE_NAMES.map((name) => `{${name}}`).join(', ') },
  });
}

/** @param encode makes a value fit where it stands */
export function fillPlaces(
  pattern: string,
  facts: NameFacts,
  zone: Zone,
  encode: (value: string) => string = (value) => value,
): string {
  const date = partsOf(facts.takenAt, zone);
  return pattern.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = Object.hasOwn(PLACES, name) ? PLACES[name]?.(facts, date) : undefined;
    return value === undefined ? place : encode(value);
  });
}

function partsOf(at: Date, zone: Zone): DateParts {
  const shifted = zone === 'utc' ? at : new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  const [, yyyy = '', MM = '', dd = '', HH = '', mm = '', ss = '', SSS = ''] =
    /^([+-]?\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d+)Z$/.exec(shifted.toISOString()) ?? [];
  return { yyyy, MM, dd, HH, mm, ss, SSS };
}
