/** What a pushed body was found to hold. */
import { SnapflowError } from '../../errors';
import { isJsonStart, parseJson } from '../../json';
import { makePicture, noPicture, sniffFormat, type Picture, type PictureSource } from '../../picture';
import { decodeBase64 } from '../../picture/base64';
import { cutJpeg } from '../../picture/cut';
import { hasJpegEnd } from '../../picture/jpeg-end';
import { looksLikePicture, picturesInJson, valueAt } from '../../picture/json-pictures';

/** Longest text that is kept as a field of the request. */
const FIELD_LENGTH = 1_024;

export interface ContentsOptions {
  /** Field of JSON or of a form that holds the picture in base64; '': wherever one stands. */
  field: string;
  maxPictures: number;
}

export interface Facts {
  source: PictureSource;
  takenAt: Date;
  meta: Record<string, unknown>;
}

export class Contents {
  /** Short values that came beside the pictures. */
  readonly fields: Record<string, string> = Object.create(null) as Record<string, string>;
  private readonly images: Array<{ data: Buffer; name?: string }> = [];
  private json: unknown;
  private problem: SnapflowError | undefined;
  private start: Buffer = Buffer.alloc(0);

  constructor(private readonly options: ContentsOptions) {}

  /** A body without a form around it, or a file in one: bytes tell what it is, not labels. */
  add(data: Buffer, name?: string): void {
    if (this.start.length === 0) this.start = data.subarray(0, 80);
    if (sniffFormat(data)) this.addImage(data, name);
    else if (isJsonStart(data)) this.addJson(data);
  }

  /** A value of a form: a picture in base64, or a short text. */
  addField(name: string, value: string): void {
    const { field } = this.options;
    if (field === '' ? looksLikePicture(value) : name === field) this.addBase64(name, value);
    else if (value.length <= FIELD_LENGTH) this.fields[name] = value;
  }

  /** A value of a field, or of a path in JSON such as `camera.id`. */
  value(name: string): string | undefined {
    const value = this.fields[name] ?? valueAt(this.json, name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }

  /**
   * @throws SnapflowError `UNSUPPORTED_FORMAT` or `BAD_INPUT` when there is none, `BAD_RESPONSE` for half a picture:
   *   all or nothing, so that the sender knows what to send again
   */
  toPictures({ source, takenAt, meta }: Facts): Picture[] {
    if (this.problem) throw this.problem;
    if (this.images.length === 0) throw this.none();
    return this.images.map(({ data, name }) =>
      makePicture(data, { source, takenAt, meta, ...(name && { name }) }),
    );
  }

  private addImage(data: Buffer, name?: string): void {
    const { maxPictures } = this.options;
    if (sniffFormat(data) === 'jpeg' && !hasJpegEnd(data)) this.problem ??= cutJpeg('snapflow');
    else if (this.images.length < maxPictures) this.images.push({ data, ...(name && { name }) });
    else this.problem ??= tooMany('maxPictures', maxPictures);
  }

  private addJson(data: Buffer): void {
    const json = parseJson(data);
    if (json === undefined) {
      this.problem ??= new SnapflowError('BAD_INPUT', 'The body begins as JSON and is none.');
      return;
    }
    this.json = json;
    const { field, maxPictures } = this.options;
    for (const found of picturesInJson(json, field, maxPictures + 1)) this.addDecoded(found);
    if (typeof json !== 'object' || json === null) return;
    for (const [name, value] of Object.entries(json)) {
      const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
      if (text !== undefined && text.length <= FIELD_LENGTH) this.fields[name] = text;
    }
  }

  private addBase64(name: string, value: string): void {
    const data = decodeBase64(Buffer.from(value));
    if (data) this.addDecoded(data);
    else if (this.options.field !== '') this.problem ??= notBase64(name);
  }

  private addDecoded(data: Buffer): void {
    if (sniffFormat(data)) this.addImage(data);
    else if (this.options.field !== '') this.problem ??= noPicture(data);
  }

  private none(): SnapflowError {
    const { field } = this.options;
    if (this.json !== undefined || this.start.length === 0) {
      return field === ''
        ? new SnapflowError('BAD_INPUT', 'The body holds no picture, neither as a file nor in base64.')
        : new SnapflowError('BAD_INPUT', 'The body holds no picture in its field "{{field}}".', {
            values: { field },
          });
    }
    return noPicture(this.start);
  }
}

export function tooMany(limit: string, most: number): SnapflowError {
  return new SnapflowError('TOO_LARGE', 'The body holds more than {{most}} ({{limit}}).', {
    values: { limit, most },
  });
}

function notBase64(field: string): SnapflowError {
  return new SnapflowError('BAD_INPUT', 'The field "{{field}}" is no base64.', { values: { field } });
}
