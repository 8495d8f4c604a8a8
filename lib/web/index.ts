/** Pictures over plain HTTP: fetched from any camera, taken from any camera that pushes, sent to any store. */
export { WebCamera, type Probe, type SnapshotCall, type WebCameraOptions } from './camera';
export type { Login } from './login';
export { PRESETS, type Preset } from './presets';
