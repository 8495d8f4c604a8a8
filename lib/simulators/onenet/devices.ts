/** Chapters 1, 2, 8 to 11 and 14: devices, their channels, and what passes through to and from them. */
import { randomUUID } from 'node:crypto';
import { badRequest, pageOf, Refused, success, type Request, type Routes } from './answers';
import { chinaTime, parseChinaTime } from './china-time';
import { Channel, type Device, type World } from './world';

/** Registration code → times it was used. */
const REGISTRATION_CODE = 'simulated-code';

export function deviceRoutes(world: World): Routes {
  return {
    'POST /devices': (request) => {
      const { title, protocol, ...properties } = request.json();
      if (typeof title !== 'string' || title === '' || title.length > 64) throw badRequest('title');
      if (protocol !== 'RTMP') throw badRequest('protocol must be RTMP');
      const device = world.add({ title });
      Object.assign(device.properties, properties);
      return success({ data: { device_id: device.id } });
    },
    'POST /register_de': (request) => {
      if (request.need('register_code') !== REGISTRATION_CODE) throw new Refused(401, 'auth failed');
      const { sn, mac, title } = request.json();
      if ((sn === undefined) === (mac === undefined)) throw badRequest('exactly one of sn and mac required');
      const key = randomUUID();
      const device = world.add({ key, ...(typeof title === 'string' && { title }) });
      return success({ data: { key, device_id: Number(device.id) } });
    },
    'GET /devices': (request) => search(world, request),
    'PUT /devices/*': (request) => {
      Object.assign(world.device(request.rest).properties, request.json());
      return success();
    },
    'GET /devices/*': (request) => {
      const device = world.device(request.rest);
      const { key } = device.settings;
      const keys = key === undefined ? [] : [{ title: 'device-auto-key', key }];
      return success({ data: { ...factsOf(device), keys } });
    },
    'DELETE /devices/*': (request) => {
      world.devices.delete(world.device(request.rest).id);
      return success();
    },
    ...channelRoutes(world),
    ...passingRoutes(world),
  };
}

function factsOf(device: Device) {
  const { properties, id, online, createdAt, channels } = device;
  return {
    ...properties,
    id,
    online,
    create_time: chinaTime(createdAt),
    channel_count: channels.size,
    ...(online && { last_login: chinaTime(createdAt) }),
  };
}

function search(world: World, request: Request) {
  const startsWith = (text: unknown, start: string | undefined) =>
    start === undefined || String(text).toLowerCase().startsWith(start.toLowerCase());
  const same = (value: unknown, wanted: string | undefined) =>
    wanted === undefined || String(value) === wanted;
  const wantedIds = request.maybe('device_id')?.split(',');
  const tag = request.maybe('tag');
  const found = [...world.devices.values()].filter(({ id, online, properties, createdAt }) => {
    const { title, tags } = properties;
    const day = chinaTime(createdAt).slice(0, 10);
    return (
      (startsWith(id, request.maybe('key_words')) || startsWith(title, request.maybe('key_words'))) &&
      startsWith(title, request.maybe('title')) &&
      same(online, request.maybe('online')) &&
      same(properties['private'], request.maybe('private')) &&
      (tag === undefined || (Array.isArray(tags) && tags.includes(tag))) &&
      (wantedIds === undefined || wantedIds.includes(id)) &&
      same(JSON.stringify(properties['auth_info']), request.maybe('auth_info')) &&
      day >= (request.maybe('begin') ?? '') &&
      day <= (request.maybe('end') ?? '9')
    );
  });
  const size = request.count('per_page', 30);
  if (size > 100) throw badRequest('per_page must be at most 100');
  const { items, page_info: info } = pageOf(found, request.count('page', 1), size);
  return success({
    data: {
      total_count: info.total_num,
      per_page: size,
      page: info.current_page,
      devices: items.map(factsOf),
    },
  });
}

function channelRoutes(world: World): Routes {
  const describe = (channel: Channel, request: Request) => {
    const title = request.need('title');
    if (!/^[0-9A-Za-z]{1,64}$/.test(title)) throw badRequest('title');
    channel.title = title;
    channel.description = request.maybe('desc') ?? channel.description;
    return success();
  };
  return {
    'GET /ipc/video/device/QryChannel': (request) => {
      const channels = [...world.device(request.need('device_id')).channels.values()];
      const facts = channels.map(({ id, title, description }) => ({
        channel_id: id,
        title,
        desc: description,
      }));
      return success({ result: facts });
    },
    'DELETE /ipc/video/device/DelChannel': (request) => {
      const device = world.device(request.need('device_id'));
      device.channels.delete(device.channel(request.need('channel_id')).id);
      return success();
    },
    'POST /ipc/video/device/AddChannel': (request) => {
      const device = world.device(request.need('device_id'));
      const id = Number(request.need('channel_id'));
      if (device.channels.has(id)) throw new Refused(16, 'The channel already exists,cannot add again!');
      const channel = new Channel(id, '', device.id);
      const reply = describe(channel, request);
      device.channels.set(id, channel);
      return reply;
    },
    'POST /ipc/video/device/ModifyChannel': (request) => {
      const device = world.device(request.need('device_id'));
      const channel = device.channels.get(Number(request.need('channel_id')));
      if (!channel) throw new Refused(17, 'This channel is not available under this device!');
      return describe(channel, request);
    },
  };
}

function passingRoutes(world: World): Routes {
  return {
    'GET /ipc/video/device/QryDevStatus': (request) => {
      const text = request.need('devIds');
      const ids = text.split(',');
      if (ids.length > 30 || text.length > 500) throw badRequest('devIds too long');
      const devices = ids.map((id) => ({ id, online: world.devices.get(id)?.online ?? false }));
      return success({ result: { total_count: devices.length, devices } });
    },
    'GET /ipc/video/device/QryDevMsg': (request) => {
      const device = world.device(request.need('device_id'));
      const from = parseChinaTime(request.need('begin_time'));
      const until = parseChinaTime(request.need('end_time'));
      const all = device.messages.filter(({ at }) => at >= from && at <= until);
      const { items, page_info } = pageOf(
        all,
        request.count('page_start', 1),
        request.count('page_size', 50),
      );
      const result = items.map(({ at, id, content }) => ({
        create_time: chinaTime(at),
        msg_id: id,
        msg: content.toString('base64'),
      }));
      return success({ page_info, result });
    },
    'GET /ipc/video/boot_address': () => success({ data: { boot_address: '127.0.0.1', boot_port: 9101 } }),
    'POST /ipc/video/dev_active': (request) => {
      const device = world.device(request.need('device_id'));
      if (request.body.length === 0 || request.body.length > 128) throw badRequest('content');
      if (!device.online) throw new Refused(10, 'device not online');
      device.passedThrough.push(request.body);
      return success();
    },
    'PUT /ipc/video/access_control/closecamera': (request) => {
      request.need('product_id');
      const channel = world.device(request.need('device_id')).channel(request.need('id'));
      const { type } = request.json();
      if (type !== 0 && type !== 1) throw badRequest('type');
      channel.enabled = type === 0;
      return success();
    },
  };
}
