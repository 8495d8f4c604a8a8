export {
  CAMERA_FAULTS,
  SimulatedHuaweiCamera,
  type CameraChannel,
  type SimulatedHuaweiCameraOptions,
} from './camera';
export type { DigestOptions } from '../digest';
export { SNAPSHOT_FORMS, type SnapshotForm } from './snapshot-reply';
