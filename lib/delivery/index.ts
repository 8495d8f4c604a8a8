export type { BackoffOptions } from './backoff';
export type { BoundsOptions } from './bounds';
export type { DispatchOptions } from './dispatch-options';
export type { Attempt } from './dispatcher';
export { classifyFailure, type FailureClass } from './failure';
export { laneKey } from './lane-key';
export { Lanes, type LanesOptions } from './lanes';
export { retryAfterMs } from './retry-after';
export type { SendOptions } from './sender';
export type { DeliveryState, HeldLane } from './state';
export type { Delivered } from './ticket';
export type { Entry } from './outbox/entry';
export { FolderStore, type FolderStoreOptions } from './outbox/folder-store';
export type {
  DeliveredEvent,
  DroppedEvent,
  FailedEvent,
  ListedPicture,
  OutboxCounters,
  OutboxOptions,
  OutboxState,
  Outgoing,
  PictureFacts,
} from './outbox/options';
export { Outbox } from './outbox/outbox';
export type { OverflowPolicy } from './outbox/overflow';
export type { Parcel } from './outbox/parcel';
export { Seal } from './outbox/seal';
export type { Reason } from './outbox/reason';
export type { DeadLetter, EntryFacts, Store, StoreEvents } from './outbox/store';
