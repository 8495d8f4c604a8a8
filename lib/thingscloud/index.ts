export { endpointUrl } from './address';
export {
  ThingsCloudProject,
  UPLOAD_PACE_MS,
  type AttributeReport,
  type CallOptions,
  type PictureUpload,
  type ThingsCloudOptions,
  type Uploaded,
} from './project';
export type { Answer } from './reply';
