export { CAMERA_FAULTS, HuaweiCamera, type CameraChannel, type HuaweiCameraOptions } from './camera';
export type { DigestOptions } from './digest';
export { SNAPSHOT_FORMS, type SnapshotForm } from './snapshot-reply';
