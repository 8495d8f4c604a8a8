export { ONENET_FAULTS, SimulatedOnenet, type SimulatedOnenetOptions } from './cloud';
export type { SimulatedDevice, SimulatedChannel, StoredPicture, StoredVideo } from './world';
