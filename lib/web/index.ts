/** Pictures over plain HTTP: fetched from any camera, taken from any camera that pushes, sent to any store. */
export { WebCamera, type Probe, type SnapshotCall, type WebCameraOptions } from './camera';
export type { Login } from './login';
export { PRESETS, type Preset } from './presets';
export type { DeviceChoice } from './receiver/device';
export type { ReceiverLogin } from './receiver/gate';
export { DEFAULT_RECEIVER_LIMITS, type ReceiverLimits } from './receiver/limits';
export {
  PictureReceiver,
  type ReceiverOptions,
  type ReceiverState,
  type RefusedRequest,
} from './receiver/receiver';
export { WebTarget, type WebAnswer, type WebJob, type WebTargetOptions } from './web-target';
