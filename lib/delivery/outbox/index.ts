/** The outbox on disk. An entry of its own, so that who sends from memory alone does not load it. */
export type { Entry } from './entry';
export { FolderStore, type FolderStoreOptions } from './folder-store';
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
} from './options';
export { Outbox } from './outbox';
export type { OverflowPolicy } from './overflow';
export type { Parcel } from './parcel';
export { Seal } from './seal';
export type { Reason } from './reason';
export type { DeadLetter, EntryFacts, Store, StoreEvents } from './store';
