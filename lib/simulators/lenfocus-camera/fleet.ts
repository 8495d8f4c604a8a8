/** Many simulated cameras in one process, with one photographer between them. */
import { EventEmitter, once } from 'node:events';
import type { Fault, FaultOptions, Simulator, SimulatorAddress } from '../simulator';
import { album } from './album';
import { SimulatedLenfocusCamera, type CameraRequest, type SimulatedLenfocusCameraOptions } from './camera';
import { LENFOCUS_FAULTS } from './faults';

export interface SimulatedLenfocusFleetOptions extends Omit<SimulatedLenfocusCameraOptions, 'sn'> {
  /** Default 10. */
  count?: number;
  /** Start of the SNs; a number of 12 digits in all follows. Default `SIM`. */
  snPrefix?: string;
}

export class SimulatedLenfocusFleet extends EventEmitter<{ request: [CameraRequest] }> implements Simulator {
  readonly faults: readonly Fault[] = LENFOCUS_FAULTS;
  readonly cameras: readonly SimulatedLenfocusCamera[];
  private activeFault: string | undefined;

  constructor({ count = 10, snPrefix = 'SIM', ...options }: SimulatedLenfocusFleetOptions) {
    super();
    const takePicture = options.takePicture ?? album(snPrefix, options.sceneBytes);
    this.cameras = Array.from({ length: count }, (_, index) => {
      const sn = snPrefix + String(index + 1).padStart(12, '0');
      const camera = new SimulatedLenfocusCamera({ ...options, takePicture, sn });
      camera.on('request', (request) => this.emit('request', request));
      return camera;
    });
  }

  get fault(): string | undefined {
    return this.activeFault;
  }

  /** Those that the server let in. */
  get online(): number {
    return this.cameras.filter((camera) => camera.online).length;
  }

  /** The sums of all cameras. */
  get counters(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { counters } of this.cameras) {
      for (const [name, count] of Object.entries(counters)) sums[name] = (sums[name] ?? 0) + count;
    }
    return sums;
  }

  async start(): Promise<SimulatorAddress> {
    const [address] = await Promise.all(this.cameras.map((camera) => camera.start()));
    return address ?? { url: '', port: 0 };
  }

  /** Resolves when every camera is let in. */
  async allOnline(): Promise<void> {
    for (const camera of this.cameras) if (!camera.online) await once(camera, 'online');
  }

  async stop(): Promise<void> {
    await Promise.all(this.cameras.map((camera) => camera.stop()));
  }

  async setFault(name?: string, options?: FaultOptions): Promise<void> {
    await Promise.all(this.cameras.map((camera) => camera.setFault(name, options)));
    this.activeFault = name;
  }
}
