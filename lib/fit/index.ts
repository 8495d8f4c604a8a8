/** Brings pictures under a byte limit, pixel limits, into another format; crops, turns, covers and stamps them. */
export { fit, type FitCall } from './fit';
export type { Area, Corner, FitOptions, Mask, MetadataChoice, Stamp, TargetFormat } from './options';
export type { FitReport, Fitted } from './report';
export { Workshop, type WorkshopOptions } from './workshop';
