export {
  SimulatedSnapshotCamera,
  SNAPSHOT_CAMERA_FAULTS,
  type SimulatedSnapshotCameraOptions,
} from './snapshot-camera';
