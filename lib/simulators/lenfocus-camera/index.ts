export { album, type Photographer, type Subject } from './album';
export { SimulatedLenfocusCamera, type CameraRequest, type SimulatedLenfocusCameraOptions } from './camera';
export { LENFOCUS_FAULTS, type LenfocusFault } from './faults';
export { SimulatedLenfocusFleet, type SimulatedLenfocusFleetOptions } from './fleet';
export type { SignatureForm } from './identity';
export type { PushReply } from './pusher';
export type { HttpReport, PersonSeen, ReportStyle, VehicleSeen } from './reports';
