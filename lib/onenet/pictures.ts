/** Chapter 5: pictures stored at the platform. */
import { isSnapflowError, SnapflowError } from '../errors';
import { makePicture, readPictureHeader, type Picture } from '../picture';
import { text } from '../texts/mark';
import { channel, period } from './common-fields';
import * as field from './fields';
import { pageFields, pages } from './listing';
import { listing, operation, type Call, type Query } from './operation';
import { readPicture } from './picture-reply';
import { epochSeconds } from './time';
import { asNumber, asText, asTime, from, listOf, must, shape } from './wire';

const node = 'onenet-picture';

const storedPicture = shape({
  /** Unique in its channel. */
  name: must('name', asText),
  format: from('format', asText),
  sizeBytes: from('size', asNumber),
  /** ISO 8601, whole seconds. */
  takenAt: from('date', asTime),
  description: from('desc', asText),
  url: from('url', asText),
});

export type StoredPicture = ReturnType<typeof storedPicture>;

interface Named {
  deviceId: string;
  channelId: string;
  name: string;
}

const named = { ...channel, name: field.string(text('Picture name')) };

function nameQuery({ deviceId, channelId, name }: Named): Query {
  return { device_id: deviceId, channel_id: channelId, name };
}

/** The formats that the platform takes, by its names. */
const UPLOAD_FORMATS: Readonly<Record<string, string>> = { jpeg: 'jpg', png: 'png' };

export interface UploadedPicture extends Named {
  bytes: number;
  /**
   * The platform had a picture of this generated name before. Such a name belongs to these bytes alone: an earlier
   * try had arrived.
   */
  alreadyStored: boolean;
}

export const uploadPicture = operation({
  id: 'ON-5.1',
  name: 'uploadPicture',
  chapter: '5.1',
  node,
  title: text('Upload a picture'),
  sideEffects: true,
  fields: {
    ...channel,
    picture: field.picture(text('Picture')),
    name: field.optional(field.string(text('Picture name'))),
    /** For a generated name: it makes the name the same whenever the same picture is sent again. */
    takenAt: field.optional(field.time(text('Taken at'))),
    description: field.optional(field.string(text('Description'))),
  },
  async run(call, input): Promise<UploadedPicture> {
    const { deviceId, channelId, picture, description } = input;
    const name = input.name ?? generatedName(input);
    const format = uploadFormat(picture);
    const stored = { deviceId, channelId, name, bytes: picture.length };
    const query = { device_id: deviceId, channel_id: channelId, format, name, desc: description };
    try {
      await call.ask({ method: 'PUT', path: '/ipc/video/picture/upload', query, body: picture });
      return { ...stored, alreadyStored: false };
    } catch (error) {
      if (!(await isDuplicate(call, stored, error))) throw error;
      if (input.name === undefined) return { ...stored, alreadyStored: true };
      throw new SnapflowError(
        'BAD_INPUT',
        'The channel already has a picture named “{{name}}”: give another name, or none to have one made.',
        { system: 'onenet', values: { name }, cause: error, details: { duplicate: true } },
      );
    }
  },
});

function uploadFormat(picture: Buffer): string {
  const { format } = readPictureHeader(picture, 'onenet');
  const wireFormat = UPLOAD_FORMATS[format];
  if (wireFormat) return wireFormat;
  throw new SnapflowError(
    'UNSUPPORTED_FORMAT',
    'OneNET stores only JPEG and PNG pictures; this one is {{format}}. Convert it first.',
    { system: 'onenet', values: { format } },
  );
}

/** `<seconds since 1970>-<hash>`, the same for the same bytes, channel and time. */
function generatedName({
  picture,
  takenAt,
  deviceId,
  channelId,
}: Omit<Named, 'name'> & { picture: Buffer; takenAt: Date | undefined }): string {
  const source = { system: 'onenet' as const, device: deviceId, channel: channelId };
  const { id } = makePicture(picture, { source, ...(takenAt && { takenAt }) }).info;
  return takenAt ? `${epochSeconds(takenAt)}-${id}` : id;
}

