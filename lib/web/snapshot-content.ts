/** What a reply was found to hold, and what comes of it: pictures or an error. */
import { SnapflowError } from '../errors';
import { isJsonStart, parseJson } from '../json';
import { makePicture, printableStart, sniffFormat, type Picture, type PictureSource } from '../picture';
import { cutJpeg } from '../picture/cut';
import { hasJpegEnd } from '../picture/jpeg-end';
import { picturesInJson } from '../picture/json-pictures';
import { PartialSnapshotError } from '../picture/partial-snapshot';

const system = 'snapflow';

export interface SnapshotFacts {
  source: PictureSource;
  takenAt: Date;
  /** Pictures of one reply. */
  maxPictures: number;
  /** Field of JSON that holds the picture in base64; '': wherever one stands. */
  jsonField: string;
}

export class SnapshotContent {
  private readonly images: Array<{ data: Buffer; name: string | undefined }> = [];
  /** The first thing that went wrong. */
  private problem: SnapflowError | undefined;
  /** Shown when there is no picture. */
  private firstBytes: Buffer = Buffer.alloc(0);

  constructor(private readonly facts: SnapshotFacts) {}

  get count(): number {
    return this.images.length;
  }

  /**
   * Adds a part, or the whole of a reply that has none. Its bytes tell what it is, not its label.
   * @throws SnapflowError `TOO_LARGE` for a picture more than `maxPictures`
   */
  add(body: Buffer, name?: string): void {
    if (this.firstBytes.length === 0) this.firstBytes = body;
    if (sniffFormat(body)) this.addImage(body, name);
    else if (isJsonStart(body)) this.addJson(parseJson(body));
  }

  addProblem(problem: SnapflowError): void {
    this.problem ??= problem;
  }

  /** @throws SnapflowError `BAD_RESPONSE`, `PARTLY_DONE` or the problem that was added */
  toPictures(): Picture[] {
    const { source, takenAt } = this.facts;
    const pictures = this.images.map(({ data, name }) => makePicture(data, { source, takenAt, name }));
    if (pictures.length === 0) throw this.problem ?? noPicture(this.firstBytes);
    if (this.problem) throw new PartialSnapshotError(pictures, this.problem);
    return pictures;
  }

  private addImage(data: Buffer, name?: string): void {
    if (sniffFormat(data) === 'jpeg' && !hasJpegEnd(data)) {
      this.addProblem(cutJpeg(system));
      return;
    }
    const { maxPictures } = this.facts;
    if (this.images.length === maxPictures) {
      throw new SnapflowError(
        'TOO_LARGE',
        'The camera sent more than {{limit}} pictures at once (maxPictures).',
        { system, values: { limit: maxPictures } },
      );
    }
    this.images.push({ data, name });
  }

  private addJson(json: unknown): void {
    const { jsonField, maxPictures } = this.facts;
    const found = picturesInJson(json, jsonField, maxPictures).filter((bytes) => sniffFormat(bytes));
    for (const bytes of found) this.addImage(bytes);
    if (found.length > 0 || jsonField === '') return;
    this.addProblem(
      new SnapflowError(
        'BAD_RESPONSE',
        'The JSON of the reply has no picture in base64 in its field "{{field}}".',
        { system, values: { field: jsonField } },
      ),
    );
  }
}

function noPicture(start: Buffer): SnapflowError {
  if (start.length === 0) {
    return new SnapflowError('BAD_RESPONSE', 'The reply is empty.', { system, retryable: true });
  }
  return new SnapflowError(
    'BAD_RESPONSE',
    'The reply holds no picture; it starts with {{start}}. Check the address: it must give the picture itself, not a page or a stream.',
    { system, values: { start: printableStart(start, 80) } },
  );
}
