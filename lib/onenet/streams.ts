/** Chapters 7, 12 and 13: encryption and recording of streams, and who watches or pushes them. */
import { text } from '../texts/mark';
import { isSnapflowError } from '../errors';
import { channel, product } from './common-fields';
import * as field from './fields';
import type { Values } from './fields';
import { operation, type Call } from './operation';
import { asFlag, asId, asNumber, asText, from, listOf, must, shape, type Read } from './wire';

const node = 'onenet-live';

const ENCRYPTION = '/ipc/video/trans_encrypt';

export const setEncryption = operation({
  id: 'ON-7.1',
  name: 'setEncryption',
  chapter: '7.1',
  node,
  title: text('Switch the encryption of a product’s videos'),
  sideEffects: true,
  fields: { ...product, encrypted: field.flag(text('Encrypted')) },
  async run(call, input) {
    const query = { product_id: input.productId };
    await call.ask({ method: 'PUT', path: ENCRYPTION, query, json: { type: input.encrypted ? 1 : 0 } });
    return input;
  },
});

const encryption = shape({ encrypted: must('trans_enc', asFlag) });

export const getEncryption = operation({
  id: 'ON-7.2',
  name: 'getEncryption',
  chapter: '7.2',
  node,
  title: text('Ask whether a product’s videos are encrypted'),
  sideEffects: false,
  fields: product,
  async run(call, input) {
    const query = { product_id: input.productId };
    const answer = await call.ask({ method: 'GET', path: ENCRYPTION, query });
    const { encrypted } = encryption(answer.content, call.account.zone);
    return { productId: input.productId, encrypted };
  },
});

export const switchRecording = operation({
  id: 'ON-12',
  name: 'switchRecording',
  chapter: '12',
  node,
  title: text('Start or stop recording at the platform'),
  sideEffects: true,
  fields: {
    ...product,
    ...channel,
    action: field.choice(text('Action'), { start: text('Start'), stop: text('Stop') }),
  },
  async run(call, input) {
    const { productId, deviceId, channelId, action } = input;
    const query = {
      product_id: productId,
      device_id: deviceId,
      channel_id: channelId,
      action: action === 'start' ? 1 : 0,
    };
    await call.ask({ method: 'GET', path: '/ipc/video/record/record_video', query });
    return { deviceId, channelId, recording: action === 'start' };
  },
});

/** "1280 * 720", "1280 720", with a line break or without. */
const asResolution: Read<{ width: number; height: number }> = (value, zone) => {
  const [width, height] = (asText(value, zone)?.match(/\d+/g) ?? []).map(Number);
  return width !== undefined && height !== undefined ? { width, height } : undefined;
};

/** Seconds, of `hh:mm:ss`. */
const asSeconds: Read<number> = (value, zone) => {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d)$/.exec(asText(value, zone) ?? '') ?? [];
  return hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
};

const stream = {
  productId: from('productid', asId),
  deviceId: must('deviceid', asId),
  channelId: from('channelid', asId),
  protocol: from('protocoltype', (value, zone) => asText(value, zone)?.toLowerCase()),
  videoCodec: from('videocodec', asText),
  audioCodec: from('audiocodec', asText),
  resolution: from('resolution', asResolution),
  framesPerSecond: from('fps', asNumber),
  /** As the platform counts it; the document names no unit. */
  bandwidth: from('bandwidth', asNumber),
};

const viewer = shape({
  ...stream,
  address: from('clientip', asText),
  forSeconds: from('onlinetime', asSeconds),
});
const pusher = shape({
  ...stream,
  address: from('puship', asText),
  forSeconds: from('pushtime', asSeconds),
});

export type Viewer = ReturnType<typeof viewer>;
export type Pusher = ReturnType<typeof pusher>;

const streamFilter = {
  ...product,
  deviceId: field.optional(field.id(text('Device id'))),
  channelId: field.optional(field.id(text('Channel'))),
  pageSize: field.initially(field.integer(text('Entries per page'), { min: 1, max: 100 }), 50),
  cap: field.initially(field.integer(text('At most'), { min: 1, max: 1_000_000 }), 10_000),
};

interface Statistic<T> {
  path: string;
  protocol?: string | undefined;
  read: (value: unknown, zone: number) => T;
}

/** Times that a list is begun again because the platform forgot it. */
const MAX_RESTARTS = 2;

/**
 * All pages of a momentary list. The platform keeps the list behind its `page_key` for five minutes; when it has
 * forgotten it, the list is begun again, so nothing is given before the whole is there.
 */
async function allPages<T>(call: Call, input: Values<typeof streamFilter>, of: Statistic<T>): Promise<T[]> {
  for (let restarts = 0; ; restarts++) {
    let key: string | undefined;
    try {
      const items: T[] = [];
      for (let page = 1; ; page++) {
        const answer = await call.ask({
          method: 'GET',
          path: of.path,
          query: pageQuery(input, of, page, key),
        });
        const found = listOf(of.read)(answer.content, call.account.zone);
        items.push(...found);
        key = answer.page?.key ?? key;
        const isLast = found.length === 0 || page >= (answer.page?.pages ?? 1);
        if (isLast || items.length >= input.cap) return items.slice(0, input.cap);
      }
    } catch (error) {
      // How "forgotten" is said is not documented: any refusal of a further page is taken for it.
      const isForgotten = key !== undefined && isSnapflowError(error) && error.platform?.code !== undefined;
      if (!isForgotten || restarts >= MAX_RESTARTS) throw error;
    }
  }
}

function pageQuery(
  input: Values<typeof streamFilter>,
  { protocol }: Statistic<unknown>,
  page: number,
  key: string | undefined,
) {
  return {
    productid: input.productId,
    deviceid: input.deviceId,
    channelid: input.channelId,
    protocoltype: protocol,
    page_key: key,
    page_size: input.pageSize,
    page,
  };
}

export const listViewers = operation({
  id: 'ON-13.1',
  name: 'listViewers',
  chapter: '13.1',
  node,
  title: text('List who is watching'),
  sideEffects: false,
  masterKey: true,
  fields: {
    ...streamFilter,
    protocol: field.optional(field.choice(text('Protocol'), { rtmp: 'RTMP', hls: 'HLS' })),
  },
  run: (call, input) =>
    allPages(call, input, {
      path: '/ipc/video/stat/getonlinelist',
      protocol: input.protocol,
      read: viewer,
    }),
});

export const listPushers = operation({
  id: 'ON-13.2',
  name: 'listPushers',
  chapter: '13.2',
  node,
  title: text('List what is being pushed'),
  sideEffects: false,
  masterKey: true,
  fields: streamFilter,
  run: (call, input) => allPages(call, input, { path: '/ipc/video/stat/getpushlist', read: pusher }),
});
