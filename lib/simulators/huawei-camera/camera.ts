/**
 * Plays a Huawei SDC camera (HoloSens): the snapshot call of the article “Python与华为摄像头API集成” and the three
 * calls by which a client finds its channels (protocol-facts §1.1).
 */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { text } from '../../texts/mark';
import { jsonReply, type Exchange, type Reply } from '../exchange';
import { Scene, type SceneOptions } from '../scene';
import { SERVER_FAULTS, SimulatorServer, type ActiveFault, type SimulatorServerOptions } from '../server';
import type { Fault } from '../simulator';
import { cut } from '../cut';
import { DigestGuard, type DigestOptions } from '../digest';
import { snapshotReply, type SnapshotForm, type SnapshotPicture } from './snapshot-reply';

export interface CameraChannel {
  name: string;
  /** Default: made from the name, the same each time. */
  uuid?: string;
  /** Default 101, 102, … */
  id?: number;
}

export interface SimulatedHuaweiCameraOptions extends SimulatorServerOptions {
  /** Default `SDC`. */
  name?: string;
  /** User, password and how the camera asks for them. */
  auth?: DigestOptions;
  /** Default: one, with the camera's name. */
  channels?: CameraChannel[];
  /** Form of the snapshot reply. Default `form-data`. */
  form?: SnapshotForm;
  /** Pictures in one reply. Default 1. */
  pictures?: number;
  /** Size and quality of the pictures. */
  scene?: Omit<SceneOptions, 'name'>;
  /** Bytes that each picture has at least. Default: as large as it comes. */
  pictureBytes?: number;
  /** Takes the picture in place of the scene; `index` counts from 0 within a reply. */
  takePicture?: (channel: Required<CameraChannel>, at: Date, index: number) => Buffer;
  /** JSON errors with their three fields inside `ResponseStatus` or bare. Default `nested`. */
  errorForm?: 'nested' | 'flat';
  /** HTTP status of a JSON error. Default 200. */
  errorStatus?: number;
}

const API = '/SDCAPI/V1.0';
const SNAP_ACTION = `${API}/Storage/Snapshot/SnapAction`;

/** No public source tells the camera's own numbers; clients must only see that they are not 0. */
const STATUS = { unauthorized: 1, notFound: 2, badRequest: 3, unknownChannel: 4, refused: 5, failed: 6 };

export const CAMERA_FAULTS: readonly Fault[] = [
  ...SERVER_FAULTS,
  { name: 'wrong-password', text: text('Refuses the password') },
  { name: 'stale-nonces', text: text('Forgets each nonce after one request') },
  { name: 'always-stale', text: text('Calls every nonce stale') },
  { name: 'refuse', text: text('Refuses to take a picture (JSON error)') },
  { name: 'frozen', text: text('Shows the same moment again and again') },
  { name: 'truncated', text: text('Breaks off in the middle of the pictures') },
  { name: 'unfinished', text: text('Ends the reply in the middle of the pictures') },
];

export class SimulatedHuaweiCamera extends SimulatorServer {
  readonly faults = CAMERA_FAULTS;
  readonly channels: ReadonlyArray<Required<CameraChannel>>;
  private readonly guard: DigestGuard;
  private readonly scenes = new Map<string, Scene>();
  /** The moment that a frozen camera shows. */
  private frozenAt: Date | undefined;

  constructor(private readonly options: SimulatedHuaweiCameraOptions = {}) {
    super(options.name ?? 'SDC', options);
    const { channels = [{ name: options.name ?? 'SDC' }] } = options;
    this.channels = channels.map(({ name, uuid = uuidOf(name), id }, index) => ({
      name,
      uuid,
      id: id ?? 101 + index,
    }));
    this.guard = new DigestGuard(options.auth ?? {}, () => this.now());
  }

  protected async answer(exchange: Exchange): Promise<Reply> {
    const fault = this.meetFault();
    const spoilt = await this.spoil(fault);
    if (spoilt) return spoilt;
    const verdict = this.judge(exchange, fault);
    this.count(verdict.result);
    if (verdict.result !== 'granted') {
      const reply = this.error(exchange, STATUS.unauthorized, 'Unauthorized', 401);
      return { ...reply, headers: { ...reply.headers, ...verdict.headers } };
    }
    const reply = await this.call(exchange, fault);
    return { ...reply, headers: { ...reply.headers, ...verdict.headers } };
  }

  protected errorReply(status = 503): Reply {
    return jsonReply(status, statusFields('', STATUS.failed, 'Internal error'));
  }

  private judge(exchange: Exchange, fault: ActiveFault | undefined) {
    const { method, target, body, headers } = exchange;
    const verdict = this.guard.judge({ method, target, body, authorization: headers.authorization });
    if (verdict.result !== 'granted') return verdict;
    switch (fault?.name) {
      case 'wrong-password':
        return this.guard.refuse();
      case 'always-stale':
        return { result: 'stale' as const, headers: this.guard.challenges(true) };
      case 'stale-nonces':
        this.guard.forget();
        return verdict;
      default:
        return verdict;
    }
  }

