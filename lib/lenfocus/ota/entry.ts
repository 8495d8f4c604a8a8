/** Releases as a user writes them down, in a table or in the `release.json` of a folder. */
import { basename } from 'node:path';
import { SnapflowError } from '../../errors';
import { parseJson } from '../wire/json';
import { Fields, known } from '../wire/values';

/** A release before its files are looked at. */
export interface ReleaseEntry {
  versionCode: number;
  versionName: string;
  description?: string;
  /** `yyyy-MM-dd HH:mm:ss`; without it, when the newest file was written. */
  releaseDate?: string;
  /** Only for devices that ask with this code; without it, for all. */
  otaId?: string;
  components: ComponentEntry[];
}

/** A file here, at an address, or both: then its copy here is hashed. */
export interface ComponentEntry {
  /** Path of the file; relative ones are below the folder of releases. */
  file?: string;
  /** Where devices fetch it; without it, from this server. */
  url?: string;
  name?: string;
  /** 1 description, 2 firmware, 3 app, 4 model, 5 license. Default: by the name of the file. */
  type?: number;
}

/**
 * The releases of a table.
 * @param json array of `ReleaseEntry`; empty for none
 * @throws SnapflowError `BAD_INPUT` when it is no JSON, or with the row that lacks a version code or whose
 *   component is nowhere
 */
export function readReleaseTable(json: string): ReleaseEntry[] {
  if (json.trim() === '') return [];
  const rows = parsed(json);
  return (Array.isArray(rows) ? rows : [rows]).map((row: unknown, index) => {
    const entry = readEntry(row);
    if (entry && entry.components.length > 0) return entry;
    throw new SnapflowError(
      'BAD_INPUT',
      'Row {{row}} of the updates needs a version number and at least one component, each with a file or a URL.',
      { system: 'lenfocus', values: { row: index + 1 } },
    );
  });
}

function parsed(json: string): unknown {
  try {
    return parseJson(json);
  } catch (cause) {
    throw new SnapflowError('BAD_INPUT', 'The table of updates is no valid JSON.', {
      system: 'lenfocus',
      cause,
    });
  }
}

/** A release; undefined when it has no version code, or a component that is nowhere. */
export function readEntry(value: unknown): ReleaseEntry | undefined {
  const fields = new Fields(value);
  const versionCode = fields.integer('versioncode', 'vercode');
  const listed = fields.get('components', 'componentlist');
  const components = (Array.isArray(listed) ? listed : []).map(componentOf);
  if (versionCode === undefined || !components.every((component) => component !== undefined))
    return undefined;
  return known({
    versionCode,
    versionName: fields.text('versionname', 'vername') ?? String(versionCode),
    description: fields.text('description'),
    releaseDate: fields.text('releasedate'),
    otaId: fields.text('otaid'),
    components,
  });
}

function componentOf(value: unknown): ComponentEntry | undefined {
  const fields = new Fields(value);
  const [file, url] = [fields.text('file'), fields.text('url')];
  if (url === undefined ? file === undefined : !isWebAddress(url)) return undefined;
  return known({ file, url, name: fields.text('name'), type: fields.integer('type') });
}

/** The name of a component's file. */
export function fileNameOf({ file, url = '' }: ComponentEntry): string {
  if (file !== undefined) return basename(file);
  const { pathname, host } = new URL(url);
  return basename(pathname) || host;
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}
