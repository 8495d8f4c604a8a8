/** A Huawei SDC (HoloSens) camera: pictures on demand, its channels, what it is. */
import { closedError, isSnapflowError, type ErrorCode, type SnapflowError } from '../errors';
import { HttpClient } from '../http';
import type { HttpClientOptions, HttpTransport } from '../http/types';
import type { Picture } from '../picture';
import { baseUrlOf } from './address';
import { joinChannels, readChannelAttributes, readDeviceIds, type HuaweiChannel } from './channels';
import { parseJson } from '../json';
import { httpRefusal, notJson, refusal } from './refusal';
import { readStatus } from './response-status';
import { readPictures } from './snapshot-reply';
import { snapshotBody, type SnapshotRequest } from './snapshot-request';
import { readSystemInfo, type HuaweiSystemInfo } from './system-info';

export interface HuaweiCameraOptions extends Pick<
  HttpClientOptions,
  'credentials' | 'tls' | 'connectTimeoutMs' | 'headersTimeoutMs' | 'maxReplyBytes'
> {
  /** `192.0.2.10`, `camera:8443` or with a scheme; https when it has none. */
  address: string;
  /** Milliseconds for a whole call. Default 30 000. */
  timeoutMs?: number;
  /** Pictures of one reply. Default 32. */
  maxPictures?: number;
  /** Name of the camera in `picture.source.device`. Default: the host of its address. */
  device?: string;
  /** Time for `takenAt`. Default: this machine's. */
  now?: () => Date;
}

export interface CallOptions {
  signal?: AbortSignal;
}

const PATHS = {
  /** HW-1: takes a picture. */
  snapshot: '/SDCAPI/V1.0/Storage/Snapshot/SnapAction',
  /** X-HW-b: UUIDs of the channels. */
  deviceIds: '/SDCAPI/V1.0/Rest/DeviceID',
  /** X-HW-c: attributes of the channels (so spelled). */
  channels: '/SDCAPI/V1.0/CnsPaas/ChnQury',
  /** X-HW-d: model and versions. */
  system: '/SDCAPI/V1.0/MiscIaas/System',
} as const;

/** Answers of a camera whose firmware lacks an operation. */
const MISSING: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'DEVICE_REFUSED', 'BAD_RESPONSE']);

/**
 * One camera. All calls share its connection, one after the other.
 *
 * Every method rejects with a `SnapflowError` only: what `HttpTransport` says (`AUTH_REJECTED`,
 * `CERTIFICATE_REJECTED`, `UNREACHABLE`, `TIMEOUT`, `TOO_LARGE`, `CLOSED`, `BAD_INPUT` for an address that is none)
 * and what the camera answered: `DEVICE_REFUSED`, `DEVICE_BUSY`, `NOT_FOUND`, `AUTH_REJECTED`, `PLATFORM_FAILED`
 * (HTTP 5xx), each with its code and text in `platform`; `BAD_INPUT` (it redirects) or `BAD_RESPONSE`.
 */
export class HuaweiCamera {
  private readonly baseUrl: string;
  private closed = false;

  /** @param transport for tests; by default an `HttpClient`, made on first use */
  constructor(
    private readonly options: HuaweiCameraOptions,
    private transport?: HttpTransport,
  ) {
    this.baseUrl = baseUrlOf(options.address);
  }

  /**
   * HW-1, HW-2: takes a picture; some cameras give several at once, in order. JSON beside them is their `meta`.
   * @throws SnapflowError `BAD_INPUT` for a UUID or channel that cannot be one; `BAD_RESPONSE` when no whole picture
   *   came; `PARTLY_DONE` (`PartialSnapshotError`, `pictures`) when some came whole and others did not
   */
  async snapshot(request: SnapshotRequest, { signal }: CallOptions = {}): Promise<Picture[]> {
    const { now = () => new Date(), maxPictures = 32 } = this.options;
    const body = snapshotBody(request);
    const takenAt = now();
    const reply = await this.connect().stream({
      method: 'POST',
      path: PATHS.snapshot,
      headers: { 'content-type': 'application/json' },
      body,
      signal,
      // It does no harm to take a picture twice.
      repeatable: true,
    });
    const { device = new URL(this.baseUrl).host } = this.options;
    const channel = String(request.channelId ?? request.uuid);
    const source = { system: 'huawei', device, channel, kind: 'snapshot' } as const;
    return readPictures(reply, { source, takenAt, maxPictures });
  }

  /** X-HW-b, X-HW-c: the channels, from the one or two lists that the camera has. */
  async channels(options: CallOptions = {}): Promise<HuaweiChannel[]> {
    const lists: HuaweiChannel[][] = [];
    const errors: SnapflowError[] = [];
    for (const [path, read] of [
      [PATHS.deviceIds, readDeviceIds],
      [PATHS.channels, readChannelAttributes],
    ] as const) {
      try {
        lists.push(read(await this.get(path, options)));
      } catch (error) {
        if (!isSnapflowError(error) || !MISSING.has(error.code)) throw error;
        errors.push(error);
      }
    }
    // A refusal says more than a path that is not there.
    if (lists.length === 0) throw errors.find(({ code }) => code !== 'NOT_FOUND') ?? errors[0]!;
    return joinChannels(lists);
  }

  /** X-HW-d: model, software version and serial number. */
  async systemInfo(options: CallOptions = {}): Promise<HuaweiSystemInfo> {
    return readSystemInfo(await this.get(PATHS.system, options));
  }

  /** Ends its connection; running and later calls end with `CLOSED`. */
  async close(): Promise<void> {
    this.closed = true;
    await this.transport?.close();
  }

  private async get(path: string, { signal }: CallOptions): Promise<unknown> {
    const reply = await this.connect().request({ method: 'GET', path, signal });
    if (reply.status < 200 || reply.status >= 300) throw httpRefusal(reply, reply.body);
    const json = parseJson(reply.body);
    if (json === undefined) throw notJson(reply.body);
    const status = readStatus(json);
    if (status && status.code !== 0) throw refusal(status, reply.status);
    return json;
  }

  private connect(): HttpTransport {
    if (this.closed) throw closedError('huawei');
    const { credentials, tls, connectTimeoutMs, headersTimeoutMs, maxReplyBytes } = this.options;
    this.transport ??= new HttpClient({
      baseUrl: this.baseUrl,
      system: 'huawei',
      credentials,
      tls,
      connectTimeoutMs,
      headersTimeoutMs,
      timeoutMs: this.options.timeoutMs ?? 30_000,
      maxReplyBytes,
    });
    return this.transport;
  }
}
