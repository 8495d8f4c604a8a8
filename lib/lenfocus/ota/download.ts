/** Size and hashes of a file at an address: devices compare them after they fetched it, so it is read once here. */
import type { Clock } from '../../clock';
import { closedError, SnapflowError } from '../../errors';
import { HttpClient } from '../../http';
import { digestOf, type FileDigest } from './digest';

export interface DownloadLimits {
  /** Bytes of one file. Default 536 870 912 (512 MiB). */
  maxBytes?: number;
  /** Milliseconds for one file. Default 600 000 (10 min). */
  timeoutMs?: number;
  /** Milliseconds after which a file is looked at again, since it may have been replaced. Default 600 000 (10 min). */
  freshMs?: number;
}

interface Known {
  until: number;
  digest: Promise<FileDigest>;
}

export class RemoteDigests {
  private readonly known = new Map<string, Known>();
  private readonly ended = new AbortController();

  constructor(
    private readonly clock: Clock,
    private readonly limits: DownloadLimits = {},
  ) {}

  /**
   * A device that gave up waiting does not end the download: its next query finds the answer.
   * @param url `http://` or `https://`
   * @throws SnapflowError `UNREACHABLE`, `TIMEOUT`, `CERTIFICATE_REJECTED`, `TOO_LARGE`, `NOT_FOUND`, `CLOSED`
   */
  of(url: string): Promise<FileDigest> {
    if (this.ended.signal.aborted) return Promise.reject(closedError('lenfocus'));
    const { freshMs = 600_000 } = this.limits;
    const now = this.clock.monotonic();
    const known = this.known.get(url);
    if (known && known.until > now) return known.digest;
    const digest = this.read(url);
    this.known.set(url, { until: now + freshMs, digest });
    // Asked again at the next query.
    digest.catch(() => this.known.delete(url));
    return digest;
  }

  /** Ends what is being read. */
  close(): void {
    this.ended.abort();
  }

  private async read(url: string): Promise<FileDigest> {
    const { maxBytes = 536_870_912, timeoutMs = 600_000 } = this.limits;
    const { origin, pathname, search } = new URL(url);
    const client = new HttpClient({
      baseUrl: origin,
      system: 'lenfocus',
      timeoutMs,
      maxReplyBytes: maxBytes,
    });
    try {
      const { signal } = this.ended;
      const reply = await client.stream({ method: 'GET', path: pathname + search, signal });
      if (reply.status !== 200) {
        await reply.discard();
        throw new SnapflowError(
          'NOT_FOUND',
          'The file of the update cannot be fetched: {{url}} answered {{status}}.',
          // Without its query, which may hold a key.
          { system: 'lenfocus', values: { url: origin + pathname, status: reply.status } },
        );
      }
      return await digestOf(reply.body);
    } finally {
      await client.close();
    }
  }
}
