import type { SnapflowError } from '../../errors';
import type { BoundsOptions } from '../bounds';
import type { DispatchOptions } from '../dispatch-options';
import type { SendOptions } from '../sender';
import type { DeliveryState } from '../state';
import type { Delivered } from '../ticket';
import type { Entry } from './entry';
import type { OverflowPolicy } from './overflow';
import type { Parcel } from './parcel';
import type { Reason } from './reason';
import type { Store } from './store';

/** What is known of a picture that is added. */
export interface PictureFacts {
  /** By which duplicates are counted. Default: a hash of the bytes. */
  pictureId?: string;
  /** Alarms are the last to go when there is no room. Default false. */
  alarm?: boolean;
  /** How much it differs from the one before it, 0 (not at all) to 1. Default 0.5. */
  difference?: number;
}

/** A picture on its way out. */
export interface Outgoing<Meta> extends Parcel<Meta> {
  entry: Entry;
  /** It may have been sent before: by an earlier process, or before it became a dead letter. */
  again: boolean;
}

export interface OutboxOptions<Meta, Result>
  extends DispatchOptions, BoundsOptions, SendOptions<Outgoing<Meta>, Result> {
  /** Where pictures are kept, such as a `FolderStore`. */
  store: Store<Meta>;
  /** Pictures that may wait, those being sent included. Default 20 000. */
  maxItems?: number;
  /** Bytes of those. Default 1 073 741 824 (1 GiB). */
  maxBytes?: number;
  /** What happens when there is no room for one more. Default `refuse`. */
  overflow?: OverflowPolicy;
  /** Milliseconds that running sends get at close before they are aborted. Default 3 000. */
  drainMs?: number;
  /** What must never be written: each of these is replaced by `***` in what is stored beside a picture. */
  secrets?: () => readonly string[];
  /** A picture was delivered, also one that was accepted before a restart. */
  onDelivered?: (event: DeliveredEvent<Meta, Result>) => void;
  /** A picture was given up (it is a dead letter now), or is stored at the platform but not all was done. */
  onFailed?: (event: FailedEvent<Meta>) => void;
  /** A picture went without being sent. */
  onDropped?: (event: DroppedEvent) => void;
  /** A file was put aside under this name: torn, or none of ours. */
  onSetAside?: (name: string) => void;
  /** Called after changes, at most once per turn of the event loop. */
  onState?: (state: OutboxState) => void;
}

export interface DeliveredEvent<Meta, Result> extends Delivered<Result> {
  entry: Entry;
  meta: Meta;
}

export interface FailedEvent<Meta> {
  /** `dead`: given up; `partly-done`: stored at the platform, never sent again. */
  kind: 'dead' | 'partly-done';
  entry: Entry;
  /** Undefined when the picture's file could not be read. */
  meta: Meta | undefined;
  error: SnapflowError;
}

export interface DroppedEvent {
  /**
   * - `overflow`: to make room for a newer one
   * - `forgotten`: a dead letter, to make room for a newer one
   * - `lost`: somebody removed its file, or it is damaged and was put aside
   */
  kind: 'overflow' | 'forgotten' | 'lost';
  entry: Entry;
}

/** What this outbox counted since it was made. */
export interface OutboxCounters {
  accepted: number;
  delivered: number;
  partlyDone: number;
  /** Given up. */
  dead: number;
  /** Gone without being sent: for want of room, by hand, or lost. */
  dropped: number;
  /** Files put aside: torn, or none of ours. */
  setAside: number;
}

export interface OutboxState extends DeliveryState {
  /** Whether the store is open: pictures are accepted. */
  open: boolean;
  /** What is wrong with the store; it is tried again by itself. */
  problem?: SnapflowError;
  dead: { items: number; bytes: number };
  /** Pictures that have ended, which the disk did not let us remove yet. */
  unsettled: number;
  counters: OutboxCounters;
}

/** One line of the outbox's list. */
export interface ListedPicture {
  entry: Entry;
  /** `retrying`: the first of its lane failed and will be sent again; the others of a lane are `waiting` or `held`. */
  status: 'waiting' | 'sending' | 'retrying' | 'held' | 'dead';
  /** Attempts since the start of this process. */
  attempts: number;
  /** Why it is not delivered, as far as somebody told. */
  reason?: Reason;
}
