/** The device behind the socket: what it answers to each uri, and what it remembers. */
import { FaceLibrary } from './face-library';
import { NO_SUCH_PATH, OK, type Answer, type Params } from './pages';
import { DeviceSettings } from './settings';
import { Storage } from './storage';

export interface DeviceOptions {
  /** Milliseconds since 1970. */
  now: number;
  videos: number;
  /** Uris that this firmware does not know: answered 404. */
  unknownUris: readonly string[];
  /** `/system/maintain/reboot`: in so many milliseconds. */
  onReboot: (delayMs: number) => void;
  /** `/system/maintain/update_ota`. */
  onUpdate: () => void;
}

export class Device {
  readonly settings = new DeviceSettings();
  readonly storage: Storage;
  readonly faces: FaceLibrary;
  private readonly operations: Readonly<Record<string, (param: Params) => Answer>>;

  constructor(private readonly options: DeviceOptions) {
    const storage = new Storage(options.now, options.videos);
    const faces = new FaceLibrary((path, jpeg) => storage.keepFile(path, jpeg));
    const { settings } = this;
    this.storage = storage;
    this.faces = faces;
    this.operations = {
      '/ivp/facecap_param_set': (param) => settings.setFace(param),
      '/ivp/person_param_set': (param) => settings.setFace(param),
      '/storage/record_set': (param) => settings.setRecording(param),
      '/storage/record_by_month': (param) => storage.videosPerMonth(param),
      '/storage/get_record_list': (param) => storage.videoList(param),
      '/storage/get_file_by_path': (param) => storage.readFile(param),
      '/system/maintain/reboot': (param) => this.reboot(param),
      '/system/maintain/update_ota': () => this.update(),
      '/ivp/face/get_cap_history': (param) => storage.faceCaptures(param),
      '/person/get_cap_history': (param) => storage.pedestrianCaptures(param),
      '/person/add': (param) => faces.add(param),
      '/person/list': (param) => faces.list(param),
      '/person/query': (param) => faces.query(param),
      '/person/delete': (param) => faces.delete(param),
      '/person/search': (param) => storage.searchByPicture(param),
      '/person/update': (param) => faces.update(param),
      '/person/clear': () => faces.clear(),
    };
  }

  answer(uri: string, param: Params): Answer {
    const operation = Object.hasOwn(this.operations, uri) ? this.operations[uri] : undefined;
    if (!operation || this.options.unknownUris.includes(uri)) return NO_SUCH_PATH;
    return operation(param);
  }

  private reboot({ delay_ms }: Params): Answer {
    this.options.onReboot(typeof delay_ms === 'number' ? delay_ms : 0);
    return OK;
  }

  private update(): Answer {
    this.options.onUpdate();
    return { code: 200, msg: 'OK' };
  }
}
