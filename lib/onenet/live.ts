/** Chapter 4: live streams and their thumbnails. */
import { SnapflowError } from '../errors';
import type { HttpReply } from '../http/types';
import { sniffFormat, type Picture } from '../picture';
import { text } from '../texts/mark';
import type { Account } from './account';
import {
  historyAddress,
  httpOrigin,
  liveAddress,
  PROTOCOLS,
  type Channel,
  type PlayServer,
  type Protocol,
} from './addresses';
import { channel } from './common-fields';
import { readEnvelope } from './envelope';
import * as field from './fields';
import { operation, type Call } from './operation';
import { readPicture } from './picture-reply';
import type { Refusal } from './refusals';
import { asText, from, must, shape, shapeError } from './wire';

const node = 'onenet-live';

const playServer = shape({
  address: must('addr', asText),
  token: must(['accessToken', 'token'], asText),
  type: from('type', asText),
  /** Host of the thumbnails, in the later edition. */
  coverAddress: from('coveraddr', asText),
});

/** The numbers of the later edition. */
const refusals: Readonly<Record<number, Refusal>> = {
  1: {
    code: 'BAD_INPUT',
    text: text('OneNET finds a parameter of the stream wrong ({{errno}}): {{message}}.'),
  },
  2: { code: 'PLATFORM_FAILED', text: text('The stream server of OneNET failed ({{errno}}): {{message}}.') },
  3: { code: 'NOT_FOUND', text: text('The device has no such channel ({{errno}}): {{message}}.') },
  4: {
    code: 'DEVICE_OFFLINE',
    text: text('The device is not connected, so it has no live stream ({{errno}}).'),
  },
  5: {
    code: 'BAD_RESPONSE',
    text: text('OneNET could not read what the device said about its stream ({{errno}}).'),
  },
};

async function askServer(call: Call, { deviceId, channelId }: Channel, protocol: Protocol) {
  const query = { device_id: deviceId, channel_id: channelId, protocol_type: PROTOCOLS[protocol] };
  const answer = await call.ask({ method: 'GET', path: '/ipc/video/play_address', query });
  return playServer(answer.content, call.account.zone);
}

export interface PlayAddress extends PlayServer {
  protocol: Protocol;
  /** Ready to play. It holds the token. */
  url: string;
  coverAddress?: string;
}

export const getPlayAddress = operation({
  id: 'ON-4.1',
  name: 'getPlayAddress',
  chapter: '4.1',
  node,
  title: text('Get the address of a live stream'),
  sideEffects: false,
  fields: {
    ...channel,
    protocol: field.initially(
      field.choice(text('Protocol'), { rtmp: 'RTMP', hls: 'HLS', 'https-hls': 'HLS (https)' }),
      'rtmp' as const,
    ),
  },
  refusals,
  async run(call, input): Promise<PlayAddress> {
    const { protocol } = input;
    const server = await askServer(call, input, protocol);
    return { ...server, protocol, url: liveAddress(server, protocol, input) };
  },
});

export const getHistoryAddress = operation({
  id: 'ON-4.1u',
  name: 'getHistoryAddress',
  chapter: '4.1',
  node,
  title: text('Get the address of a recorded stream'),
  sideEffects: false,
  fields: { ...channel, startTime: field.time(text('From')), endTime: field.time(text('Until')) },
  refusals,
  async run(call, input) {
    if (input.endTime <= input.startTime) {
      throw new SnapflowError('BAD_INPUT', 'The end of the period must be after its start.', {
        system: 'onenet',
      });
    }
    const server = await askServer(call, input, 'rtmp');
    return { ...server, url: historyAddress(server, input, input, call.account) };
  },
});

export const preloadHls = operation({
  id: 'ON-4.2',
  name: 'preloadHls',
  chapter: '4.2',
  node,
  title: text('Have the HLS stream ready before somebody plays it'),
  sideEffects: true,
  fields: {
    ...channel,
    idleSeconds: field.initially(
      field.integer(text('Cleared when unused for (seconds)'), { min: 1, max: 120 }),
      120,
    ),
  },
  refusals,
  async run(call, input) {
    const { deviceId, channelId, idleSeconds } = input;
    // The player host gets the api-key here, as the document demands: over TLS if the account itself uses TLS.
    const secure = call.account.origin.startsWith('https:');
    const protocol = secure ? 'https-hls' : 'hls';
    const server = await askServer(call, input, protocol);
    const origin = httpOrigin(server.address, secure);
    const address = addressAt(call, `${origin}/live/live_${deviceId}_${channelId}/preload`);
    address.search = `token=${encodeURIComponent(server.token)}&idle_time=${idleSeconds}`;
    const { signal } = call;
    const reply = await call.account.fetch(address, { signal, withKey: true, repeatable: false });
    readEnvelope(reply, call.asked);
    return { deviceId, channelId, url: liveAddress(server, protocol, input) };
  },
});

/** Row and note of chapter 4.3 spell the last part of the path differently, in both editions. */
type Spelling = '-' | '_';
/** What a host of thumbnails understood last time, so that it is asked once only. */
const understood = new WeakMap<Account, Map<string, Spelling>>();

export const takeThumbnail = operation({
  id: 'ON-4.3',
  name: 'takeThumbnail',
  chapter: '4.3',
  node,
  title: text('Take a thumbnail of the live stream'),
  output: 'picture',
  sideEffects: false,
  fields: channel,
  refusals,
  async run(call, input): Promise<Picture> {
    const { deviceId, channelId } = input;
    const server = await askServer(call, input, 'hls');
    const origin = httpOrigin(server.coverAddress ?? server.address, false);
    const reply = await fetchThumbnail(call, origin, input, server.token);
    const takenAt = new Date(call.account.clock.now());
    return readPicture(reply, call.asked, { deviceId, channelId, takenAt, kind: 'thumbnail' });
  },
});

async function fetchThumbnail(
  call: Call,
  origin: string,
  { deviceId, channelId }: Channel,
  token: string,
): Promise<HttpReply> {
  const known = understood.get(call.account) ?? new Map<string, Spelling>();
  understood.set(call.account, known);
  const ask = (spelling: Spelling) => {
    const address = addressAt(call, `${origin}/live_preview/${deviceId}${spelling}${channelId}`);
    address.search = `token=${encodeURIComponent(token)}`;
    return call.account.fetch(address, { signal: call.signal, withKey: false });
  };
  const usual = known.get(origin) ?? '-';
  const reply = await ask(usual);
  if (isPicture(reply) || ![200, 400, 404].includes(reply.status)) return reply;
  const other = usual === '-' ? '_' : '-';
  const second = await ask(other);
  if (!isPicture(second)) return reply;
  known.set(origin, other);
  return second;
}

function isPicture({ status, body }: HttpReply): boolean {
  return status === 200 && sniffFormat(body) !== undefined;
}

function addressAt({ account }: Call, text: string): URL {
  const address = account.resolve(text);
  if (!address) throw shapeError('addr');
  return address;
}
