/** Chapters 8 to 11 and 14: the state of devices, and what passes through the platform unread. */
import { text } from '../texts/mark';
import { device, product } from './common-fields';
import * as field from './fields';
import { pageFields, pages } from './listing';
import { listing, operation } from './operation';
import { formatTime } from './time';
import { asBytes, asFlag, asId, asNumber, asText, asTime, from, list, listOf, must, shape } from './wire';

const node = 'onenet-device';

const MAX_STATUS_IDS = 30;
const MAX_STATUS_CHARACTERS = 500;

const statusList = shape({
  devices: list('devices', shape({ deviceId: must('id', asId), online: must('online', asFlag) })),
});

export const getOnlineStatus = operation({
  id: 'ON-8',
  name: 'getOnlineStatus',
  chapter: '8',
  node,
  title: text('Ask which devices are online'),
  sideEffects: false,
  fields: { deviceIds: field.ids(text('Device ids')) },
  async run(call, input) {
    const devices = [];
    for (const devIds of idLists(input.deviceIds)) {
      const answer = await call.ask({
        method: 'GET',
        path: '/ipc/video/device/QryDevStatus',
        query: { devIds },
      });
      devices.push(...statusList(answer.content, call.account.zone).devices);
    }
    return devices;
  },
});

/** Joined ids, in requests no longer than the platform takes. */
function idLists(ids: readonly string[]): string[] {
  const lists: string[][] = [];
  let length = Infinity;
  for (const id of new Set(ids)) {
    const last = lists.at(-1);
    length += 1 + id.length;
    if (last && last.length < MAX_STATUS_IDS && length <= MAX_STATUS_CHARACTERS) last.push(id);
    else {
      lists.push([id]);
      length = id.length;
    }
  }
  return lists.map((list) => list.join(','));
}

const deviceMessage = shape({
  messageId: from('msg_id', asId),
  createdAt: from('create_time', asTime),
  content: must('msg', asBytes),
});

export const listDeviceMessages = listing({
  id: 'ON-9',
  name: 'listDeviceMessages',
  chapter: '9',
  node,
  title: text('List the messages that a device passed through'),
  sideEffects: false,
  fields: {
    ...device,
    startTime: field.time(text('From')),
    endTime: field.time(text('Until')),
    ...pageFields(50, 50),
  },
  run(call, input) {
    const { zone } = call.account;
    const query = {
      device_id: input.deviceId,
      begin_time: formatTime(input.startTime, zone),
      end_time: formatTime(input.endTime, zone),
    };
    return pages({
      ...input,
      fetchPage: async (page) => {
        // The document shows page information but no page parameters: those of its other lists are tried.
        const paged = page === 1 ? query : { ...query, page_start: page, page_size: input.pageSize };
        const answer = await call.ask({ method: 'GET', path: '/ipc/video/device/QryDevMsg', query: paged });
        return { items: listOf(deviceMessage)(answer.content, zone), info: answer.page };
      },
      // Messages of one second may be alike in every part: then their place tells them apart.
      keyOf: (item, index) => JSON.stringify([index, item.createdAt, item.messageId, item.content]),
    });
  },
});

const bootAddress = shape({ address: must('boot_address', asText), port: must('boot_port', asNumber) });

export const getBootAddress = operation({
  id: 'ON-10',
  name: 'getBootAddress',
  chapter: '10',
  node,
  title: text('Get the address of the boot server'),
  sideEffects: false,
  fields: {},
  async run(call) {
    const answer = await call.ask({
      method: 'GET',
      path: '/ipc/video/boot_address',
      authentication: 'none',
    });
    return bootAddress(answer.content, call.account.zone);
  },
});

export const passThrough = operation({
  id: 'ON-11',
  name: 'passThrough',
  chapter: '11',
  node,
  title: text('Pass a fixed string through to a device'),
  sideEffects: true,
  fields: { ...device, content: field.payload(text('Content'), { bytes: 128 }) },
  async run(call, input) {
    const query = { device_id: input.deviceId };
    await call.ask({ method: 'POST', path: '/ipc/video/dev_active', query, body: input.content });
    return { deviceId: input.deviceId, bytes: input.content.length };
  },
});

export const switchCamera = operation({
  id: 'ON-14',
  name: 'switchCamera',
  chapter: '14',
  node,
  title: text('Switch a camera on or off'),
  sideEffects: true,
  fields: {
    ...product,
    ...device,
    cameraId: field.id(text('Camera id')),
    state: field.choice(text('State'), { on: text('On'), off: text('Off') }),
  },
  async run(call, input) {
    await call.ask({
      method: 'PUT',
      path: '/ipc/video/access_control/closecamera',
      query: { product_id: input.productId, device_id: input.deviceId, id: input.cameraId },
      // The operation is "close": 1 closes.
      json: { type: input.state === 'off' ? 1 : 0 },
    });
    return { deviceId: input.deviceId, cameraId: input.cameraId, state: input.state };
  },
});
