export {
  SimulatedHttpStore,
  STORE_FAULTS,
  type SimulatedHttpStoreOptions,
  type StoredFile,
} from './http-store';
export {
  SimulatedSnapshotCamera,
  SNAPSHOT_CAMERA_FAULTS,
  type SimulatedSnapshotCameraOptions,
} from './snapshot-camera';
export {
  PUSHING_FAULTS,
  SimulatedPushingCameras,
  type SimulatedPushingCamerasOptions,
} from './pushing-camera';
