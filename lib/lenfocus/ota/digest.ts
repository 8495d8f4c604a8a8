/** Size and hashes of files, computed while reading and remembered as long as the file is unchanged. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface FileDigest {
  size: number;
  /** Lower-case hex. */
  md5: string;
  sha256: string;
}

export class DigestCache {
  private readonly digests = new Map<string, { version: string; digest: Promise<FileDigest> }>();

  /** @throws the error of the file system */
  async of(path: string): Promise<FileDigest> {
    const { mtimeMs, size } = await stat(path);
    const version = `${mtimeMs} ${size}`;
    const cached = this.digests.get(path);
    if (cached?.version === version) return cached.digest;
    const digest = digestOf(createReadStream(path) as AsyncIterable<Buffer>);
    this.digests.set(path, { version, digest });
    digest.catch(() => this.digests.delete(path));
    return digest;
  }
}

/** Reads it to the end. */
export async function digestOf(content: AsyncIterable<Buffer>): Promise<FileDigest> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    md5.update(chunk);
    sha256.update(chunk);
  }
  return { size, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}
