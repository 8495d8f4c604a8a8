/** Multipart bodies of random pictures: large ones to measure, and small ones in every shape that cameras send. */
import { randomBytes } from 'node:crypto';

export interface Body {
  contentType: string;
  bytes: Buffer;
  /** What a reader should find last. */
  picture: Buffer;
}

const BOUNDARY = 'SDC-2f1a9c';
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;
const JSON_PART =
  'Content-Disposition: form-data; name="meta"; filename="meta.json"\r\nContent-Type: application/json';
const FILE = 'Content-Disposition: form-data; name="image"; filename="1.jpg"\r\nContent-Type: image/jpeg';

export function picture(bytes: number): Buffer {
  return Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(bytes - 6), Buffer.from('ffd9', 'hex')]);
}

export function largeBody(pictures: number, bytes: number): Body {
  const last = picture(bytes);
  const images = Array.from({ length: pictures }, (_, index) =>
    index === pictures - 1 ? last : picture(bytes),
  );
  return {
    contentType: FORM,
    bytes: join([[JSON_PART, '{"a":1}'], ...images.map((image) => [FILE, image] as Part)]),
    picture: last,
  };
}

type Part = [headers: string, body: Buffer | string];

interface Layout {
  contentType?: string;
  before?: string;
  /** Behind each boundary. */
  blanks?: string;
  headers?: string;
  newline?: string;
  close?: string;
  content?: Buffer;
}

function join(
  parts: Part[],
  { before = '', blanks = '', newline = '\r\n', close = `--${BOUNDARY}--` }: Layout = {},
): Buffer {
  const pieces = parts.flatMap(([headers, body]) => [
    `--${BOUNDARY}${blanks}${newline}`,
    headers === '' ? '' : headers.replaceAll('\r\n', newline) + newline,
    newline,
    body,
    newline,
  ]);
  return Buffer.concat([before, ...pieces, close + newline].map((piece) => Buffer.from(piece)));
}

const LAYOUTS: Record<string, Layout> = {
  'form-data, name and filename': { headers: FILE },
  'form-data, name only, image/jpeg; charset=UTF-8': {
    headers: 'Content-Disposition: form-data; name="image"\r\nContent-Type: image/jpeg; charset=UTF-8',
  },
  'form-data, no Content-Disposition': { headers: 'Content-Type: image/jpeg' },
  'multipart/mixed': {
    contentType: `multipart/mixed; boundary=${BOUNDARY}`,
    headers: 'Content-Disposition: attachment; filename="1.jpg"\r\nContent-Type: image/jpeg',
  },
  'multipart/x-mixed-replace': {
    contentType: `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
    headers: 'Content-Type: image/jpeg',
  },
  'quoted boundary': { contentType: `multipart/form-data; boundary="${BOUNDARY}"`, headers: FILE },
  'no boundary parameter': { contentType: 'multipart/form-data', headers: FILE },
  'empty line before the first boundary': { before: '\r\n', headers: FILE },
  'text before the first boundary': { before: 'This is a multipart message.\r\n', headers: FILE },
  'blanks behind a boundary': { blanks: ' \t', headers: FILE },
  'part without headers': { headers: '' },
  'LF line ends': { newline: '\n', headers: FILE },
  'last boundary missing after a whole part': { headers: FILE, close: `--${BOUNDARY}\r\n${FILE}\r\n\r\ncut` },
  'CR LF -- inside the picture': {
    headers: FILE,
    content: Buffer.concat([picture(3_000), Buffer.from('\r\n--\r\n--SDC-2f1a\r\n'), picture(3_000)]),
  },
};

export const SHAPES: ReadonlyArray<Body & { name: string }> = Object.entries(LAYOUTS).map(
  ([name, layout]) => {
    const content = layout.content ?? picture(70_000);
    return {
      name,
      contentType: layout.contentType ?? FORM,
      picture: content,
      bytes: join([[layout.headers ?? '', content]], layout),
    };
  },
);

export function chunksOf(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}
