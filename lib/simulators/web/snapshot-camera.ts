/**
 * Plays a camera that gives a picture when its address is fetched, as the most do: GET of any path, behind digest or
 * Basic authentication (RFC 7616, RFC 7617), the picture bare, in several parts, or as base64 in JSON.
 */
import { text } from '../../texts/mark';
import { cut } from '../cut';
import { DigestGuard, type DigestOptions } from '../digest';
import { jsonReply, type Exchange, type Reply } from '../exchange';
import { snapshotReply, type SnapshotForm } from '../huawei-camera/snapshot-reply';
import { Scene, type SceneOptions } from '../scene';
import { SERVER_FAULTS, SimulatorServer, type ActiveFault, type SimulatorServerOptions } from '../server';
import type { Fault } from '../simulator';

export interface SimulatedSnapshotCameraOptions extends SimulatorServerOptions {
  /** Default `camera`. */
  name?: string;
  /** How it asks for user and password; `false`: not at all. Default: digest and Basic, `admin` and `simulated`. */
  auth?: DigestOptions | false;
  /** Default `bare`. `json`: `{ "time": …, "image": "data:image/jpeg;base64,…" }`. */
  form?: SnapshotForm | 'json';
  /** Pictures in one reply, where its form can hold several. Default 1. */
  pictures?: number;
  /** Size and quality of the pictures. */
  scene?: Omit<SceneOptions, 'name'>;
  /** Bytes that each picture has at least. Default: as large as it comes. */
  pictureBytes?: number;
}

export const SNAPSHOT_CAMERA_FAULTS: readonly Fault[] = [
  ...SERVER_FAULTS,
  { name: 'wrong-password', text: text('Refuses the password') },
  { name: 'truncated', text: text('Breaks off in the middle of the pictures') },
  { name: 'unfinished', text: text('Ends the reply in the middle of the pictures') },
  { name: 'login-page', text: text('Answers with a page instead of a picture (HTML)') },
];

const LOGIN_PAGE = '<!doctype html><html><head><title>Web Viewer</title></head><body>Log in</body></html>\n';

export class SimulatedSnapshotCamera extends SimulatorServer {
  readonly faults = SNAPSHOT_CAMERA_FAULTS;
  private readonly guard: DigestGuard | undefined;
  private readonly scene: Scene;

  constructor(private readonly options: SimulatedSnapshotCameraOptions = {}) {
    super(options.name ?? 'camera', options);
    const { auth = {}, name = 'camera', scene } = options;
    const usual = { username: 'admin', realm: 'IP camera', basic: true };
    this.guard = auth === false ? undefined : new DigestGuard({ ...usual, ...auth }, () => this.now());
    this.scene = new Scene({ ...scene, name });
  }

  protected async answer(exchange: Exchange): Promise<Reply> {
    const fault = this.meetFault();
    const spoilt = await this.spoil(fault);
    if (spoilt) return spoilt;
    const { method, target, body, headers } = exchange;
    if (method !== 'GET') return { status: 405, headers: { allow: 'GET' } };
    const verdict = this.guard?.judge({ method, target, body, authorization: headers.authorization });
    if (verdict) this.count(verdict.result);
    if (verdict && verdict.result !== 'granted') return this.unauthorised(verdict.headers);
    if (fault?.name === 'wrong-password' && this.guard) return this.unauthorised(this.guard.refuse().headers);
    return this.pictureReply(fault);
  }

  protected errorReply(status = 500): Reply {
    return { status, headers: { 'content-type': 'text/plain' }, body: 'Internal error\n' };
  }

  private unauthorised(headers: Record<string, string | string[]>): Reply {
    return { status: 401, headers: { ...headers, 'content-type': 'text/html' }, body: LOGIN_PAGE };
  }

  private pictureReply(fault: ActiveFault | undefined): Reply {
    if (fault?.name === 'login-page') {
      return { status: 200, headers: { 'content-type': 'text/html' }, body: LOGIN_PAGE };
    }
    const { form = 'bare', pictures: count = 1, pictureBytes: bytes } = this.options;
    const at = new Date(this.now());
    const pictures = Array.from({ length: count }, (_, index) => ({
      filename: `${index + 1}.jpg`,
      jpeg: this.scene.picture({
        at,
        caption: count > 1 ? `${index + 1}/${count}` : '',
        ...(bytes !== undefined && { bytes }),
      }),
    }));
    this.count('snapshots');
    const image = `data:image/jpeg;base64,${pictures[0]?.jpeg.toString('base64')}`;
    const reply =
      form === 'json'
        ? jsonReply(200, { time: at.toISOString(), image })
        : snapshotReply(form, { time: at.toISOString() }, pictures);
    return cut(reply, fault);
  }
}