/**
 * Whether an upload was refused because the name is taken. The document gives neither number nor words for that, so
 * after a refusal of unknown meaning the platform is asked whether it has such a picture.
 */
async function isDuplicate(call: Call, name: Named, error: unknown): Promise<boolean> {
  const unclear =
    isSnapflowError(error) &&
    error.platform?.code !== undefined &&
    !error.retryable &&
    (error.code === 'PLATFORM_FAILED' || error.code === 'BAD_INPUT');
  if (!unclear) return false;
  try {
    await pictureInfo(call, name);
    return true;
  } catch {
    return false;
  }
}

export const listPictures = listing({
  id: 'ON-5.2',
  name: 'listPictures',
  chapter: '5.2',
  node,
  title: text('List pictures'),
  sideEffects: false,
  fields: { ...channel, ...period, ...pageFields(100, 50) },
  run(call, input) {
    const query = {
      device_id: input.deviceId,
      channel_id: input.channelId,
      start_time: input.startTime && epochSeconds(input.startTime),
      end_time: input.endTime && epochSeconds(input.endTime),
    };
    return pages({
      ...input,
      fetchPage: async (page) => {
        const paged = { ...query, page_start: page, page_size: input.pageSize };
        const answer = await call.ask({ method: 'GET', path: '/ipc/video/picture/get_list', query: paged });
        return { items: listOf(storedPicture)(answer.content, call.account.zone), info: answer.page };
      },
      keyOf: (item) => item.name,
    });
  },
});

export async function pictureInfo(call: Call, name: Named): Promise<StoredPicture> {
  const query = nameQuery(name);
  const answer = await call.ask({ method: 'GET', path: '/ipc/video/picture/get_info', query });
  return storedPicture(answer.content, call.account.zone);
}

export const getPictureInfo = operation({
  id: 'ON-5.3',
  name: 'getPictureInfo',
  chapter: '5.3',
  node,
  title: text('Get the facts of a picture'),
  sideEffects: false,
  fields: named,
  run: pictureInfo,
});

export const deletePicture = operation({
  id: 'ON-5.4',
  name: 'deletePicture',
  chapter: '5.4',
  node,
  title: text('Delete a picture'),
  sideEffects: true,
  fields: named,
  async run(call, input) {
    // "pictrue" is how the platform spells it.
    const path = '/ipc/video/picture/delete_pictrue';
    await call.ask({ method: 'DELETE', path, query: nameQuery(input) });
    return input;
  },
});

export const fetchPicture = operation({
  id: 'ON-5.5',
  name: 'fetchPicture',
  chapter: '5.5',
  node,
  title: text('Fetch a picture'),
  output: 'picture',
  sideEffects: false,
  fields: {
    ...named,
    /** From the list, which saves asking for it. */
    url: field.optional(field.string(text('Address of the picture'))),
    takenAt: field.optional(field.time(text('Taken at'))),
  },
  async run(call, input): Promise<Picture> {
    const { url, takenAt } = input;
    const stored =
      url === undefined ? await pictureInfo(call, input) : { ...input, takenAt: takenAt?.toISOString() };
    return downloadPicture(call, input, stored, 'picture');
  },
});

/** Fetches the bytes behind the facts of a picture. The api-key goes to the account's own host only. */
export async function downloadPicture(
  call: Call,
  { deviceId, channelId, name }: Named,
  stored: { url?: string | undefined; takenAt?: string | undefined },
  kind: string,
): Promise<Picture> {
  const address = stored.url === undefined ? undefined : call.account.resolve(stored.url);
  if (!address) {
    throw new SnapflowError('BAD_RESPONSE', 'OneNET gave no address to fetch the picture “{{name}}” from.', {
      system: 'onenet',
      values: { name },
    });
  }
  const reply = await call.account.fetch(address, { signal: call.signal });
  const takenAt = stored.takenAt === undefined ? undefined : new Date(stored.takenAt);
  const facts = { deviceId, channelId, name, kind, ...(takenAt && { takenAt }) };
  return readPicture(reply, call.asked, facts);
}
