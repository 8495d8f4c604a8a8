/** A long string of a JSON document that stays in the document's bytes until somebody wants it. */
import { decodeBase64 } from '../../picture/base64';

export class LongText {
  /**
   * @param document the bytes of the whole document
   * @param start first byte after the opening quote
   * @param end the closing quote
   */
  constructor(
    private readonly document: Buffer,
    private readonly start: number,
    private readonly end: number,
  ) {}

  /** What the characters decode to as base64; undefined when they are not base64. */
  bytes(): Buffer | undefined {
    return decodeBase64(this.document, this.start, this.end);
  }

  /** The string as `JSON.parse` would give it; as it stands where its escapes are broken. */
  toString(): string {
    const raw = this.document.toString('utf8', this.start, this.end);
    try {
      return JSON.parse(`"${raw}"`) as string;
    } catch {
      return raw;
    }
  }

  toJSON(): string {
    return this.toString();
  }
}
