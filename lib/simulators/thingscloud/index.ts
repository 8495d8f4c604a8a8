export { CLOUD_FAULTS, SimulatedThingsCloud, type SimulatedThingsCloudOptions } from './cloud';
export { ERRCODES, type Errcode, type ReportErrcode } from './errcodes';
export type { AttributeType, CloudDevice, CloudProject } from './project';
export type { StoredPicture } from './store';
