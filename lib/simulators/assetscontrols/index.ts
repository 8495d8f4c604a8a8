export { ASSETSCONTROLS_FAULTS, AssetsControlsCloud, type AssetsControlsCloudOptions } from './cloud';
export type { MediaRecord, SimulatedAsset, SimulatedUser } from './world';
