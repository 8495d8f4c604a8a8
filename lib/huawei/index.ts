export { HuaweiCamera, type CallOptions, type HuaweiCameraOptions } from './camera';
export type { HuaweiChannel } from './channels';
export { PartialSnapshotError, wholePicturesOf } from '../picture/partial-snapshot';
export type { SnapshotRequest } from './snapshot-request';
export type { HuaweiSystemInfo } from './system-info';