  private call(exchange: Exchange, fault: ActiveFault | undefined): Reply | Promise<Reply> {
    switch (`${exchange.method} ${exchange.path}`) {
      case `POST ${SNAP_ACTION}`:
        return this.snapAction(exchange, fault);
      case `GET ${API}/Rest/DeviceID`:
        return jsonReply(200, {
          IDs: this.channels.map(({ uuid, id }) => ({ UUID: uuid, deviceID: String(id) })),
        });
      case `GET ${API}/CnsPaas/ChnQury`:
        return jsonReply(200, { CnsChnParam: this.channels.map(channelEntry) });
      case `GET ${API}/MiscIaas/System`:
        return jsonReply(200, { softVersion: 'SDC 9.0.0 (simulated)', ESN: '2102000000SIMULATED0' });
      default:
        return exchange.path === SNAP_ACTION
          ? this.error(exchange, STATUS.badRequest, 'Method not allowed', 405)
          : this.error(exchange, STATUS.notFound, 'No such interface', 404);
    }
  }

  private async snapAction(exchange: Exchange, fault: ActiveFault | undefined): Promise<Reply> {
    // Cameras ask for a Content-Length (protocol-facts §1.3) and read JSON by its label.
    if (exchange.headers['content-length'] === undefined) {
      return this.error(exchange, STATUS.badRequest, 'Content-Length required', 411);
    }
    if (!/^application\/json\b/i.test(exchange.headers['content-type'] ?? '')) {
      return this.error(exchange, STATUS.badRequest, 'Content-Type must be application/json', 415);
    }
    const wanted = fieldsOf(exchange.body);
    if (!wanted) return this.error(exchange, STATUS.badRequest, 'Invalid JSON');
    const channel = this.channels.find((one) => one.uuid === wanted['UUID']);
    if (!channel) return this.error(exchange, STATUS.unknownChannel, 'Invalid UUID');
    // 0 is what a client sends that leaves it unset.
    const { channelID = 0 } = wanted;
    if (channelID !== 0 && channelID !== channel.id) {
      return this.error(exchange, STATUS.unknownChannel, 'Invalid channelID');
    }
    if (fault?.name === 'refuse') return this.error(exchange, STATUS.refused, 'Snapshot failed');
    this.frozenAt = fault?.name === 'frozen' ? (this.frozenAt ?? new Date(this.now())) : undefined;
    return cut(await this.snapshot(channel), fault);
  }

  private async snapshot(channel: Required<CameraChannel>): Promise<Reply> {
    const { form = 'form-data', pictures: wanted = 1 } = this.options;
    const at = this.frozenAt ?? new Date(this.now());
    const stamp = at.toISOString().replace(/\D/g, '').slice(0, 14);
    const pictures: SnapshotPicture[] = [];
    for (let index = 0; index < wanted; index++) {
      // Others get their turn between two encodings.
      if (index > 0) await nextTurn();
      const jpeg = this.takePicture(channel, at, index, wanted);
      pictures.push({ filename: `${channel.id}_${stamp}_${index + 1}.jpg`, jpeg });
    }
    this.count('snapshots');
    const meta = {
      ...statusFields(SNAP_ACTION, 0, 'OK'),
      UUID: channel.uuid,
      channelID: channel.id,
      time: at.toISOString(),
    };
    return snapshotReply(form, meta, pictures);
  }

  private takePicture(channel: Required<CameraChannel>, at: Date, index: number, of: number): Buffer {
    const { takePicture, scene: look, pictureBytes } = this.options;
    if (takePicture) return takePicture(channel, at, index);
    const scene = this.scenes.get(channel.uuid) ?? new Scene({ ...look, name: channel.name });
    this.scenes.set(channel.uuid, scene);
    const caption = of > 1 ? `${index + 1}/${of}` : '';
    return scene.picture({ at, caption, ...(pictureBytes !== undefined && { bytes: pictureBytes }) });
  }

  private error(exchange: Exchange, code: number, words: string, status?: number): Reply {
    const { errorForm = 'nested', errorStatus = 200 } = this.options;
    const nested = statusFields(exchange.path, code, words);
    return jsonReply(status ?? errorStatus, errorForm === 'nested' ? nested : nested.ResponseStatus);
  }
}

function statusFields(path: string, code: number, words: string) {
  return { ResponseStatus: { RequestURL: path, StatusCode: code, StatusString: words } };
}

/** `channelId` is a string here and a number in SnapAction (protocol-facts §1.1 rows 1 and 10). */
function channelEntry({ name, uuid, id }: Required<CameraChannel>) {
  const attrList = { name, desc: name, location: '', imaging_tech: 'visible', channelId: String(id) };
  return { uuid, attrList, funcList: [] };
}

function fieldsOf(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
