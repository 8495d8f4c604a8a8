/** What the simulated AssetsControls remembers: users, assets, and the files that instructions made. */
import { randomUUID } from 'node:crypto';
import { Scene } from '../scene';

export interface SimulatedUser {
  name: string;
  password: string;
  /** The same for years in the real cloud. Default: made. */
  token?: string;
  /** Default false. */
  expired?: boolean;
}

export interface SimulatedAsset {
  /** Number on its label. */
  number: string;
  /** Default: made. */
  guid?: string;
  /** Default: the number. */
  name?: string;
  /** Default true. */
  online?: boolean;
  /** Knows the instruction `CAMERA,9,4`. Default true. */
  hasCamera?: boolean;
}

export interface MediaFile {
  name: string;
  /** 1 picture, 2 audio, 3 video. */
  type: number;
  data: Buffer;
}

/** What one instruction made, as an alarm or a lock record holds it. */
export interface MediaRecord {
  guid: string;
  /** `<number>_<seconds since 1970>` */
  stem: string;
  files: MediaFile[];
}

export class Asset {
  readonly guid: string;
  readonly number: string;
  readonly name: string;
  /** The camera works until then (milliseconds since 1970). */
  busyUntil = 0;
  private readonly scene: Scene;

  constructor(readonly settings: SimulatedAsset) {
    this.guid = settings.guid ?? randomUUID();
    this.number = settings.number;
    this.name = settings.name ?? settings.number;
    this.scene = new Scene({ name: this.number });
  }

  picture(at: number, caption: string): Buffer {
    return this.scene.picture({ at: new Date(at), caption });
  }
}

/** Records kept. */
const KEEP = 200;

export class World {
  readonly users: Required<SimulatedUser>[];
  readonly assets: Asset[];
  readonly records: MediaRecord[] = [];

  constructor(users: readonly SimulatedUser[], assets: readonly SimulatedAsset[]) {
    this.users = users.map((user) => ({ token: randomUUID(), expired: false, ...user }));
    this.assets = assets.map((asset) => new Asset(asset));
  }

  addRecord(stem: string, files: MediaFile[]): MediaRecord {
    const record = { guid: randomUUID(), stem, files };
    this.records.push(record);
    if (this.records.length > KEEP) this.records.shift();
    return record;
  }
}
