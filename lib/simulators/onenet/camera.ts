/**
 * A simulated camera behind the platform: it moves, zooms, takes pictures that show it, and reads command frames as
 * strictly as the device SDKs do (protocol-facts §2.1): `type`, `cmdId` and `cmd` must be there, and in PTZ frames
 * every key.
 */
import { Scene } from '../scene';

/** Where it looks for the movement of a PTZ frame and for the channel. */
export type FrameDialect = 'document' | 'sdk' | 'later';

/** Codes that the device SDKs answer with. */
export const DeviceCode = { ok: 0, noChannel: 1, unsupported: 4, faulty: 5 } as const;

export interface Frame {
  cmdId: number;
  channelId: number;
  cmd: Record<string, unknown>;
}

/** A frame that a device of that dialect understands; undefined when it does not. */
export function readFrame(body: Buffer, dialect: FrameDialect): Frame | undefined {
  try {
    const frame = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    const { type, cmdId, cmd } = frame;
    if (typeof cmd !== 'object' || cmd === null || typeof cmdId !== 'number') return undefined;
    // The later edition leaves the type out and has the channel beside `cmd`; so has its snapshot in any dialect.
    const isLater = dialect === 'later' || cmdId === 32;
    if (!isLater && type !== 'video') return undefined;
    const content = cmd as Record<string, unknown>;
    const channelId = isLater ? frame['channel_id'] : content['channel_id'];
    return typeof channelId === 'number' ? { cmdId, channelId, cmd: content } : undefined;
  } catch {
    return undefined;
  }
}

interface Step {
  pan?: number;
  tilt?: number;
  zoom?: number;
  focus?: number;
  iris?: number;
}

/** `cmdV` of the document, with the diagonals of the later edition. */
const STEPS: Readonly<Record<number, Step>> = {
  1: { zoom: 1 },
  2: { zoom: -1 },
  3: { focus: -1 },
  4: { focus: 1 },
  5: { iris: 1 },
  6: { iris: -1 },
  11: { tilt: 1 },
  12: { tilt: -1 },
  13: { pan: -1 },
  14: { pan: 1 },
  15: { pan: -1, tilt: 1 },
  16: { pan: 1, tilt: 1 },
  17: { pan: -1, tilt: -1 },
  18: { pan: 1, tilt: -1 },
  22: { pan: 1 },
};

export class Camera {
  readonly position: Required<Step> = { pan: 0, tilt: 0, zoom: 1, focus: 0, iris: 0 };
  level = 2;
  private readonly scenes = new Map<string, Scene>();

  constructor(private readonly name: string) {}

  /** @returns whether it understood the movement */
  move(cmd: Record<string, unknown>, dialect: FrameDialect): boolean {
    const { stop, speed } = cmd;
    const movement = dialect === 'document' ? cmd['cmdV'] : cmd['cmd'];
    const step = typeof movement === 'number' ? STEPS[movement] : undefined;
    const isSpeed = typeof speed === 'number' && speed >= 1 && speed <= 7;
    if (!step || !isSpeed || (stop !== 0 && stop !== 1 && stop !== 2)) return false;
    // The movement itself takes no time: start and one step turn it, stop ends what has already ended.
    if (stop === 1) return true;
    for (const [axis, amount] of Object.entries(step) as [keyof Step, number][]) {
      this.position[axis] += amount * (axis === 'pan' || axis === 'tilt' ? speed : 1);
    }
    this.position.zoom = Math.max(1, this.position.zoom);
    return true;
  }

  picture(at: number, size: { width?: number; height?: number; quality?: number } = {}): Buffer {
    const key = JSON.stringify(size);
    const scene = this.scenes.get(key) ?? new Scene({ ...size, name: this.name });
    // A few sizes are enough for a camera, and a flow must not fill the memory with scenes.
    if (this.scenes.size >= 4) this.scenes.clear();
    this.scenes.set(key, scene);
    const { pan, tilt, zoom } = this.position;
    return scene.picture({ at: new Date(at), caption: `PAN ${pan} TILT ${tilt} ZOOM ${zoom}` });
  }
}
