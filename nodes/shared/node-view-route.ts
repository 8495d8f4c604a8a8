/**
 * The last pictures of the nodes, and what an editor gets that fetches one (`GET snapflow/view/<id>`). The type comes
 * from the bytes, and the browser is told to believe it: nothing that a camera sends is run as a page of the editor.
 */
import type { AdminRequest, AdminResponse, Red } from './red';

export interface KeptPicture {
  data: Buffer;
  mime: string;
  /** Too large to be sent without `?whole=1`. */
  large: boolean;
}

/** The last pictures by the id of their node. */
export type Shelf = Map<string, KeptPicture>;

/** One for each Node-RED of the process, though every node module has a `RED` of its own. */
const shelves = new WeakMap<object, Shelf>();

export function shelfOf(RED: Red): Shelf {
  const known = shelves.get(RED.httpAdmin);
  if (known) return known;
  const shelf: Shelf = new Map();
  shelves.set(RED.httpAdmin, shelf);
  return shelf;
}

export function answerView(RED: Red, { params, query }: AdminRequest, response: AdminResponse): void {
  const picture = shelfOf(RED).get(params['id'] ?? '');
  // A picture of a camera belongs into no cache, and into no page but the editor.
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  if (!picture) {
    response.status(404).json({ code: 'NOT_FOUND' });
    return;
  }
  if (picture.large && query['whole'] !== '1') {
    response.status(413).json({ code: 'TOO_LARGE' });
    return;
  }
  response.setHeader('Content-Type', picture.mime);
  response.setHeader('Content-Length', picture.data.length);
  response.status(200).end(picture.data);
}
