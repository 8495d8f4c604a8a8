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
    const digest = digestOf(path, size);
    this.digests.set(path, { version, digest });
    digest.catch(() => this.digests.delete(path));
    return digest;
  }
}

async function digestOf(path: string, size: number): Promise<FileDigest> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    md5.update(chunk);
    sha256.update(chunk);
  }
  return { size, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
}
