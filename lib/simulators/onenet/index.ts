export { ONENET_FAULTS, OnenetCloud, type OnenetCloudOptions } from './cloud';
export type { SimulatedDevice, SimulatedChannel, StoredPicture, StoredVideo } from './world';
