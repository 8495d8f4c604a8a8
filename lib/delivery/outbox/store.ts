/**
 * Where an outbox keeps its pictures. The folder is the default; an engine that several Node-REDs share can take its
 * place: it gives each lane to one of them, announces with `arrived` what this one is to send, and answers `take`
 * with undefined when another one has it.
 */
import type { SnapflowError } from '../../errors';
import type { Entry } from './entry';
import type { Parcel } from './parcel';
import type { Reason } from './reason';

/** What the caller knows of a picture; the store adds order and time. */
export type EntryFacts = Pick<Entry, 'lane' | 'pictureId' | 'alarm' | 'difference'>;

export interface DeadLetter {
  entry: Entry;
  reason: Reason | undefined;
}

export interface StoreEvents {
  /** Something waits that was not added here: left from before, or added by somebody who shares the store. */
  arrived(entry: Entry): void;
  /** A file was torn, or none of ours; it was put aside under this name and stops nothing. */
  setAside(name: string): void;
  /** A dead letter went because there were too many. */
  forgotten(entry: Entry): void;
}

/** Every method rejects with a `SnapflowError` that says what is wrong with the disk, and can be called again. */
export interface Store<Meta> {
  /** Takes hold of the store and announces what waits, in order. Rejects with `BAD_INPUT` when another owner has it. */
  open(events: StoreEvents): Promise<void>;
  /** Keeps a picture; resolves only when it would survive a power cut. Its `id` is decided within the call. */
  add(facts: EntryFacts, parcel: Parcel<Meta>): Promise<Entry>;
  /** Reads a picture when its turn comes; undefined when it is not there any more. */
  take(entry: Entry): Promise<Parcel<Meta> | undefined>;
  /** Ends a picture: removed, or with a reason made a dead letter. */
  settle(entry: Entry, reason?: SnapflowError): Promise<void>;
  /** Dead letters, oldest first, with their reasons. */
  deadLetters(): Promise<DeadLetter[]>;
  readonly dead: { items: number; bytes: number };
  /** Makes a dead letter wait again, as the newest of its lane; undefined when there is none with this id. */
  revive(id: number): Promise<Entry | undefined>;
  /** Removes a dead letter; false when there is none with this id. */
  dropDead(id: number): Promise<boolean>;
  /** Reads a dead letter; undefined when there is none with this id. */
  readDead(id: number): Promise<Parcel<Meta> | undefined>;
  /** Gives a sign of life. Rejects when the store cannot be used; with `BAD_INPUT` when it belongs to somebody else now. */
  tend(): Promise<void>;
  /** Lets go of the store, also while it is being opened. Never rejects. */
  close(): Promise<void>;
}
