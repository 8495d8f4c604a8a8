/**
 * The reply to SnapAction in the forms that cameras send. The default is the one a public client reads: form-data
 * with file parts, of which one is JSON (protocol-facts §1.1 rows 3 to 5). Its boundary and part names are made
 * up; no public source shows them.
 */
import { randomBytes } from 'node:crypto';
import type { Reply } from '../exchange';

export type SnapshotForm =
  /** `multipart/form-data`, each part with Content-Disposition, name and filename. */
  | 'form-data'
  /** `multipart/form-data` whose parts have no Content-Disposition. */
  | 'no-disposition'
  /** `multipart/mixed`, pictures as attachments. */
  | 'mixed'
  /** `multipart/x-mixed-replace`, pictures only, each with its Content-Length. */
  | 'x-mixed-replace'
  /** No multipart: the first picture as `image/jpeg`. */
  | 'bare';

export const SNAPSHOT_FORMS: readonly SnapshotForm[] = [
  'form-data',
  'no-disposition',
  'mixed',
  'x-mixed-replace',
  'bare',
];

export interface SnapshotPicture {
  filename: string;
  jpeg: Buffer;
}

interface Part {
  headers: string[];
  body: Buffer;
}

/** @param meta what the JSON part says */
export function snapshotReply(form: SnapshotForm, meta: unknown, pictures: SnapshotPicture[]): Reply {
  if (form === 'bare') {
    return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: pictures[0]?.jpeg ?? '' };
  }
  const json: Part = { headers: jsonHeaders(form), body: Buffer.from(JSON.stringify(meta)) };
  const images = pictures.map((picture, index) => ({
    headers: imageHeaders(form, picture, index),
    body: picture.jpeg,
  }));
  const parts = form === 'x-mixed-replace' ? images : [json, ...images];
  const boundary = `SDC-${randomBytes(12).toString('hex')}`;
  const subtype = form === 'no-disposition' ? 'form-data' : form;
  return {
    status: 200,
    headers: { 'content-type': `multipart/${subtype}; boundary=${boundary}` },
    body: multipart(boundary, parts),
  };
}

/** RFC 2046 §5.1.1: delimiter lines belong to the line end before them. */
function multipart(boundary: string, parts: Part[]): Buffer {
  const pieces = parts.flatMap(({ headers, body }) => [
    Buffer.from(`--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`),
    body,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

function jsonHeaders(form: SnapshotForm): string[] {
  const type = 'Content-Type: application/json';
  return form === 'form-data'
    ? ['Content-Disposition: form-data; name="snapshot"; filename="snapshot.json"', type]
    : [type];
}

function imageHeaders(form: SnapshotForm, { filename, jpeg }: SnapshotPicture, index: number): string[] {
  switch (form) {
    case 'form-data':
      return [
        `Content-Disposition: form-data; name="image${index + 1}"; filename="${filename}"`,
        'Content-Type: image/jpeg; charset=UTF-8',
      ];
    case 'mixed':
      return [`Content-Disposition: attachment; filename="${filename}"`, 'Content-Type: image/jpeg'];
    case 'x-mixed-replace':
      return ['Content-Type: image/jpeg', `Content-Length: ${jpeg.length}`];
    default:
      return ['Content-Type: image/jpeg; charset=UTF-8'];
  }
}
