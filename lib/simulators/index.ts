/** The other side of each protocol, to run and test without hardware or account. */
import {
  ASSETSCONTROLS_FAULTS,
  SimulatedAssetsControls,
  type SimulatedAssetsControlsOptions,
} from './assetscontrols';
import { CAMERA_FAULTS, SimulatedHuaweiCamera, type SimulatedHuaweiCameraOptions } from './huawei-camera';
import {
  LENFOCUS_FAULTS,
  SimulatedLenfocusFleet,
  type SimulatedLenfocusFleetOptions,
} from './lenfocus-camera';
import { ONENET_FAULTS, SimulatedOnenet, type SimulatedOnenetOptions } from './onenet';
import type { Fault, Simulator } from './simulator';
import { CLOUD_FAULTS, SimulatedThingsCloud, type SimulatedThingsCloudOptions } from './thingscloud';
import {
  PUSHING_FAULTS,
  SimulatedHttpStore,
  SimulatedPushingCameras,
  SimulatedSnapshotCamera,
  SNAPSHOT_CAMERA_FAULTS,
  STORE_FAULTS,
  type SimulatedHttpStoreOptions,
  type SimulatedPushingCamerasOptions,
  type SimulatedSnapshotCameraOptions,
} from './web';

export { SimulatedAssetsControls, type SimulatedAssetsControlsOptions } from './assetscontrols';
export { selfSignedCertificate, type CertificateOptions, type SelfSigned } from './certificate';
export { SimulatedHuaweiCamera, type SimulatedHuaweiCameraOptions } from './huawei-camera';
export {
  SimulatedLenfocusCamera,
  SimulatedLenfocusFleet,
  type SimulatedLenfocusCameraOptions,
  type SimulatedLenfocusFleetOptions,
} from './lenfocus-camera';
export { SimulatedOnenet, type SimulatedOnenetOptions } from './onenet';
export { padJpeg, Scene, type PictureWish, type SceneOptions } from './scene';
export type { Fault, FaultOptions, Simulator, SimulatorAddress } from './simulator';
export { SimulatedThingsCloud, type SimulatedThingsCloudOptions } from './thingscloud';
export {
  SimulatedHttpStore,
  SimulatedPushingCameras,
  SimulatedSnapshotCamera,
  type SimulatedHttpStoreOptions,
  type SimulatedPushingCamerasOptions,
  type SimulatedSnapshotCameraOptions,
} from './web';

/** The options of each simulator, by its name. */
export interface SimulatorOptions {
  'huawei-camera': SimulatedHuaweiCameraOptions;
  thingscloud: SimulatedThingsCloudOptions;
  onenet: SimulatedOnenetOptions;
  assetscontrols: SimulatedAssetsControlsOptions;
  'lenfocus-camera': SimulatedLenfocusFleetOptions;
  'snapshot-camera': SimulatedSnapshotCameraOptions;
  'pushing-camera': SimulatedPushingCamerasOptions;
  'http-store': SimulatedHttpStoreOptions;
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
  onenet: { create: (options) => new SimulatedOnenet(options), faults: ONENET_FAULTS },
  assetscontrols: {
    create: (options) => new SimulatedAssetsControls(options),
    faults: ASSETSCONTROLS_FAULTS,
  },
  'lenfocus-camera': {
    create: (options) =>
      new SimulatedLenfocusFleet({ server: 'http://127.0.0.1:8090', count: 1, ...options }),
    faults: LENFOCUS_FAULTS,
  },
  'snapshot-camera': {
    create: (options) => new SimulatedSnapshotCamera(options),
    faults: SNAPSHOT_CAMERA_FAULTS,
  },
  'pushing-camera': {
    create: (options) => new SimulatedPushingCameras({ server: 'http://127.0.0.1:8091', ...options }),
    faults: PUSHING_FAULTS,
  },
  'http-store': { create: (options) => new SimulatedHttpStore(options), faults: STORE_FAULTS },
};
