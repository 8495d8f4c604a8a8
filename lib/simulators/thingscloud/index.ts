export { CLOUD_FAULTS, ThingsCloud, type ThingsCloudOptions } from './cloud';
export { ERRCODES, type Errcode, type ReportErrcode } from './errcodes';
export type { AttributeType, CloudDevice, CloudProject } from './project';
export type { StoredPicture } from './store';
