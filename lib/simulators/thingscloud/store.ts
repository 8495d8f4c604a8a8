/** The pictures that the simulated cloud keeps: the last ones, in memory. */
import { randomBytes } from 'node:crypto';
import { EXTENSION, type PictureFormat } from '../../picture';

export interface StoredPicture {
  /** File name below `/pictures/`: not to be guessed, as in the cloud. */
  name: string;
  data: Buffer;
  format: PictureFormat;
  device: string;
  identifier: string;
  at: Date;
}

export interface StoreLimits {
  /** Pictures. */
  count: number;
  /** Bytes of all pictures. */
  bytes: number;
}

export class PictureStore {
  private pictures: StoredPicture[] = [];
  private bytes = 0;

  constructor(private readonly limits: StoreLimits) {}

  /** Newest first. */
  get all(): readonly StoredPicture[] {
    return this.pictures;
  }

  add(picture: Omit<StoredPicture, 'name'>): StoredPicture {
    const stored = { ...picture, name: `${randomBytes(12).toString('hex')}.${EXTENSION[picture.format]}` };
    this.pictures = [stored, ...this.pictures];
    this.bytes += stored.data.length;
    while (this.pictures.length > this.limits.count || this.bytes > this.limits.bytes) {
      this.bytes -= this.pictures.pop()?.data.length ?? 0;
    }
    return stored;
  }

  find(name: string): StoredPicture | undefined {
    return this.pictures.find((picture) => picture.name === name);
  }
}
