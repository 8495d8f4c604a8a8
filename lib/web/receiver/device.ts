/** Which device pushed a picture, by what the user chose. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Contents } from './contents';

export interface DeviceChoice {
  /** `path`: what follows the base path; else the query, header, or field of that name; `fixed`: the name itself. */
  from: 'path' | 'query' | 'header' | 'field' | 'fixed';
  name: string;
}

interface Told {
  below: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  contents: Contents;
}

/** Characters of a name. */
const LENGTH = 128;

/** Undefined when the request does not tell. */
export function deviceOf({ from, name }: DeviceChoice, told: Told): string | undefined {
  const value = valueOf(from, name, told);
  const clean = value
    ?.replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LENGTH);
  return clean === '' ? undefined : clean;
}

function valueOf(from: DeviceChoice['from'], name: string, told: Told): string | undefined {
  switch (from) {
    case 'path':
      return decoded(told.below.replace(/^\/+|\/+$/g, ''));
    case 'query':
      return told.query.get(name) ?? undefined;
    case 'header':
      return [told.headers[name.toLowerCase()]].flat()[0];
    case 'field':
      return told.contents.value(name);
    case 'fixed':
      return name;
  }
}

/** A `%` that begins no escape is taken as it stands. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
