/** A body of multipart/form-data (RFC 7578), whole: with a length, as small servers need it. */
import { randomBytes } from 'node:crypto';

export interface FormFile {
  field: string;
  filename: string;
  mime: string;
  data: Buffer;
}

export function formBody(
  file: FormFile,
  fields: Readonly<Record<string, string>>,
): { type: string; body: Buffer } {
  // Long and random: it cannot stand in a picture.
  const boundary = `snapflow-${randomBytes(16).toString('hex')}`;
  const head = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
  );
  head.push(
    `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(file.field)}"; filename="${quoted(file.filename)}"\r\n`,
    `Content-Type: ${file.mime}\r\n\r\n`,
  );
  const body = Buffer.concat([Buffer.from(head.join('')), file.data, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}

/** As browsers do (HTML standard, “multipart/form-data encoding algorithm”). */
function quoted(name: string): string {
  return name.replace(/\r\n?|\n/g, '%0D%0A').replace(/"/g, '%22');
}
