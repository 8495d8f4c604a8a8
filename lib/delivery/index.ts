/** Lanes in memory, and what the outbox (`./outbox`) shares with them. */
export type { BackoffOptions } from './backoff';
export type { BoundsOptions } from './bounds';
export type { DispatchOptions } from './dispatch-options';
export type { Attempt } from './work';
export { classifyFailure, type FailureClass } from './failure';
export { laneKey } from './lane-key';
export { Lanes, type LanesOptions } from './lanes';
export { retryAfterMs } from './retry-after';
export { SharedPace } from './shared-pace';
export type { SendOptions } from './sender';
export type { DeliveryState, HeldLane } from './state';
export type { Delivered } from './ticket';
