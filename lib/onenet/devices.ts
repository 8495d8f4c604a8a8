/** Chapter 1: devices. */
import { SnapflowError } from '../errors';
import { text } from '../texts/mark';
import { device } from './common-fields';
import * as field from './fields';
import type { Values } from './fields';
import type { JsonObject } from './json';
import { pageFields, pages } from './listing';
import { listing, operation } from './operation';
import { formatDay } from './time';
import { asFlag, asId, asIs, asNumber, asText, asTime, from, list, listOf, must, shape } from './wire';

const node = 'onenet-device';

/** `lat` is the latitude and `lon` the longitude; the document's comments have them swapped. */
const place = shape({
  latitude: from('lat', asNumber),
  longitude: from('lon', asNumber),
  elevation: from('ele', asNumber),
});

const deviceInfo = shape({
  deviceId: must(['id', 'device_id'], asId),
  title: from('title', asText),
  description: from('desc', asText),
  online: from('online', asFlag),
  protocol: from('protocol', (value, zone) => asText(value, zone)?.toLowerCase()),
  private: from('private', asFlag),
  location: from('location', place),
  authInfo: from('auth_info', asIs),
  tags: from('tags', asIs),
  channelCount: from('channel_count', asNumber),
  createdAt: from('create_time', asTime),
  lastSeenAt: from('last_login', asTime),
  keys: from('keys', listOf(shape({ title: from('title', asText), key: must('key', asText) }))),
});

export type DeviceInfo = ReturnType<typeof deviceInfo>;

/** What both creation and update may set. */
const settings = {
  description: field.optional(field.string(text('Description'))),
  latitude: field.optional(field.number(text('Latitude'), { min: -90, max: 90 })),
  longitude: field.optional(field.number(text('Longitude'), { min: -180, max: 180 })),
  elevation: field.optional(field.number(text('Elevation'))),
  private: field.optional(field.flag(text('Private'))),
  authInfo: field.optional(field.jsonOrText(text('Authentication information'))),
  area: field.optional(field.string(text('Area number'))),
  url: field.optional(field.string(text('Address of the device'))),
  other: field.optional(field.json(text('Other information'))),
  /** Properties of the document without a field here (`idsn`, `route_to`, `activate_code` …), under their names. */
  more: field.optional(field.json(text('More properties'))),
};

function wireSettings(input: Values<typeof settings>): JsonObject {
  const { latitude: lat, longitude: lon, elevation: ele } = input;
  const hasPlace = [lat, lon, ele].some((value) => value !== undefined);
  return {
    ...input.more,
    desc: input.description,
    location: hasPlace ? { ele, lat, lon } : undefined,
    private: input.private,
    auth_info: input.authInfo,
    area: input.area,
    url: input.url,
    other: input.other,
  };
}

const created = shape({ deviceId: must('device_id', asId) });

export const createDevice = operation({
  id: 'ON-1.1',
  name: 'createDevice',
  chapter: '1.1',
  node,
  title: text('Create a device'),
  sideEffects: true,
  masterKey: true,
  fields: { title: field.string(text('Title'), { characters: 64 }), ...settings },
  async run(call, input) {
    const json = { title: input.title, protocol: 'RTMP', ...wireSettings(input) };
    const answer = await call.ask({ method: 'POST', path: '/devices', json });
    return created(answer.content, call.account.zone);
  },
});

const registered = shape({ deviceId: must('device_id', asId), apiKey: must('key', asText) });

