/** Chapter 5: pictures of channels. */
import { sniffFormat } from '../../picture';
import { badRequest, missing, pageOf, Refused, success, type Request, type Routes } from './answers';
import { seconds } from './china-time';
import { WIRE_FORMATS, type Channel, type StoredPicture, type World } from './world';

const PICTURES = '/ipc/video/picture';

/** Pictures kept per channel. */
const KEEP = 500;

export function pictureRoutes(world: World, url: () => string | undefined): Routes {
  const channelOf = (request: Request): Channel =>
    world.device(request.need('device_id')).channel(request.need('channel_id'));
  const pictureOf = (request: Request): StoredPicture => {
    const found = channelOf(request).pictures.get(request.need('name'));
    if (!found || found.visibleAt > world.now()) throw missing('picture');
    return found;
  };
  const factsOf = ({ name, format, data, takenAt, description, secret }: StoredPicture, channel: string) => ({
    format,
    size: data.length,
    date: seconds(takenAt),
    name,
    desc: description,
    url: `${url()}${PICTURES}/${channel}/${secret}.${format}`,
  });
  const place = (request: Request) => `${request.need('device_id')}/${request.need('channel_id')}`;

  return {
    [`PUT ${PICTURES}/upload`]: (request) => {
      const channel = channelOf(request);
      const name = request.need('name');
      const sniffed = sniffFormat(request.body);
      const format = sniffed && WIRE_FORMATS[sniffed];
      if (!format || request.need('format') !== format) throw badRequest('format');
      // The document gives no number for it.
      if (channel.pictures.has(name)) throw new Refused(18, 'the picture name is in use');
      const description = request.maybe('desc') ?? '';
      const at = world.now();
      channel.store({ name, format, data: request.body, description, takenAt: at, visibleAt: at }, KEEP);
      return success();
    },
    [`GET ${PICTURES}/get_list`]: (request) => {
      const from = Number(request.maybe('start_time') ?? 0);
      const until = Number(request.maybe('end_time') ?? Infinity);
      const shown = [...channelOf(request).pictures.values()]
        .filter(({ visibleAt }) => visibleAt <= world.now())
        .filter(({ takenAt }) => seconds(takenAt) >= from && seconds(takenAt) <= until)
        .sort((a, b) => b.takenAt - a.takenAt);
      const { items, page_info } = pageOf(
        shown,
        request.count('page_start', 1),
        request.count('page_size', 50),
      );
      return success({ data: items.map((one) => factsOf(one, place(request))), page_info });
    },
    [`GET ${PICTURES}/get_info`]: (request) => success({ data: factsOf(pictureOf(request), place(request)) }),
    [`DELETE ${PICTURES}/delete_pictrue`]: (request) => {
      channelOf(request).pictures.delete(pictureOf(request).name);
      return success();
    },
    [`GET ${PICTURES}/*`]: (request) => {
      const [deviceId = '', channelId = '', file = ''] = request.rest.split('/');
      const pictures = world.device(deviceId).channel(channelId).pictures.values();
      const found = [...pictures].find(({ secret, format }) => `${secret}.${format}` === file);
      if (!found) throw new Refused(404, 'resource not found', 404);
      const type = found.format === 'jpg' ? 'image/jpeg' : 'image/png';
      return { status: 200, headers: { 'content-type': type }, body: found.data };
    },
  };
}
