/** What the simulated platform remembers. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { PictureFormat } from '../../picture';
import { missing } from './answers';
import { Camera, type FrameDialect } from './camera';

export interface SimulatedChannel {
  id: number;
  /** Default: `ch<id>`. */
  title?: string;
}

export interface SimulatedDevice {
  id: string;
  /** Default: the id. */
  title?: string;
  /** Default true. */
  online?: boolean;
  /** Key for this device alone. Default: none. */
  key?: string;
  /** Default: one, number 1. */
  channels?: SimulatedChannel[];
  /** Milliseconds from a command to the device's answer. Default 300; 0: within the request. */
  answerMs?: number;
  /** How it reads command frames. Default `sdk`. */
  reads?: FrameDialect;
  /** Whether it knows the snapshot command of the later edition. Default true. */
  takesSnapshots?: boolean;
}

export interface StoredPicture {
  name: string;
  format: 'jpg' | 'png';
  data: Buffer;
  description: string;
  /** Milliseconds since 1970; the platform tells whole seconds. */
  takenAt: number;
  /** The platform does not show it before. */
  visibleAt: number;
  /** Part of its address, not to be guessed. */
  secret: string;
}

export interface StoredVideo {
  id: string;
  name: string;
  startedAt: number;
  endedAt: number;
  kiloBytes: number;
}

export class Channel {
  readonly pictures = new Map<string, StoredPicture>();
  readonly videos = new Map<string, StoredVideo>();
  readonly camera: Camera;
  description = '';
  enabled = true;
  /** Since when it is recorded, while it is. */
  recordingSince: number | undefined;

  constructor(
    readonly id: number,
    public title: string,
    device: string,
  ) {
    this.camera = new Camera(`${device}-${id}`);
  }

  /** The oldest go when there are more than `keep`. */
  store(picture: Omit<StoredPicture, 'secret'>, keep: number): void {
    this.pictures.set(picture.name, { ...picture, secret: randomBytes(9).toString('hex') });
    for (const name of this.pictures.keys()) {
      if (this.pictures.size <= keep) return;
      this.pictures.delete(name);
    }
  }
}

export class Device {
  readonly channels = new Map<number, Channel>();
  readonly messages: { at: number; id: number; content: Buffer }[] = [];
  /** Fixed strings that were passed through to it. */
  readonly passedThrough: Buffer[] = [];
  readonly createdAt: number;
  properties: Record<string, unknown>;

  constructor(
    readonly settings: SimulatedDevice,
    private readonly world: World,
  ) {
    const { id, title = id, channels = [{ id: 1 }] } = settings;
    this.createdAt = world.now();
    this.properties = {
      title,
      desc: '',
      private: true,
      protocol: 'RTMP',
      location: { lon: 106.55, lat: 29.53 },
    };
    for (const one of channels) {
      this.channels.set(one.id, new Channel(one.id, one.title ?? `ch${one.id}`, id));
    }
  }

  get id(): string {
    return this.settings.id;
  }

  get online(): boolean {
    return !this.world.isCutOff && (this.settings.online ?? true);
  }

  channel(id: string): Channel {
    const found = this.channels.get(Number(id));
    if (!found) throw missing('channel');
    return found;
  }
}

export interface StoredFile {
  name: string;
  content: Buffer;
  description: string;
  storedAt: number;
}

export class World {
  readonly devices = new Map<string, Device>();
  readonly files = new Map<string, StoredFile>();
  readonly encrypted = new Map<string, boolean>();
  /** No device reaches the platform. */
  isCutOff = false;
  private nextId = 500_001;

  constructor(
    devices: readonly SimulatedDevice[],
    readonly now: () => number,
  ) {
    for (const one of devices) this.add(one);
  }

  add(settings: Omit<SimulatedDevice, 'id'> & { id?: string }): Device {
    const device = new Device({ ...settings, id: settings.id ?? String(this.nextId++) }, this);
    this.devices.set(device.id, device);
    return device;
  }

  device(id: string): Device {
    const found = this.devices.get(id);
    if (!found) throw missing('device');
    return found;
  }

  /** A picture that a device sends up by itself or on demand. */
  devicePicture(
    device: Device,
    channel: Channel,
    picture: { data: Buffer; at: number; lateMs?: number },
  ): string {
    const name = `${device.id}_${channel.id}_${picture.at}_${randomUUID().slice(0, 8)}`;
    const facts = { name, data: picture.data, format: 'jpg' as const, description: '' };
    channel.store({ ...facts, takenAt: picture.at, visibleAt: this.now() + (picture.lateMs ?? 0) }, 500);
    return name;
  }
}

export const WIRE_FORMATS: Readonly<Partial<Record<PictureFormat, 'jpg' | 'png'>>> = {
  jpeg: 'jpg',
  png: 'png',
};