export const registerDevice = operation({
  id: 'ON-1.2',
  name: 'registerDevice',
  chapter: '1.2',
  node,
  title: text('Register a device by its code'),
  sideEffects: true,
  fields: {
    registrationCode: field.string(text('Registration code')),
    serialNumber: field.optional(field.string(text('Serial number'), { characters: 512 })),
    mac: field.optional(field.string(text('MAC address'), { characters: 512 })),
    title: field.optional(field.string(text('Title'), { characters: 32 })),
    area: field.optional(field.integer(text('Area number'))),
  },
  async run(call, input) {
    if ((input.serialNumber === undefined) === (input.mac === undefined)) {
      throw new SnapflowError('BAD_INPUT', 'Give either the serial number or the MAC address, not both.', {
        system: 'onenet',
      });
    }
    const answer = await call.ask({
      method: 'POST',
      path: '/register_de',
      query: { register_code: input.registrationCode },
      json: { sn: input.serialNumber, mac: input.mac, title: input.title, area: input.area },
      authentication: 'none',
    });
    return registered(answer.content, call.account.zone);
  },
});

export const updateDevice = operation({
  id: 'ON-1.3',
  name: 'updateDevice',
  chapter: '1.3',
  node,
  title: text('Change a device'),
  sideEffects: true,
  fields: {
    ...device,
    title: field.optional(field.string(text('Title'), { characters: 64 })),
    tags: field.optional(field.strings(text('Tags'))),
    ...settings,
  },
  async run(call, input) {
    const json = { title: input.title, tags: input.tags, ...wireSettings(input) };
    await call.ask({ method: 'PUT', path: devicePath(input.deviceId), json });
    return { deviceId: input.deviceId };
  },
});

export const getDevice = operation({
  id: 'ON-1.4',
  name: 'getDevice',
  chapter: '1.4',
  node,
  title: text('Get a device'),
  sideEffects: false,
  fields: device,
  async run(call, input) {
    const answer = await call.ask({ method: 'GET', path: devicePath(input.deviceId) });
    return deviceInfo(answer.content, call.account.zone);
  },
});

/** Here the page information stands beside the devices, under names of its own. */
const found = shape({
  devices: list('devices', deviceInfo),
  total: from('total_count', asNumber),
  size: from('per_page', asNumber),
  page: from('page', asNumber),
});

export const searchDevices = listing({
  id: 'ON-1.5',
  name: 'searchDevices',
  chapter: '1.5',
  node,
  title: text('Search devices'),
  sideEffects: false,
  fields: {
    keyword: field.optional(field.string(text('Id or title starts with'))),
    title: field.optional(field.string(text('Title starts with'))),
    tag: field.optional(field.string(text('Tag'))),
    online: field.optional(field.flag(text('Online'))),
    private: field.optional(field.flag(text('Private'))),
    deviceIds: field.optional(field.ids(text('Device ids'), { items: 100 })),
    authInfo: field.optional(field.jsonOrText(text('Authentication information'))),
    createdFrom: field.optional(field.time(text('Created from'))),
    createdUntil: field.optional(field.time(text('Created until'))),
    ...pageFields(100, 100),
  },
  run(call, input) {
    const { zone } = call.account;
    const query = {
      key_words: input.keyword,
      tag: input.tag,
      online: input.online,
      private: input.private,
      device_id: input.deviceIds?.join(','),
      auth_info: typeof input.authInfo === 'object' ? JSON.stringify(input.authInfo) : input.authInfo,
      begin: input.createdFrom && formatDay(input.createdFrom, zone),
      end: input.createdUntil && formatDay(input.createdUntil, zone),
      title: input.title,
    };
    return pages({
      ...input,
      fetchPage: async (page) => {
        const paged = { ...query, page, per_page: input.pageSize };
        const answer = await call.ask({ method: 'GET', path: '/devices', query: paged });
        const { devices, ...info } = found(answer.content, zone);
        return { items: devices, info };
      },
      keyOf: (item) => item.deviceId,
    });
  },
});

export const deleteDevice = operation({
  id: 'ON-1.6',
  name: 'deleteDevice',
  chapter: '1.6',
  node,
  title: text('Delete a device with all its videos and pictures'),
  sideEffects: true,
  fields: device,
  async run(call, input) {
    await call.ask({ method: 'DELETE', path: devicePath(input.deviceId) });
    return { deviceId: input.deviceId };
  },
});

function devicePath(deviceId: string): string {
  return `/devices/${encodeURIComponent(deviceId)}`;
}
