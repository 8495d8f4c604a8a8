/** The files of a record (alarm, event, lock record), and its pictures. */
import { SnapflowError } from '../errors';
import { makePicture, sniffFormat, type Picture } from '../picture';
import type { Account } from './account';
import type { CallOptions } from './assets';
import { asNumber, asText, startOf, type JsonObject } from './envelope';

export interface RecordFile {
  name: string;
  /** As the platform labels it; its own sample labels a video as audio. */
  type: 'picture' | 'audio' | 'video' | 'invalid' | 'unknown';
  url?: string;
}

const FILE_TYPES: Readonly<Record<number, RecordFile['type']>> = {
  1: 'picture',
  2: 'audio',
  3: 'video',
  [-1]: 'invalid',
};

/** @param recordId `FGUID` of the record */
export async function listRecordFiles(
  account: Account,
  recordId: string,
  { signal }: CallOptions = {},
): Promise<RecordFile[]> {
  const files = await account.ask({
    endpoint: 'Report',
    action: 'QueryMessageFiles',
    content: { FGUID: recordId },
    repeatable: true,
    signal,
  });
  return files.map(readFile);
}

function readFile(wire: JsonObject): RecordFile {
  const url = asText(wire.FReqURL);
  return {
    name: asText(wire.FFileName) ?? url?.split('/').at(-1) ?? '',
    type: FILE_TYPES[asNumber(wire.FFileType) ?? 0] ?? 'unknown',
    ...(url !== undefined && { url }),
  };
}

/** The pictures of a record, one after the other. Other files are left out. */
export async function* recordPictures(
  account: Account,
  recordId: string,
  options: CallOptions = {},
): AsyncGenerator<Picture, void, undefined> {
  const files = await listRecordFiles(account, recordId, options);
  for (const file of files.filter(isPicture)) yield await fetchFile(account, file, options);
}

/** The ending of a name tells more than the label. */
function isPicture({ name, type }: RecordFile): boolean {
  const [, ending] = /\.(\w+)$/.exec(name) ?? [];
  return ending === undefined ? type === 'picture' : /^(jpe?g|png|gif|webp|bmp)$/i.test(ending);
}

async function fetchFile(account: Account, file: RecordFile, { signal }: CallOptions): Promise<Picture> {
  const { name, url = '' } = file;
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw new SnapflowError(
      'BAD_RESPONSE',
      'AssetsControls gave no address to fetch the file “{{name}}” from.',
      {
        system: 'assetscontrols',
        values: { name },
      },
    );
  }
  const { status, body } = await account.fetch(new URL(url), signal);
  if (status === 404) {
    throw new SnapflowError('NOT_FOUND', 'AssetsControls no longer has the file “{{name}}”.', {
      system: 'assetscontrols',
      values: { name },
      platform: { httpStatus: status },
    });
  }
  if (status >= 400 || !sniffFormat(body)) {
    throw new SnapflowError(
      status >= 500 ? 'PLATFORM_FAILED' : 'BAD_RESPONSE',
      'The file “{{name}}” could not be fetched as a picture (HTTP {{status}}); the answer starts with {{start}}.',
      {
        system: 'assetscontrols',
        values: { name, status, start: startOf(body, (said) => account.conceal(said)) },
        platform: { httpStatus: status },
      },
    );
  }
  const { device, takenAt } = namedAfter(name);
  return makePicture(body, {
    source: { system: 'assetscontrols', device, kind: 'record' },
    name,
    ...(takenAt && { takenAt }),
  });
}

/** Files are named `<device>_<seconds since 1970>_<number>.<ending>`. */
function namedAfter(name: string): { device: string; takenAt?: Date } {
  const [, device, seconds] = /^(\w+?)_(\d{9,10})[_.]/.exec(name) ?? [];
  if (device === undefined) return { device: 'unknown' };
  return { device, takenAt: new Date(Number(seconds) * 1000) };
}
