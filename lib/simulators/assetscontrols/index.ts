export { ASSETSCONTROLS_FAULTS, SimulatedAssetsControls, type SimulatedAssetsControlsOptions } from './cloud';
export type { MediaRecord, SimulatedAsset, SimulatedUser } from './world';
