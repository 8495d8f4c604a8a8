/** Chapter 15: the common file store. It has credentials of its own, and says success with 200 or 0. */
import { text } from '../texts/mark';
import { product } from './common-fields';
import { refusalIn } from './envelope';
import * as field from './fields';
import type { Values } from './fields';
import { pageFields, pages } from './listing';
import { listing, operation } from './operation';
import { asId, asNumber, asText, asTime, from, listOf, must, shape } from './wire';

const node = 'onenet-file';

/** Bytes; the document says "within 8 M". */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

const named = { ...product, name: field.string(text('File name'), { characters: 256 }) };

function fileRequest({ productId, name }: Values<typeof named>) {
  return {
    query: { product_id: productId, name },
    authentication: { product: productId },
  };
}

export const uploadFile = operation({
  id: 'ON-15.1',
  name: 'uploadFile',
  chapter: '15.1',
  node,
  title: text('Upload a file'),
  sideEffects: true,
  fields: {
    ...named,
    content: field.payload(text('Content'), { bytes: MAX_FILE_BYTES }),
    description: field.optional(field.string(text('Description'), { characters: 1024 })),
  },
  async run(call, input) {
    const { query, authentication } = fileRequest(input);
    await call.ask({
      method: 'PUT',
      path: '/ipc/video/file/upload',
      query: { ...query, desc: input.description },
      body: input.content,
      authentication,
    });
    return { productId: input.productId, name: input.name, bytes: input.content.length };
  },
});

export const downloadFile = operation({
  id: 'ON-15.2',
  name: 'downloadFile',
  chapter: '15.2',
  node,
  title: text('Download a file'),
  output: 'bytes',
  sideEffects: false,
  fields: named,
  async run(call, input): Promise<Buffer> {
    const reply = await call.send({ method: 'GET', path: '/ipc/video/file/download', ...fileRequest(input) });
    const refused = refusalIn(reply, call.asked);
    if (refused) throw refused;
    return reply.body;
  },
});

export const deleteFile = operation({
  id: 'ON-15.3',
  name: 'deleteFile',
  chapter: '15.3',
  node,
  title: text('Delete a file'),
  sideEffects: true,
  fields: named,
  async run(call, input) {
    await call.ask({ method: 'DELETE', path: '/ipc/video/file/delete', ...fileRequest(input) });
    return { productId: input.productId, name: input.name };
  },
});

const storedFile = shape({
  productId: from('product_id', asId),
  name: must('name', asText),
  sizeBytes: from('size', asNumber),
  /** ISO 8601. */
  storedAt: from('date', asTime),
  description: from('desc', asText),
});

export type StoredFile = ReturnType<typeof storedFile>;

export const listFiles = listing({
  id: 'ON-15.4',
  name: 'listFiles',
  chapter: '15.4',
  node,
  title: text('List files'),
  sideEffects: false,
  fields: { ...product, name: field.optional(field.string(text('File name'))), ...pageFields(50, 50) },
  run(call, input) {
    const { productId, name } = input;
    const query = { product_id: productId, name };
    return pages({
      ...input,
      fetchPage: async (page) => {
        const answer = await call.ask({
          method: 'GET',
          path: '/ipc/video/file/list',
          // The document shows page information but no page parameters: those of its other lists are tried.
          query: page === 1 ? query : { ...query, page_start: page, page_size: input.pageSize },
          authentication: { product: productId },
        });
        return { items: listOf(storedFile)(answer.content, call.account.zone), info: answer.page };
      },
      keyOf: (item) => item.name,
    });
  },
});
