/** Chapter 15: the common file store. Unlike the rest it says success with 200 and uses HTTP status codes. */
import { jsonReply } from '../exchange';
import { pageOf, Refused, success, type Request, type Routes } from './answers';
import { seconds } from './china-time';
import type { StoredFile, World } from './world';

const FILES = '/ipc/video/file';
const MAX_BYTES = 8 * 1024 * 1024;

export function fileRoutes(world: World): Routes {
  const done = () => jsonReply(200, { errno: 200, error: 'succ' });
  const keyOf = (request: Request) => `${need(request, 'product_id')}/${nameOf(request)}`;
  const fileOf = (request: Request): StoredFile => {
    const found = world.files.get(keyOf(request));
    if (!found) throw new Refused(404, 'resource not found', 404);
    return found;
  };
  return {
    [`PUT ${FILES}/upload`]: (request) => {
      const description = request.maybe('desc') ?? '';
      if (description.length > 1024) throw new Refused(1003, 'invalid desc, maximum limit is 1024', 400);
      if (request.body.length > MAX_BYTES) throw new Refused(413, 'resource size is too big', 413);
      const file = { name: nameOf(request), content: request.body, description, storedAt: world.now() };
      world.files.set(keyOf(request), file);
      return done();
    },
    [`GET ${FILES}/download`]: (request) => ({
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
      body: fileOf(request).content,
    }),
    [`DELETE ${FILES}/delete`]: (request) => {
      fileOf(request);
      world.files.delete(keyOf(request));
      return done();
    },
    [`GET ${FILES}/list`]: (request) => {
      const productId = need(request, 'product_id');
      const name = request.maybe('name');
      const all = [...world.files]
        .filter(([key, file]) => key.startsWith(`${productId}/`) && [undefined, file.name].includes(name))
        .map(([, file]) => file);
      const { items, page_info } = pageOf(
        all,
        request.count('page_start', 1),
        request.count('page_size', 50),
      );
      const data = items.map((file) => ({
        product_id: Number(productId),
        name: file.name,
        size: file.content.length,
        date: seconds(file.storedAt),
        desc: file.description,
      }));
      // Here alone success is 0 again.
      return success({ data, page_info });
    },
  };
}

function need(request: Request, name: string): string {
  const value = request.maybe(name);
  if (!value) throw new Refused(400, `bad request: ${name} required`, 400);
  return value;
}

function nameOf(request: Request): string {
  const name = need(request, 'name');
  if (name.length > 256) throw new Refused(1002, 'invalid name, maximum limit is 256', 400);
  if (/[\\/:*?"<>|]/.test(name)) throw new Refused(1001, 'invalid name, excluding special characters', 400);
  return name;
}
