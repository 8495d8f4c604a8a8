/** Chapter 2: the channels of a device. Their parameters are in the address, also of POST requests. */
import { text } from '../texts/mark';
import { channel, device } from './common-fields';
import * as field from './fields';
import type { Values } from './fields';
import { operation, type ApiRequest } from './operation';
import { asId, asText, from, listOf, must, shape } from './wire';

const node = 'onenet-device';

const channelInfo = shape({
  channelId: must('channel_id', asId),
  title: from('title', asText),
  description: from('desc', asText),
});

export type ChannelInfo = ReturnType<typeof channelInfo>;

export const listChannels = operation({
  id: 'ON-2.1',
  name: 'listChannels',
  chapter: '2.1',
  node,
  title: text('List the channels of a device'),
  sideEffects: false,
  fields: device,
  async run(call, input) {
    const answer = await call.ask({
      method: 'GET',
      path: '/ipc/video/device/QryChannel',
      query: { device_id: input.deviceId },
    });
    return listOf(channelInfo)(answer.content, call.account.zone);
  },
});

export const deleteChannel = operation({
  id: 'ON-2.2',
  name: 'deleteChannel',
  chapter: '2.2',
  node,
  title: text('Delete a channel'),
  sideEffects: true,
  fields: channel,
  async run(call, input) {
    const query = { device_id: input.deviceId, channel_id: input.channelId };
    await call.ask({ method: 'DELETE', path: '/ipc/video/device/DelChannel', query });
    return { deviceId: input.deviceId, channelId: input.channelId };
  },
});

const description = {
  ...channel,
  title: field.string(text('Title'), {
    characters: 64,
    pattern: {
      regex: /^[0-9A-Za-z]+$/,
      text: text('{{field}} may hold only the letters A to Z and digits.'),
    },
  }),
  description: field.optional(field.string(text('Description'))),
};

function describing(path: string, input: Values<typeof description>): ApiRequest {
  const { deviceId, channelId, title, description: desc } = input;
  return { method: 'POST', path, query: { device_id: deviceId, channel_id: channelId, title, desc } };
}

export const addChannel = operation({
  id: 'ON-2.3',
  name: 'addChannel',
  chapter: '2.3',
  node,
  title: text('Add a channel'),
  sideEffects: true,
  fields: description,
  refusals: {
    16: {
      code: 'BAD_INPUT',
      text: text(
        'This device already has that channel: choose another number, or change the channel ({{errno}}).',
      ),
    },
  },
  async run(call, input) {
    await call.ask(describing('/ipc/video/device/AddChannel', input));
    return { deviceId: input.deviceId, channelId: input.channelId };
  },
});

export const modifyChannel = operation({
  id: 'ON-2.4',
  name: 'modifyChannel',
  chapter: '2.4',
  node,
  title: text('Change a channel'),
  sideEffects: true,
  fields: description,
  refusals: {
    17: { code: 'NOT_FOUND', text: text('This device has no such channel: add it first ({{errno}}).') },
  },
  async run(call, input) {
    await call.ask(describing('/ipc/video/device/ModifyChannel', input));
    return { deviceId: input.deviceId, channelId: input.channelId };
  },
});
