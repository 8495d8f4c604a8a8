/**
 * A ThingsCloud project to which devices send pictures.
 * Sources: "设备图片上传" (upload) and "HTTP 接入" (attributes) of ThingsCloud's documentation.
 */
import { isSnapflowError, SnapflowError } from '../errors';
import {
  HttpClient,
  type HttpCall,
  type HttpClientOptions,
  type HttpReply,
  type HttpTransport,
} from '../http';
import { readPictureHeader } from '../picture';
import { endpointUrl, headerValue, pathPart } from './address';
import { REPORT_ERRORS, UPLOAD_ERRORS } from './error-table';
import { readAnswer, type Answer, type Question } from './reply';

/** Milliseconds that the platform wants between two uploads of one device. */
export const UPLOAD_PACE_MS = 10_000;

const system = 'thingscloud';

export interface ThingsCloudOptions extends Omit<
  HttpClientOptions,
  'baseUrl' | 'system' | 'credentials' | 'allowBasic'
> {
  /** The project's endpoint for pictures, with or without scheme (default https). */
  endpoint: string;
  /** Region of the devices, sent as `Region`. */
  region: string;
  /** Key of the project, sent as `Project-Key`. Secret. */
  projectKey: string;
  /** Bytes of a picture. Default 500 000: the document says 500 KB, its own sample 512 × 1024. */
  maxPictureBytes?: number;
  /** Milliseconds that an unused connection is kept. Default 15 000, so that it outlives a device's pace. */
  keepAliveMs?: number;
  /** Bytes of an answer. Default 1 048 576 (1 MiB). */
  maxReplyBytes?: number;
  /** Open connections at once. Default 8. */
  maxConnections?: number;
}

export interface PictureUpload {
  /** Certificate token of the device. Secret. */
  accessToken: string;
  /** Attribute of the device that takes the picture's address (text, format picture URL). */
  identifier: string;
  picture: Buffer;
}

export interface Uploaded {
  /** The picture's address in the cloud, if the platform told it. */
  url: string | undefined;
  answer: Answer;
}

export interface AttributeReport {
  /** Certificate token of the device. Secret. */
  accessToken: string;
  /** Values by attribute identifier. */
  attributes: Record<string, unknown>;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export class ThingsCloudProject {
  readonly #region: string;
  readonly #projectKey: string;
  /** Bytes of a picture. */
  readonly maxPictureBytes: number;
  readonly #transport: HttpTransport;
  readonly #ownsTransport: boolean;

  /**
   * @param transport in place of an own HTTP client; whoever made it closes it
   * @throws SnapflowError `BAD_INPUT` for an option that cannot be used
   */
  constructor(options: ThingsCloudOptions, transport?: HttpTransport) {
    const { endpoint, region, projectKey, maxPictureBytes = 500_000, ...connection } = options;
    const { keepAliveMs = 15_000, maxReplyBytes = 1_048_576, maxConnections = 8 } = options;
    this.#region = headerValue('Region', region);
    this.#projectKey = headerValue('Project-Key', projectKey);
    this.maxPictureBytes = maxPictureBytes;
    const baseUrl = endpointUrl(endpoint);
    this.#ownsTransport = transport === undefined;
    this.#transport =
      transport ??
      new HttpClient({ ...connection, system, baseUrl, keepAliveMs, maxReplyBytes, maxConnections });
  }

  /**
   * TC-1: stores a picture and reports its address to an attribute of the device.
   * @throws SnapflowError before sending `BAD_INPUT`, `UNSUPPORTED_FORMAT`, `TOO_LARGE`; after it what the error
   *   table says, with `details.failure` for its lane. `PARTLY_DONE`: stored, the attribute not set
   */
  async upload(request: PictureUpload, { signal }: CallOptions = {}): Promise<Uploaded> {
    const { picture, identifier } = request;
    const device = devicePath(request.accessToken);
    const place = `/${pathPart('identifier', identifier)}/image`;
    this.check(picture);
    const answer = await this.#call(
      {
        method: 'POST',
        path: device.path + place,
        redactedPath: device.redacted + place,
        headers: {
          // Exactly this: a charset parameter is answered with 4006.
          'Content-Type': 'application/octet-stream',
          Region: this.#region,
          'Project-Key': this.#projectKey,
        },
        body: picture,
        signal,
        repeatable: true,
      },
      { errors: UPLOAD_ERRORS, values: { identifier, region: this.#region, bytes: picture.length } },
      request.accessToken,
    );
    const url = answer['image_url'];
    // Without an address it is a success all the same: a second upload would store the picture twice.
    return { url: typeof url === 'string' && url !== '' ? url : undefined, answer };
  }

  /**
   * X-TC-a: sets attributes of a device, such as the picture's address after a `PARTLY_DONE`.
   * @throws SnapflowError
   */
  async reportAttributes(request: AttributeReport, { signal }: CallOptions = {}): Promise<Answer> {
    const device = devicePath(request.accessToken);
    return await this.#call(
      {
        method: 'POST',
        path: `${device.path}/attributes`,
        redactedPath: `${device.redacted}/attributes`,
        headers: { 'Content-Type': 'application/json', 'Project-Key': this.#projectKey },
        body: JSON.stringify(request.attributes),
        signal,
        repeatable: true,
      },
      { errors: REPORT_ERRORS, values: {} },
      request.accessToken,
    );
  }

  /** Ends its connections; running calls end with `CLOSED`. */
  async close(): Promise<void> {
    if (this.#ownsTransport) await this.#transport.close();
  }

  /**
   * Whether the platform would take this picture at all; `upload` asks the same before it sends.
   * @throws SnapflowError `BAD_INPUT`, `UNSUPPORTED_FORMAT`, `TOO_LARGE`
   */
  check(picture: Buffer): void {
    readPictureHeader(picture, system);
    if (picture.length > this.maxPictureBytes) {
      throw new SnapflowError(
        'TOO_LARGE',
        'The picture has {{bytes}} bytes, more than the limit of {{limit}}. Make it smaller, or raise the limit if your project takes more.',
        { system, values: { bytes: picture.length, limit: this.maxPictureBytes } },
      );
    }
  }

  async #call(call: HttpCall, question: Omit<Question, 'secrets'>, accessToken: string): Promise<Answer> {
    let reply: HttpReply;
    try {
      reply = await this.#transport.request(call);
    } catch (error) {
      throw isSnapflowError(error) && error.code === 'TOO_LARGE' ? longReply(error) : error;
    }
    return readAnswer(reply, { ...question, secrets: [accessToken, this.#projectKey] });
  }
}

function devicePath(accessToken: string): { path: string; redacted: string } {
  return { path: `/device/v1/${pathPart('AccessToken', accessToken)}`, redacted: '/device/v1/***' };
}

/** It is the reply that was too large: nothing that a smaller picture would mend. */
function longReply(error: SnapflowError): SnapflowError {
  return new SnapflowError(
    'BAD_RESPONSE',
    'The reply is far longer than any answer of ThingsCloud. Check the endpoint and what stands between.',
    { system, cause: error, retryable: true, details: { failure: 'retry' } },
  );
}
