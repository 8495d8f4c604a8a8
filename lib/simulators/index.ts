/** The other side of each protocol, to run and test without hardware or account. */
import { CAMERA_FAULTS, SimulatedHuaweiCamera, type SimulatedHuaweiCameraOptions } from './huawei-camera';
import type { Fault, Simulator } from './simulator';
import { CLOUD_FAULTS, SimulatedThingsCloud, type SimulatedThingsCloudOptions } from './thingscloud';

export { selfSignedCertificate, type CertificateOptions, type SelfSigned } from './certificate';
export { SimulatedHuaweiCamera, type SimulatedHuaweiCameraOptions } from './huawei-camera';
export { padJpeg, Scene, type PictureWish, type SceneOptions } from './scene';
export type { Fault, FaultOptions, Simulator, SimulatorAddress } from './simulator';
export { SimulatedThingsCloud, type SimulatedThingsCloudOptions } from './thingscloud';

/** The options of each simulator, by its name. */
export interface SimulatorOptions {
  'huawei-camera': SimulatedHuaweiCameraOptions;
  thingscloud: SimulatedThingsCloudOptions;
}

export type SimulatorName = keyof SimulatorOptions;

export interface SimulatorKind<Options> {
  create(options?: Options): Simulator;
  /** Known before one is made, for the editor. */
  readonly faults: readonly Fault[];
}

export const simulators: { readonly [Name in SimulatorName]: SimulatorKind<SimulatorOptions[Name]> } = {
  'huawei-camera': { create: (options) => new SimulatedHuaweiCamera(options), faults: CAMERA_FAULTS },
  thingscloud: { create: (options) => new SimulatedThingsCloud(options), faults: CLOUD_FAULTS },
};
