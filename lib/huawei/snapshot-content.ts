/** What a snapshot's reply was found to hold, and what comes of it: pictures or an error. */
import { SnapflowError } from '../errors';
import type { Part } from '../http/multipart';
import { makePicture, printableStart, sniffFormat, type Picture, type PictureSource } from '../picture';
import { cutJpeg } from '../picture/cut';
import { hasJpegEnd } from '../picture/jpeg-end';
import { isJsonStart, parseJson } from '../json';
import { PartialSnapshotError } from '../picture/partial-snapshot';
import { emptyReply, refusal } from './refusal';
import { readStatus } from './response-status';

export interface SnapshotFacts {
  source: PictureSource;
  takenAt: Date;
  /** Pictures of one reply. */
  maxPictures: number;
}

type Piece = Pick<Part, 'contentType' | 'filename' | 'body'>;

export class SnapshotContent {
  private readonly images: Piece[] = [];
  private readonly json: unknown[] = [];
  /** The first thing that went wrong. */
  private problem: SnapflowError | undefined;
  /** Shown when there is no picture. */
  private firstBytes: Buffer = Buffer.alloc(0);

  constructor(private readonly facts: SnapshotFacts) {}

  /**
   * Adds a part, or the whole of a reply that has none. Its bytes tell what it is, not its label.
   * @throws SnapflowError `TOO_LARGE` for a picture more than `maxPictures`
   */
  add(piece: Piece): void {
    const { body, contentType = '' } = piece;
    if (this.firstBytes.length === 0) this.firstBytes = body;
    const format = sniffFormat(body);
    if (format === 'jpeg' && !hasJpegEnd(body)) this.addProblem(cutJpeg('huawei'));
    else if (format) this.addImage(piece);
    else if (isJsonStart(body)) this.json.push(parseJson(body) ?? body.toString());
    else if (contentType.startsWith('image/')) this.addProblem(notAsLabelled(contentType, body));
  }

  addProblem(problem: SnapflowError): void {
    this.problem ??= problem;
  }

  /** @throws SnapflowError see `readPictures` */
  toPictures(httpStatus: number): Picture[] {
    const { source, takenAt } = this.facts;
    const meta = this.json.length > 1 ? this.json : this.json[0];
    const pictures = this.images.map(({ body, filename }) =>
      makePicture(body, { source, takenAt, name: filename, meta }),
    );
    if (pictures.length === 0) throw this.whyNone(httpStatus);
    if (this.problem) throw new PartialSnapshotError(pictures, this.problem);
    return pictures;
  }

  private addImage(piece: Piece): void {
    const { maxPictures } = this.facts;
    if (this.images.length === maxPictures) {
      throw new SnapflowError(
        'TOO_LARGE',
        'The camera sent more than {{limit}} pictures at once (maxPictures).',
        { system: 'huawei', values: { limit: maxPictures } },
      );
    }
    this.images.push(piece);
  }

  /** The camera's own words explain most. */
  private whyNone(httpStatus: number): SnapflowError {
    const status = this.json.map(readStatus).find((found) => found !== undefined && found.code !== 0);
    if (status) return refusal(status, httpStatus);
    if (this.problem) return this.problem;
    if (this.firstBytes.length === 0) return emptyReply();
    return new SnapflowError(
      'BAD_RESPONSE',
      'The camera answered without a picture; its answer starts with {{start}}. Check address and UUID.',
      { system: 'huawei', values: { start: printableStart(this.firstBytes, 80) } },
    );
  }
}

function notAsLabelled(type: string, body: Buffer): SnapflowError {
  return new SnapflowError(
    'BAD_RESPONSE',
    'The camera sent something as {{type}} that is no picture (it starts with {{start}}).',
    { system: 'huawei', values: { type, start: printableStart(body) } },
  );
}
