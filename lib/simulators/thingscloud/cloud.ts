/** Plays ThingsCloud's service for pictures of devices, as its document “设备图片上传” describes it. */
import { SnapflowError } from '../../errors';
import { readPictureHeader } from '../../picture';
import { languageOf } from '../../texts';
import { text } from '../../texts/mark';
import { jsonReply, type Exchange, type Reply } from '../exchange';
import { SERVER_FAULTS, SimulatorServer, type ActiveFault, type SimulatorServerOptions } from '../server';
import type { Fault } from '../simulator';
import { errcodeReply, ERRCODES, isReportErrcode, type Errcode } from './errcodes';
import { Pace } from './pace';
import { statusPage } from './page';
import { deviceLabel, type CloudProject } from './project';
import { PictureStore, type StoredPicture } from './store';
import { checkUpload, uploadPath, type Upload, type UploadPath } from './upload-check';

export interface SimulatedThingsCloudOptions extends SimulatorServerOptions {
  /** Default: one with the key `simulated-key`, in which every AccessToken is a device. */
  projects?: CloudProject[];
  /** Regions that exist. Default `['simulated']`. */
  regions?: string[];
  /** Bytes of a picture. Default 500 000: the strictest reading of “500 KB”. */
  maxPictureBytes?: number;
  /** Milliseconds between two uploads of one device. Default 10 000; 0: no limit. Sooner: 4291. */
  paceMs?: number;
  /** Milliseconds between two uploads of one project. Default 0: no limit. Sooner: 4292. */
  projectPaceMs?: number;
  /** Pictures kept. Default 60. */
  keepPictures?: number;
  /** Bytes of the pictures kept. Default 33 554 432 (32 MiB). */
  keepBytes?: number;
}

export const CLOUD_FAULTS: readonly Fault[] = [
  ...SERVER_FAULTS,
  { name: 'rate-limited', text: text('Says that requests come too often (429)') },
  { name: 'html', text: text('Answers with the error page of a proxy (HTML)') },
  { name: 'broken-json', text: text('Answers with JSON that breaks off') },
];

const PROXY_PAGE =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n';
const DAY_MS = 86_400_000;
/** Its day begins at midnight in China. */
const CHINA_MS = 8 * 3_600_000;

export class SimulatedThingsCloud extends SimulatorServer {
  readonly faults = CLOUD_FAULTS;
  readonly projects: CloudProject[];
  private readonly store: PictureStore;
  private readonly devicePace: Pace;
  private readonly projectPace: Pace;
  private readonly messages = new Map<string, number>();
  private messagesDay = 0;
  private nextErrors: Errcode[] = [];

  constructor(private readonly options: SimulatedThingsCloudOptions = {}) {
    super('ThingsCloud', options);
    this.projects = options.projects ?? [{ key: 'simulated-key' }];
    const now = () => this.now();
    this.devicePace = new Pace(options.paceMs ?? 10_000, now);
    this.projectPace = new Pace(options.projectPaceMs ?? 0, now);
    this.store = new PictureStore({
      count: options.keepPictures ?? 60,
      bytes: options.keepBytes ?? 33_554_432,
    });
  }

  /** The pictures kept, newest first. */
  get pictures(): readonly StoredPicture[] {
    return this.store.all;
  }

  /**
   * Answers the next uploads with a code of the error table, whatever they hold.
   * @throws SnapflowError `BAD_INPUT` when the table has no such code
   */
  nextError(errcode: number, times = 1): void {
    const known = ERRCODES.find((one) => one === errcode);
    if (known === undefined) {
      throw new SnapflowError('BAD_INPUT', 'ThingsCloud has no error code {{errcode}}. It has: {{known}}.', {
        system: 'thingscloud',
        values: { errcode, known: ERRCODES.join(', ') },
      });
    }
    this.nextErrors.push(...Array<Errcode>(times).fill(known));
  }

  protected async answer(exchange: Exchange): Promise<Reply> {
    const { method, path } = exchange;
    if (method === 'GET' && path === '/') return this.page(exchange);
    if (method === 'GET' && path.startsWith('/pictures/')) return this.picture(path);
    const fault = this.meetFault();
    const spoilt = (await this.spoil(fault)) ?? answerOf(fault);
    if (spoilt) return spoilt;
    const place = method === 'POST' ? uploadPath(path) : undefined;
    return place ? this.upload(exchange, place) : errcodeReply(4041);
  }

  protected errorReply(status?: number): Reply {
    return errcodeReply(5001, status);
  }

  protected override tooLargeReply(): Reply {
    return errcodeReply(4005);
  }

  private upload(exchange: Exchange, place: UploadPath): Reply {
    this.count('uploads');
    const forced = this.nextErrors.shift();
    if (forced !== undefined && !isReportErrcode(forced)) return errcodeReply(forced);
    const { regions = ['simulated'], maxPictureBytes = 500_000 } = this.options;
    const upload = checkUpload(exchange, place, {
      projects: this.projects,
      regions,
      maxPictureBytes,
      pace: (accessToken, key) => this.pace(accessToken, key),
    });
    if (typeof upload === 'number') return errcodeReply(upload);
    const stored = this.store.add({
      data: exchange.body,
      format: upload.format,
      device: deviceLabel(upload.device),
      identifier: upload.identifier,
      at: new Date(this.now()),
    });
    this.count('stored');
    const failure = forced ?? this.report(upload);
    if (failure !== undefined) return errcodeReply(failure);
    return jsonReply(200, { result: 1, image_url: `${this.url}/pictures/${stored.name}` });
  }

  private pace(accessToken: string, key: string): Errcode | undefined {
    if (!this.devicePace.isFree(accessToken)) return 4291;
    if (!this.projectPace.isFree(key)) return 4292;
    this.devicePace.take(accessToken);
    this.projectPace.take(key);
    return undefined;
  }

  /** The second half of an upload: the address goes to the device's attribute, as a message of the device. */
  private report({ device }: Upload): Errcode | undefined {
    if (device.reportError !== undefined) return device.reportError;
    const today = Math.floor((this.now() + CHINA_MS) / DAY_MS);
    if (today !== this.messagesDay) this.messages.clear();
    this.messagesDay = today;
    const count = (this.messages.get(device.accessToken) ?? 0) + 1;
    this.messages.set(device.accessToken, count);
    return count > (device.dailyMessages ?? Infinity) ? 413 : undefined;
  }

  private picture(path: string): Reply {
    const found = this.store.find(path.slice('/pictures/'.length));
    if (!found) return errcodeReply(4041);
    const { mime } = readPictureHeader(found.data, 'thingscloud');
    return {
      status: 200,
      headers: { 'content-type': mime, 'cache-control': 'max-age=86400, immutable' },
      body: found.data,
    };
  }

  private page({ headers }: Exchange): Reply {
    const fault = this.faults.find((one) => one.name === this.fault)?.text;
    return {
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        vary: 'accept-language',
        'content-security-policy': "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
      },
      body: statusPage({ pictures: this.pictures, language: languageOf(headers['accept-language']), fault }),
    };
  }
}

function answerOf(fault: ActiveFault | undefined): Reply | undefined {
  switch (fault?.name) {
    case 'rate-limited':
      return errcodeReply(4291);
    case 'html':
      return { status: fault.status ?? 502, headers: { 'content-type': 'text/html' }, body: PROXY_PAGE };
    case 'broken-json':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"result":1,"image_url":"ht',
      };
    default:
      return undefined;
  }
}
